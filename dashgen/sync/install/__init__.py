"""What was built goes where a compose stack mounts it, and the servers are told."""
