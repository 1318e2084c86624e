"""``count``: how many in each area, and what falls outside."""
