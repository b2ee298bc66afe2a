"""Conversation ranker."""
