"""lcrmap as a server of the Model Context Protocol: each question is a tool, read off its fields.

`command.py` is the verb; `server.py` alone knows the protocol's SDK, and answers what is small. A call is worked on in
a process of its own (`workers.py`), by what `calls.py` makes of its arguments.
"""
