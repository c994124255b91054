"""The entry point of the command line, and the table of commands.

Most command lines run without typer, whose import takes five times as long as the start of Python: help and
completion are read from a table (`known_answers`), arguments by `read_arguments`. `typer_app` does the rest.
"""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module

from dashgen.core.version import VERSION

COMMANDS = {
    "build": "build_command.build",
    "validate": "validate_command.validate",
    "lint": "lint_command.lint",
    "preview": "preview_command.preview",
    "test": "test_command.rule_tests",
    "check": "check_command.check",
    "costs": "costs_command.costs",
    "doctor": "doctor_command.doctor",
    "diff": "diff_command.diff",
    "review": "review_command.review",
    "list": "list_command.list_specs",
    "explain": "explain_command.explain",
    "docs": "docs_command.docs",
    "report": "report_command.report",
    "impact": "impact_command.impact",
    "route": "route_command.route",
    "push": "push_command.push",
    "pull": "pull_command.pull",
    "apply": "apply_command.apply",
    "status": "status_command.status",
    "rollback": "rollback_command.rollback",
    "permissions": "permissions_command.permissions",
    "install": "install_command.install",
    "annotate": "annotate_command.annotate",
    "backfill": "backfill_command.backfill",
    "schema": "schema_command.schema",
    "commands": "commands_command.commands",
    "rule": "rule_command.rule",
    "library": "library_command.library",
    "import": "import_command.import_dashboards",
    "init": "init_command.init",
    "lsp": "lsp_command.lsp",
    "metrics check": "metrics_command.check",
    "metrics import": "metrics_command.import_metrics",
    "metrics unused": "metrics_command.unused",
    "stack init": "stack_command.init",
}
"""The function of each command below `dashgen.cli.commands`, in the order of the help; groups come last."""
COMPLETE_VARIABLE = "_DASHGEN_COMPLETE"
"""Set by the completion script of a shell to ask for completions instead of running a command."""


def command_function(name: str) -> Callable[..., None]:
    """The function of a command, such as ``metrics check``."""
    module, _, function = COMMANDS[name].partition(".")
    loaded: Callable[..., None] = getattr(import_module(f"dashgen.cli.commands.{module}"), function)
    return loaded


def main() -> None:
    """Run the command line; an error that stops it is printed as a sentence on stderr.

    Raises:
        SystemExit: always, with the exit code.
    """
    command_line = sys.argv[1:]
    answer = _known_answer(command_line)
    if answer is not None:
        # On a closed pipe or a full disk go on: `run_command` fails the same way, and knows how to end.
        with suppress(OSError):
            sys.stdout.write(answer)
            sys.stdout.flush()
            sys.exit(0)
    # Each of the three imports below is needed by one kind of command line only, and costs the others their
    # speed.
    from dashgen.cli.run_command import run_command

    run_command(command_line)
    sys.exit(0)


def _known_answer(command_line: Sequence[str]) -> str | None:
    """What to print for a command line that needs no command; None for every other one."""
    if command_line == ["--version"]:
        return f"dashgen {VERSION}\n"
    if COMPLETE_VARIABLE not in os.environ and command_line[-1:] not in (["--help"], ["-h"]):
        if command_line[:1] != ["build"]:
            return None
        from dashgen.cli.unchanged_build import unchanged_answer

        return unchanged_answer(command_line)
    from dashgen.cli.known_answers import known_answer

    return known_answer(command_line)
