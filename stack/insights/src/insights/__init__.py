"""The nightly job: trains on what happened, checks itself on what came after, and exports what it expects."""

__version__ = "1.0.0"
