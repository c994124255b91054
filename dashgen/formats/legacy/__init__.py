"""Dashboards made with grafanalib by hand: the panels, rows and names of data sources that dashgen itself never makes."""
