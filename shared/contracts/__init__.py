"""The shapes that travel between services and their callers."""
