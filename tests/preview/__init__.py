"""Tests of pictures on made-up data."""
