"""lcrmap: maps and where-questions for the Liverpool City Region."""

__version__ = "0.1.0"
