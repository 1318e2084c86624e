"""``layers``: what layers there are, and everything about one."""
