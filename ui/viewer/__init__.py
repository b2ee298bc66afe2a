"""Runs shown in a browser on this machine alone."""
