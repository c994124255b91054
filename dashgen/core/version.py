"""The version of dashgen."""

VERSION = "0.1.0"
