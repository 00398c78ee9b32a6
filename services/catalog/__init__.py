"""The record: providers, offerings, categories, search over what is published, and the change feed."""
