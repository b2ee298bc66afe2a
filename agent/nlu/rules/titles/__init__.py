"""Where a message names items, in full, in part, or ones that are not there."""
