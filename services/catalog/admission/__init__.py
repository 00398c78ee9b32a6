"""Admission: how a provider comes into the catalogue, stands in it and leaves it, in public."""
