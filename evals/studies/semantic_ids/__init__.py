"""What semantic ids are good for."""
