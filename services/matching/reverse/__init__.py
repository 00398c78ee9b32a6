"""Matching with the roles swapped: one offering against all needs that wait. The same rules, and the same scores."""
