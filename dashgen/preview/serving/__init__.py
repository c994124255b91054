"""The page with a server behind it: any time, any values of variables, and each change of a spec as it is saved."""
