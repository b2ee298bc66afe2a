"""Catalogue, interactions, item texts, search and titles."""
