"""The table of `dashgen.cli.known_answers`, from typer's output."""

import json
from collections.abc import Iterator
from typing import Any

from typer.core import TyperGroup

from dashgen.cli.known_answers import CommandEntry, CommandTable, OptionEntry
from dashgen.cli.typer_app import LazyGroup, typer_command

_WRAPPED_AT = 78
"""The width at which typer wraps help on a terminal of 80 columns or more."""


class _EagerGroup(LazyGroup):
    """Takes the first sentences from the commands, since the table that `LazyGroup` uses is being written."""

    format_commands = TyperGroup.format_commands


def command_table() -> str:
    """The table as JSON."""
    root: Any = typer_command(_EagerGroup)
    context = root.make_context("dashgen", [], resilient_parsing=True, terminal_width=_WRAPPED_AT)
    table: CommandTable = {"commands": dict(_entries("", context))}
    return json.dumps(table, indent=1, ensure_ascii=False) + "\n"


def _entries(name: str, context: Any) -> Iterator[tuple[str, CommandEntry]]:
    """A command, and those below it, by their names."""
    command = context.command
    yield (
        name,
        {
            "help": command.get_help(context).splitlines(),
            "summary": " ".join(command.help.partition("\n\n")[0].split()),
            "short": command.get_short_help_str(),
            "options": [
                _option(option) for option in command.get_params(context) if hasattr(option, "is_flag")
            ],
        },
    )
    for below in getattr(command, "list_commands", lambda _: ())(context):
        inner = command.get_command(context, below)
        yield from _entries(
            f"{name} {below}".strip(),
            inner.make_context(below, [], parent=context, resilient_parsing=True),
        )


def _option(option: Any) -> OptionEntry:
    names = [*option.opts, *option.secondary_opts]
    return {
        # Typer keeps the names of `--help` in a set, whose order is another one in each process.
        "names": sorted(names) if option.name == "help" else names,
        "help": option.help,
        "takes_value": not option.is_flag,
        "is_repeatable": option.multiple,
    }
