"""Parts of models that write an item's semantic id code by code."""
