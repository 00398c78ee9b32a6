"""What is ranked: the published catalogue in memory, as narrow columns, words and meanings. Pure."""
