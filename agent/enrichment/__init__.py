"""What items are like, asked of a language model item by item and kept as facets."""
