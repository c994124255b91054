"""A dashboard as it is looked at: its time, values of variables, repeats expanded, conditions decided."""
