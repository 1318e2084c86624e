"""A Sphinx project with a map: the page is copied beside the built pages."""

project = "A paper with a map"
extensions: list[str] = []
html_theme = "alabaster"
html_extra_path = ["extra"]  # assets.html lies in extra/
