"""What items are like: facets, how people ask for them, and how well an item answers."""
