"""What runs, examined: the links from a spec to a panel, live queries (`live`) and metrics (`contract`).

Takes addresses and a project, gives findings. May import everything below `cli`.
"""
