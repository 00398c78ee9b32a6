"""The operations of matching, as the OpenAPI document tells them."""
