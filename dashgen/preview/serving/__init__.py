"""The page with a server behind it: any time, any values of variables, each saved change of a spec."""
