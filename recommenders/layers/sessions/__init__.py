"""Sessions: what was taken in one go, weighed by what memory makes of it."""
