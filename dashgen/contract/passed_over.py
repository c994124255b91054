"""Metrics that are nobody's business: those of runtimes and client libraries, and those a project names."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Final

RUNTIME: Final = (
    "process_*",
    "python_*",
    "go_*",
    "promhttp_*",
    "prometheus_*",
    "jvm_*",
    "nodejs_*",
    "dotnet_*",
    "ruby_*",
    "otel_*",
    "target_info",
    "scrape_*",
    "up",
)


class PassedOver:
    """Knows which metrics of an exposition are not compared.

    Args:
        patterns: names that the project or the user gave, with ``*`` and ``?``.
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        self._patterns = (*RUNTIME, *patterns)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and any(fnmatchcase(name, pattern) for pattern in self._patterns)
