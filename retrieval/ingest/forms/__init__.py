"""Forms of cells."""
