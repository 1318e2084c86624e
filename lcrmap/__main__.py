"""``python -m lcrmap`` is the same as ``lcrmap``."""

from lcrmap.cli import main

main()
