"""Axes, legends and series of charts, laid out as uPlot and @grafana/ui do."""
