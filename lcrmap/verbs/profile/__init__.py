"""``profile``: an area, or who lives near a place, beside its borough and the region."""
