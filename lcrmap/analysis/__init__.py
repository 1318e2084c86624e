"""Questions about where features are: frames in, frames out; no file, no page, no command line."""
