"""The history of matching's tables."""
