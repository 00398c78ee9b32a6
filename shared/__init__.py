"""What the services have in common: wire shapes, errors, storage and wiring. No business rule."""
