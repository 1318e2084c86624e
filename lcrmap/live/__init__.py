"""The map that many share, served: one log of changes, and what follows from it.

`store.py` says what a store can do, `sqlite.py` and `postgis.py` do it; `folder.py` is the folder of a live map,
`rules.py` what a change must keep; `api.py`, `items.py`, `editing.py`, `events.py`, `presence.py` and `users.py` are
what is served; `admitting.py` lets requests in, `answering.py` answers them, and `serving.py` runs the server.
"""
