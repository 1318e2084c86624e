"""``near``: what is nearest to places, or within a distance of them."""
