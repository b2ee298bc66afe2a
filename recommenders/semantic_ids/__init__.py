"""Semantic ids: an item as a few codes that like items share, found from its vector."""
