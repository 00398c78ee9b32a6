"""The deployment without a container engine: files checked, images built as folders, the set run as processes."""
