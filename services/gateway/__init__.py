"""The public door: one OpenAPI surface, keys and roles, limits, the page. It holds no business rule."""
