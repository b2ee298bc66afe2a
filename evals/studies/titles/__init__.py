"""Studies of how titles are typed and found."""
