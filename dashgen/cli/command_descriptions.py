"""Every command with its parameters, for programs, from a file that is written with the table of help.

`python -m dashgen.cli.reference` writes both from the functions of the commands, and a test compares them.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, TypedDict

DESCRIPTIONS: Final = "command_descriptions.json"
"""The file, beside this one."""


class ParameterEntry(TypedDict):
    """An argument or option, for programs."""

    name: str
    """The argument's name, or the option's first name."""
    names: list[str]
    """All names of an option; empty for an argument."""
    type: str
    """``string``, ``path``, ``integer``, ``number``, ``flag`` or ``choice``."""
    choices: list[str]
    default: str | int | float | bool | None
    required: bool
    repeatable: bool
    help: str


class DescribedEntry(TypedDict):
    """What programs read of a command."""

    description: str
    """The text of its help, without the example."""
    example: str
    parameters: list[ParameterEntry]


@cache
def command_descriptions_table() -> Mapping[str, DescribedEntry]:
    """The descriptions of all commands by their names."""
    text = files("dashgen.cli").joinpath(DESCRIPTIONS).read_text(encoding="utf-8")
    table: Mapping[str, DescribedEntry] = json.loads(text)
    return table
