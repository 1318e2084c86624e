"""``doubts``: which features of layers are uncertain."""
