"""Files below the output that no spec makes, and that servers read all the same."""

import os
from collections.abc import Collection, Iterator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

_READ = ("dashboards", "git-sync", "kubernetes", "provisioning", "rules")
_SUFFIXES = (".json", ".yaml", ".yml")


def strays(output: "str | Path", built: Collection[str]) -> Iterator[str]:
    """The paths below the output of unknown files that Grafana, Prometheus or Loki would read.

    Args:
        output: the folder that builds write.
        built: the paths of files that specs make, or made.
    """
    base = f"{output}{os.sep}"
    for part in _READ:
        for folder, folders, names in os.walk(base + part):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = f"{folder}{os.sep}{name}".removeprefix(base).replace(os.sep, "/")
                if not name.startswith(".") and name.endswith(_SUFFIXES) and path not in built:
                    yield path
