"""The catalogue's full-text search: one port, engines behind it. SQL is the truth, an index is a disposable copy."""
