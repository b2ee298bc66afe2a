"""What open words mean: "gritty", "more far-fetched"."""
