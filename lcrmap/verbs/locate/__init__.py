"""``locate``: which of some candidates would serve residents best, with the proof."""
