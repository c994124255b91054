"""A dashboard as it is looked at: at a time, with values of variables, repeats expanded, conditions decided."""
