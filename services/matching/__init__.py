"""The answer: reads a need, ranks every eligible offer exactly, explains the places and stores the run."""
