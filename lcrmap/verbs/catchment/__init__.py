"""``catchment``: what and who lies within distances of places."""
