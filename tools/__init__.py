"""Part of Tastemaker."""
