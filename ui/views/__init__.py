"""What the command line, the page and the server show alike: comparisons, exports, reasons in words."""
