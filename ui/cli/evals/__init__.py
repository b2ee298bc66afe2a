"""The commands of ``tastemaker eval``."""
