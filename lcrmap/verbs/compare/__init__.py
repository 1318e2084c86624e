"""``compare``: what scenarios change, for whom, and how sure that is."""
