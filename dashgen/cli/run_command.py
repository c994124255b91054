"""Run a command, and turn whatever stops it into a sentence and an exit code."""

import os
import sys
from collections.abc import Sequence

from dashgen.cli.app import COMMANDS, COMPLETE_VARIABLE, command_function
from dashgen.cli.parameters import call_with, parameters_of, read_arguments
from dashgen.cli.streams import drop_output, safe_streams
from dashgen.cli.waiting_line import waiting_line
from dashgen.core.errors import DashgenError


def run_command(command_line: Sequence[str]) -> None:
    """Run a command, with everything that it prints going through `safe_streams`.

    Args:
        command_line: the arguments after the program's name.

    Raises:
        SystemExit: the exit code is not 0.
    """
    line = waiting_line(command_line)
    if line is None:
        with safe_streams():
            _run(command_line)
        return
    line.start()
    try:
        with safe_streams(line.end):
            _run(command_line)
    finally:
        line.end()


def _run(command_line: Sequence[str]) -> None:
    try:
        try:
            _call(command_line)
        finally:
            sys.stdout.flush()
    except DashgenError as error:
        from dashgen.cli.crash import shown_message  # only for errors

        sys.stderr.write(f"dashgen: {shown_message(error)}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("dashgen: interrupted\n")
        sys.exit(130)
    except BrokenPipeError:
        drop_output()
    except OSError as error:
        # Commands report the failures that they expect; this is a full disk, or a folder without permissions.
        path = f" {error.filename}:" if error.filename else ""
        sys.stderr.write(f"dashgen:{path} {(error.strerror or str(error)).lower()}\n")
        drop_output()
        sys.exit(2)
    except Exception as error:  # noqa: BLE001  # a traceback on the terminal could have secrets in it
        from dashgen.cli.crash import EXIT_BUG, crash_report  # only for errors

        sys.stderr.write(crash_report(error))
        sys.exit(EXIT_BUG)


def _call(command_line: Sequence[str]) -> None:
    """Call the command, or have typer explain an unknown command or wrong arguments."""
    for length in (1, 2):
        name = " ".join(command_line[:length])
        if name in COMMANDS and COMPLETE_VARIABLE not in os.environ:
            command = command_function(name)
            arguments = read_arguments(parameters_of(command), command_line[length:])
            if arguments is not None:
                call_with(command, arguments)
                return
    from dashgen.cli.typer_app import typer_command  # importing typer is slow

    typer_command()(prog_name="dashgen")
