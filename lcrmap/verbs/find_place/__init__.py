"""``find_place``: what a text means as a place."""
