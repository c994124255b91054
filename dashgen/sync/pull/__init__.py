"""What people changed in Grafana's UI, taken back into the specs: the smallest patch that builds to what is there."""
