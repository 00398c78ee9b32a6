"""Reads a free Chinese text and the firm into a needs profile: deterministic, offline, every value with its words."""

from services.matching.intake.reading import read

__all__ = ["read"]
