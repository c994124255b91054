"""The commands as data, for the reference documentation."""

import inspect
from enum import Enum

from msgspec import Struct

from dashgen.cli.app import COMMANDS, command_function
from dashgen.cli.parameters import REQUIRED, CommandParameter, Option, parameters_of


class ParameterText(Struct, frozen=True):
    """An argument or option: its notation, its help, and its default if there is one worth showing."""

    written: str
    help: str
    default: str
    is_option: bool


class CommandText(Struct, frozen=True):
    """A command: its name, the text of its help, and its parameters."""

    name: str
    help: str
    parameters: tuple[ParameterText, ...]


def commands() -> list[CommandText]:
    """Every command, in the order of ``dashgen --help``; one of a group is called ``group command``."""
    texts = []
    for name in COMMANDS:
        function = command_function(name)
        # Arguments are shown first, as typer does, although groups of options may precede them in the
        # function.
        ordered = sorted(parameters_of(function), key=lambda parameter: bool(parameter.flags))
        parameters = tuple(_parameter(parameter) for parameter in ordered)
        texts.append(CommandText(name, inspect.getdoc(function) or "", parameters))
    return texts


def _parameter(parameter: CommandParameter) -> ParameterText:
    settings = parameter.info.settings
    value = settings.get("metavar") or _choices(parameter.type) or _word(parameter)
    if not isinstance(parameter.info, Option):
        several = "..." if parameter.is_list else ""
        written = value if parameter.default is REQUIRED else f"[{value}]"
        return ParameterText(written + several, settings["help"], "", is_option=False)
    default = "" if parameter.default in (None, False, True) else str(parameter.default)
    names = ", ".join(parameter.info.names)
    return ParameterText(f"{names} {value}".strip(), settings["help"], default, is_option=True)


def _choices(kind: type) -> str:
    return "|".join(str(member.value) for member in kind) if issubclass(kind, Enum) else ""


def _word(parameter: CommandParameter) -> str:
    if parameter.type is bool:
        return ""
    return "N" if parameter.type is int else parameter.name.upper()
