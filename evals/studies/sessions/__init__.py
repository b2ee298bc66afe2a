"""What comes back, and what is new."""
