"""Studies of the small classifiers over sentence vectors."""
