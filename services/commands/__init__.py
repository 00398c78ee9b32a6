"""The verbs of the `duijie` command, one module each."""
