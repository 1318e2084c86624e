"""The only door to files: which formats there are, reading, and writing whole files or none.

A format is one file of `readers` and one of `writers`; what several of them need stands beside these.
`lcrmap.io.formats` loads no geometry library, so that the command line can list and complete; the
other modules of this room do.
"""
