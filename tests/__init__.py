"""The tests; a package of this name, since one that lcrmap needs installs another (osbng 0.5)."""
