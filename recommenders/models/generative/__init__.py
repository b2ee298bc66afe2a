"""Models that predict an item's semantic id instead of the item."""
