"""Run the tests of alert rules with promtool, and find their failures in the specs."""
