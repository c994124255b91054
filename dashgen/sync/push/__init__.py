"""What the specs define, what Grafana has and what was pushed last; the plan between them, and its execution.

Planning is pure; executing it records each step.
"""
