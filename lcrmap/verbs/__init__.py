"""What each command does, as a function: read, check, analyse and present, in that order.

The command line is a thin cover over these; a script calls them just as well.
"""
