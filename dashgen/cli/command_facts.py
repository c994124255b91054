"""What commands do beside printing, for programs that decide which ones they may run: `dashgen commands`."""

from collections.abc import Mapping
from typing import Final, NamedTuple

_ALWAYS: Final = (0, 2, 70, 130)


class CommandFacts(NamedTuple):
    """What a command does.

    Attributes:
        writes: what it writes, for people; empty when it only prints.
        network: ``no``, ``optional`` (only with an option or a setting) or ``yes``.
        codes: the exit codes beside those that every command has.
    """

    writes: str = ""
    network: str = "no"
    codes: tuple[int, ...] = ()

    @property
    def exit_codes(self) -> list[int]:
        """All exit codes that it may end with."""
        return sorted({*_ALWAYS, *self.codes})


_GRAFANA: Final = "a running Grafana, and what was pushed below .dashgen/"
FACTS: Final[Mapping[str, CommandFacts]] = {
    "build": CommandFacts("generated/, and a cache below .dashgen/", codes=(1,)),
    "preview": CommandFacts(
        "the page of --out, and pictures with --svg, --png or --update", "optional", (1, 3)
    ),
    "validate": CommandFacts(codes=(1,)),
    "lint": CommandFacts("specs with --fix, --unsafe-fixes or --add-ignore", "optional", (1, 3)),
    "test": CommandFacts(network="optional", codes=(1, 3)),
    "check": CommandFacts(network="yes", codes=(1, 3)),
    "costs": CommandFacts(network="yes", codes=(1, 3)),
    "doctor": CommandFacts(network="yes", codes=(1, 3)),
    "diff": CommandFacts(network="optional", codes=(1, 3)),
    "review": CommandFacts("the folder of --out", "optional", (1, 3)),
    "docs": CommandFacts("the folder of --out", codes=(1,)),
    "list": CommandFacts(codes=(1,)),
    "explain": CommandFacts(codes=(1,)),
    "report": CommandFacts("the file of --out, and with --send mails", "yes", (1, 3)),
    "impact": CommandFacts(codes=(1,)),
    "route": CommandFacts(codes=(1,)),
    "push": CommandFacts(_GRAFANA, "yes", (1, 3, 4)),
    "pull": CommandFacts("specs, and what was pushed below .dashgen/", "yes", (1, 3, 4)),
    "apply": CommandFacts(_GRAFANA, "yes", (1, 3, 4)),
    "status": CommandFacts(network="yes", codes=(1, 3)),
    "rollback": CommandFacts(_GRAFANA, "yes", (1, 3, 4)),
    "permissions": CommandFacts(codes=(1,)),
    "install": CommandFacts("the folders of a compose stack", "optional", (1, 3)),
    "annotate": CommandFacts("a running Grafana", "yes", (1, 3, 4)),
    "backfill": CommandFacts("the folder that it names", codes=(1,)),
    "schema": CommandFacts(),
    "commands": CommandFacts(),
    "rule": CommandFacts(),
    "library": CommandFacts(),
    "import": CommandFacts("the folder of --out", "optional", (1, 3)),
    "init": CommandFacts("a new project", "optional", (1, 3)),
    "lsp": CommandFacts(),
    "metrics check": CommandFacts(network="optional", codes=(1, 3)),
    "metrics import": CommandFacts("the spec of --out", "optional", (1, 3)),
    "metrics unused": CommandFacts(codes=(1,)),
    "stack init": CommandFacts(".env and secrets of a compose stack"),
}
"""The facts of each command of `dashgen.cli.app.COMMANDS`; a test compares the two."""
