"""Editions of recommended catalogues (推荐目录 第N期): composed, put up for notice, frozen, cited, expired."""
