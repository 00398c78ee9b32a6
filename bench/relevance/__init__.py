"""The quality of the ranking on judged needs."""
