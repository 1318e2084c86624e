"""The map that many share, served: one log of changes, and what follows from it.

`store.py` says what a store can do, `sqlite.py` and `postgis.py` do it; `making.py` makes a live map, `folder.py` opens
its folder, `rules.py` says what a change must keep. The operations of the interface stand in `api.py`, `items.py`,
`editing.py`, `looking_back.py`, `together.py` and `visiting.py`; `admitting.py` lets requests in, `answering.py`
answers them, and `serving.py` runs the server.
"""
