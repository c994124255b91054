"""The command line: which commands there are, how one is found and run, and how errors end it.

Most of what is called is answered without typer, whose import takes five times as long as the start of Python: help and
completion from a table (`known_answers`), commands by `read_arguments`. For the rest there is `typer_app`.
"""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final

from dashgen.core.version import VERSION

COMMANDS: Final = {
    "build": "build_command.build",
    "validate": "validate_command.validate",
    "test": "test_command.rule_tests",
    "check": "check_command.check",
    "costs": "costs_command.costs",
    "doctor": "doctor_command.doctor",
    "diff": "diff_command.diff",
    "list": "list_command.list_specs",
    "explain": "explain_command.explain",
    "push": "push_command.push",
    "pull": "pull_command.pull",
    "apply": "apply_command.apply",
    "status": "status_command.status",
    "rollback": "rollback_command.rollback",
    "install": "install_command.install",
    "annotate": "annotate_command.annotate",
    "schema": "schema_command.schema",
    "rule": "rule_command.rule",
    "import": "import_command.import_dashboards",
    "init": "init_command.init",
    "metrics check": "metrics_command.check",
    "metrics import": "metrics_command.import_metrics",
    "stack init": "stack_command.init",
}
"""The function of each command below `dashgen.cli.commands`, in the order of the help; groups come last."""
COMPLETE_VARIABLE: Final = "_DASHGEN_COMPLETE"
"""Set by the shell when it wants to know how to complete what is typed."""


def command_function(name: str) -> Callable[..., None]:
    """The function of a command, such as ``metrics check``."""
    module, _, function = COMMANDS[name].partition(".")
    loaded: Callable[..., None] = getattr(import_module(f"dashgen.cli.commands.{module}"), function)
    return loaded


def main() -> None:
    """Run the command line; an error that stops it is a sentence on stderr and an exit code.

    Raises:
        SystemExit: always, with the exit code.
    """
    words = sys.argv[1:]
    answer = _known_answer(words)
    if answer is None:
        from dashgen.cli.streams import safe_streams  # noqa: PLC0415  # help needs nothing of it

        with safe_streams():
            _run(words)
    try:
        sys.stdout.write(answer or "")
        sys.stdout.flush()
    except BrokenPipeError:
        from dashgen.cli.streams import drop_output  # noqa: PLC0415

        drop_output()
    sys.exit(0)


def _known_answer(words: Sequence[str]) -> str | None:
    if words == ["--version"]:
        return f"dashgen {VERSION}\n"
    if COMPLETE_VARIABLE not in os.environ and words[-1:] not in (["--help"], ["-h"]):
        return None
    from dashgen.cli.known_answers import known_answer  # noqa: PLC0415  # of no use to a command

    return known_answer(words)


def _run(words: Sequence[str]) -> None:
    from dashgen.cli.streams import drop_output  # noqa: PLC0415
    from dashgen.core.errors import DashgenError  # noqa: PLC0415

    try:
        try:
            _call(words)
        finally:
            sys.stdout.flush()
    except DashgenError as error:
        sys.stderr.write(f"dashgen: {_shown(str(error))}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("dashgen: interrupted\n")
        sys.exit(130)
    except BrokenPipeError:
        drop_output()
    except OSError as error:
        # What a command expects to fail it reports itself; this is a full disk, or a folder without rights.
        path = f" {error.filename}:" if error.filename else ""
        sys.stderr.write(f"dashgen:{path} {(error.strerror or str(error)).lower()}\n")
        drop_output()
        sys.exit(2)
    except Exception as error:  # noqa: BLE001  # the last resort: whatever it is, no value of it may be printed
        from dashgen.cli.crash import EXIT_BUG, crash_report  # noqa: PLC0415

        sys.stderr.write(crash_report(error))
        sys.exit(EXIT_BUG)


def _call(words: Sequence[str]) -> None:
    """Call the command that is named, or have typer explain why there is none."""
    from dashgen.cli.parameters import parameters_of, read_arguments  # noqa: PLC0415

    for length in (1, 2):
        name = " ".join(words[:length])
        if name in COMMANDS and COMPLETE_VARIABLE not in os.environ:
            command = command_function(name)
            arguments = read_arguments(parameters_of(command), words[length:])
            if arguments is not None:
                command(**arguments)
                return
    from dashgen.cli.typer_app import typer_command  # noqa: PLC0415

    typer_command()(prog_name="dashgen")


def _shown(message: str) -> str:
    """A message of an error as it may be shown, line by line."""
    from dashgen.core.diagnostics.frame import clean  # noqa: PLC0415
    from dashgen.core.diagnostics.redaction import redacted  # noqa: PLC0415

    return "\n".join(clean(line) for line in redacted(message).split("\n"))
