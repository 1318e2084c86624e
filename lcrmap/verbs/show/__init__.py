"""``show``: the features of a layer."""
