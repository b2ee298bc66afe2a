"""Studies of descriptions of items whose name is not said."""
