"""Each panel type as marks of SVG."""
