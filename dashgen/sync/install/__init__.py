"""Copy what was built to where a compose stack mounts it, and have its servers read it."""
