"""The commands as data, for the reference documentation."""

import inspect
from dataclasses import dataclass
from enum import Enum
from typing import Any, get_args, get_type_hints

from typer import Typer
from typer.models import ArgumentInfo, OptionInfo

from dashgen.cli.app import app


@dataclass(frozen=True, slots=True)
class Parameter:
    """An argument or option: how it is written, what it does, and its default if that says anything."""

    written: str
    help: str
    default: str
    is_option: bool


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, the text of its help, and its parameters."""

    name: str
    help: str
    parameters: tuple[Parameter, ...]


def commands() -> list[Command]:
    """Every command, in the order of ``dashgen --help``; one of a group is called ``group command``."""
    found = _commands(app, "")
    for group in app.registered_groups:
        if group.typer_instance is not None:
            found += _commands(group.typer_instance, f"{group.name} ")
    return found


def _commands(owner: Typer, prefix: str) -> list[Command]:
    found = []
    for info in owner.registered_commands:
        function = info.callback
        if function is None:
            continue
        hints = get_type_hints(function, include_extras=True)
        defaults = inspect.signature(function).parameters
        parameters = [
            _parameter(name, get_args(hints[name]), defaults[name].default)
            for name in defaults
            if name in hints
        ]
        name = prefix + (info.name or function.__name__)
        found.append(Command(name, inspect.getdoc(function) or "", tuple(parameters)))
    return found


def _parameter(name: str, hint: tuple[Any, ...], default: object) -> Parameter:
    kind, info = hint[0], next(part for part in hint[1:] if isinstance(part, ArgumentInfo | OptionInfo))
    value = info.metavar or _choices(kind) or _word(kind, name)
    shown = "" if default in (None, False, True, inspect.Parameter.empty) else str(default)
    if isinstance(info, ArgumentInfo):
        several = "..." if "list[" in str(kind) else ""
        required = default is inspect.Parameter.empty
        return Parameter(
            (value if required else f"[{value}]") + several, info.help or "", "", is_option=False
        )
    # Inside Annotated, typer takes the first spelling of an option for its default.
    first = [info.default] if isinstance(info.default, str) and info.default.startswith("-") else []
    written = ", ".join([*first, *(info.param_decls or ())] or [f"--{name}"])
    return Parameter(f"{written} {value}".strip(), info.help or "", shown, is_option=True)


def _choices(kind: Any) -> str:
    parts = (kind, *get_args(kind))
    enum = next((part for part in parts if isinstance(part, type) and issubclass(part, Enum)), None)
    return "|".join(str(member.value) for member in enum) if enum is not None else ""


def _word(kind: Any, name: str) -> str:
    if kind is bool:
        return ""
    return "N" if int in (kind, *get_args(kind)) else name.upper()
