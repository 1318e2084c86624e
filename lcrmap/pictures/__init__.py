"""Pictures of a page: what draws .png, .svg and .pdf, and the text that stands for them."""
