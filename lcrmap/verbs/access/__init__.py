"""``access``: how much of a layer each resident has, when others share it."""
