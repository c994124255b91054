"""Regular expressions that are compiled when they are first used."""

import re


class _LazyPattern:
    """A `re.Pattern` that is compiled when one of its methods is first used."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        # Python looks here only for what the object does not have yet, so later uses cost nothing.
        if name == "_compiled":
            self._compiled = re.compile(self.pattern, self._flags)
            return self._compiled
        value = getattr(self._compiled, name)
        setattr(self, name, value)
        return value


def lazy_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Stand for a compiled pattern.

    Compiling takes 0.05 to 0.5 ms, there are hundreds of constants, and a command uses few of them.
    A test compiles all.
    """
    # Not `cast`: a build of unchanged specs comes here, and importing typing would double its time.
    return _LazyPattern(pattern, flags)  # type: ignore[return-value]
