"""``map``: layers on a page."""
