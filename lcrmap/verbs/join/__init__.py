"""``join``: one layer's columns attached to another's features."""
