"""How fast matching is, as ratios to a raw engine query in the same run."""
