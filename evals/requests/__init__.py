"""Natural requests with relevance lists."""
