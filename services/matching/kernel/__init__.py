"""How it is ranked: the gate, the hard constraints, the criteria, the order and its explanation. Pure functions."""
