"""Benchmarks: each prints one table. None of them is a timed test."""
