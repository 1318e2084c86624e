"""``indicators``: what is known of the region's areas besides their shapes."""
