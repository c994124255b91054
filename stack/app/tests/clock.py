"""A time that tests move."""

NOW = 1_795_435_200.0  # 2026-11-23, a Monday, noon in Greenwich


class Clock:
    def __init__(self, now=NOW):
        self.now = now

    def __call__(self):
        return self.now
