"""Numbers and times as texts, as @grafana/data 12.4.3 writes them."""
