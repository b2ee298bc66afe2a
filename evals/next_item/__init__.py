"""Next item."""
