"""The page: its model, its words and looks, and the one closed file that it is written to."""
