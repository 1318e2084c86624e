"""``scenarios``: which scenarios there are, and everything about one."""
