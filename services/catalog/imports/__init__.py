"""Bulk import: files → rows → contents → the catalogue. Every row is taken or refused with its reason."""
