"""Features as tokens, and the networks in which they meet."""
