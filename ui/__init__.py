"""The two ways in from outside Python: the command line and the chat page."""
