"""Plots as SVG elements that stand in a page."""
