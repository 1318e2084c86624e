"""``text``: paragraphs of somebody's own."""
