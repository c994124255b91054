"""SVG: its elements as safe text, and the widths of texts."""
