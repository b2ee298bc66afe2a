"""Histories as one text: token states of items through the upper layers of a language model."""
