"""A strict stand-in for a Meilisearch server: exactly the routes that we use, transcribed from its documentation.

It refuses what the documentation does not know (routes, members of bodies, types, rights), answers errors in the
documented shape, and does its work in tasks that can fail after the 202. It emulates the segmentation of Chinese and
the matching of words well enough for the conformance suite; it does not emulate ranking.
"""
