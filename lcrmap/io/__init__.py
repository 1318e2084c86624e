"""The only door to files: which formats there are, reading, and writing whole files or none.

`lcrmap.io.formats` loads no geometry library, so that the command line can list and complete; the
other modules of this room do.
"""
