"""What rerankers gain, and from what."""
