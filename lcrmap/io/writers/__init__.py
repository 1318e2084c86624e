"""Layers as the bytes of a file: a format is one file of this folder; `lcrmap.io.writing` puts them on disk."""
