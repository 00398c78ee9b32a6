"""The embeddable widget: one script for any page, and three ways around scripts: a frame, a form, a playground."""
