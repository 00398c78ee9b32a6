"""The catalogue's operations."""
