"""The standing request as it is edited by clicks."""
