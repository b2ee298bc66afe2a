"""Recommenders that rank the first candidates of another one anew, knowing the moment, the person and the items."""
