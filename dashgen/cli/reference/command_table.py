"""The table of `dashgen.cli.known_answers`, from typer's output."""

import inspect
import json
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Final

from typer.core import TyperGroup

from dashgen.cli.app import COMMANDS, command_function
from dashgen.cli.command_descriptions import DescribedEntry, ParameterEntry
from dashgen.cli.known_answers import (
    CommandEntry,
    CommandTable,
    OptionEntry,
)
from dashgen.cli.parameters import REQUIRED, CommandParameter, parameters_of
from dashgen.cli.typer_app import LazyGroup, typer_command

_TYPES: Final = {str: "string", Path: "path", int: "integer", float: "number", bool: "flag"}
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


def command_descriptions() -> str:
    """What `dashgen commands` reads, as JSON; beside the table, which every help has to load."""
    described = {name: _described(name) for name in COMMANDS}
    return json.dumps(described, indent=1, ensure_ascii=False) + "\n"


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


def _described(name: str) -> DescribedEntry:
    """What programs read of a command."""
    function = command_function(name)
    text, _, example = (inspect.getdoc(function) or "").partition("\n\nExample: ")
    paragraphs = [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]
    # Arguments first, as help has them.
    parameters = sorted(parameters_of(function), key=lambda parameter: bool(parameter.flags))
    return {
        "description": "\n\n".join(paragraphs),
        "example": example,
        "parameters": [_parameter(parameter) for parameter in parameters],
    }


def _parameter(parameter: CommandParameter) -> ParameterEntry:
    default = parameter.default
    shown = default if default is None or isinstance(default, bool | int | float) else str(default)
    is_choice = issubclass(parameter.type, Enum)
    return {
        "name": next(iter(parameter.flags), parameter.name),
        "names": list(parameter.flags),
        "type": "choice" if is_choice else _TYPES[parameter.type],
        "choices": [str(member.value) for member in parameter.type]
        if issubclass(parameter.type, Enum)
        else [],
        "default": None if default is REQUIRED else shown,
        "required": default is REQUIRED,
        "repeatable": parameter.is_list,
        "help": parameter.info.settings["help"],
    }


def _option(option: Any) -> OptionEntry:
    names = [*option.opts, *option.secondary_opts]
    return {
        # Typer keeps the names of `--help` in a set, whose order is another one in each process.
        "names": sorted(names) if option.name == "help" else names,
        "help": option.help,
        "takes_value": not option.is_flag,
        "is_repeatable": option.multiple,
    }
