"""Matching's own versioned copy of the catalogue in SQL, and what keeps it true to the feed."""
