"""``gaps``: who lives farther than a distance from every feature of a layer."""
