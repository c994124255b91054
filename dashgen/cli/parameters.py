"""Options and arguments of commands as plain values, and how a command line is read by them.

Importing typer takes five times as long as starting Python, so it is used only for its texts (`typer_app`):
for usage errors, for help in an unusual width and for completion. A property test compares `read_arguments`
with typer.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import UnionType
from typing import Any, Final, NamedTuple, TypedDict, Unpack

from dashgen.core.json_values import Json

REQUIRED: Final = object()
"""The default of a parameter that has to be given."""


# Plain values instead of typer's objects, so that a command module can be imported without typer.
class Settings(TypedDict, total=False):
    """What options and arguments have in common; all names but `completion` are typer's."""

    help: str
    metavar: str
    min: float
    max: float
    exists: bool
    file_okay: bool
    completion: str
    """The name of a function of `value_completion`."""


class Argument:
    """The annotation of a positional parameter: ``Annotated[Path, Argument(help=…)]``."""

    def __init__(self, **settings: Unpack[Settings]) -> None:
        self.settings = settings


class Option(Argument):
    """The annotation of a named parameter: ``Annotated[str, Option("--env", "-e", help=…)]``.

    ``--cache/--no-cache`` names a flag and its opposite.
    """

    def __init__(self, *names: str, **settings: Unpack[Settings]) -> None:
        super().__init__(**settings)
        self.names = names


class CommandParameter(NamedTuple):
    """A parameter of a command."""

    name: str
    annotation: Any
    """The type without `Annotated`, such as ``Path | None``."""
    type: type
    """The type of one value, such as `Path`."""
    is_list: bool
    default: Any
    info: Argument

    @property
    def flags(self) -> dict[str, bool]:
        """The names of an option, and whether each switches it on; empty for an argument."""
        names = self.info.names if isinstance(self.info, Option) else ()
        return {flag: index == 0 for name in names for index, flag in enumerate(name.split("/"))}

    @property
    def takes_value(self) -> bool:
        """Whether a value follows the option's name, which is so for all but flags."""
        return self.type is not bool


def parameters_of(command: Callable[..., None]) -> list[CommandParameter]:
    """The parameters of a command, from the annotations of its function.

    A parameter whose type is a `NamedTuple` is a group: its fields are parameters of the command line. Groups
    nest.
    """
    hints = _hints(command)
    defaults = command.__defaults__ or ()
    return list(
        _flattened(hints, dict(zip(list(hints)[len(hints) - len(defaults) :], defaults, strict=True)))
    )


def _hints(command: Callable[..., None]) -> Json:
    # `inspect.signature` and `typing.get_type_hints` give the same, and each costs more than a small build.
    names = command.__code__.co_varnames[: command.__code__.co_argcount]
    return {name: command.__annotations__[name] for name in names}


def _is_group(hint: object) -> bool:
    return hasattr(hint, "_field_defaults")  # only classes of `NamedTuple` have it


def _flattened(hints: Mapping[str, Any], defaults: Mapping[str, Any]) -> Iterator[CommandParameter]:
    for name, hint in hints.items():
        if _is_group(hint):
            yield from _flattened(hint.__annotations__, hint._field_defaults)
            continue
        annotation, info = hint.__origin__, hint.__metadata__[0]
        # `typing.get_args` without its cost: the type itself, or the first part of `list[Path] | None`.
        single = annotation.__args__[0] if isinstance(annotation, UnionType) else annotation
        items = getattr(single, "__args__", ())
        kind = items[0] if items else single
        yield CommandParameter(name, annotation, kind, bool(items), defaults.get(name, REQUIRED), info)


def call_with(command: Callable[..., None], values: Mapping[str, Any]) -> None:
    """Call a command with a value for each of its parameters, by their names."""
    command(**_grouped(_hints(command), values))


def _grouped(hints: Mapping[str, Any], values: Mapping[str, Any]) -> Json:
    return {
        name: hint(**_grouped(hint.__annotations__, values)) if _is_group(hint) else values[name]
        for name, hint in hints.items()
    }


def read_arguments(parameters: Sequence[CommandParameter], arguments: Sequence[str]) -> Json | None:
    """Read the arguments of a command as typer would.

    Args:
        parameters: the parameters of the command.
        arguments: what follows the command's name.

    Returns:
        Each parameter's value by its name; None when something is wrong or unusual, so that typer explains
        it.
    """
    texts = _texts(parameters, arguments)
    if texts is None:
        return None
    try:
        return {parameter.name: _value(parameter, texts.get(parameter.name)) for parameter in parameters}
    except ValueError:
        return None


def _texts(parameters: Sequence[CommandParameter], arguments: Sequence[str]) -> dict[str, list[Any]] | None:
    """The texts that are given for each parameter by its name; for flags whether they are switched on."""
    options = {flag: parameter for parameter in parameters for flag in parameter.flags}
    texts: dict[str, list[Any]] = {}
    positional: list[str] = []
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--":  # everything after it is positional, also what starts with a dash
            positional += rest
            break
        if not word.startswith("-") or word == "-":
            positional.append(word)
            continue
        # A value may be attached: `--jobs=4` and `-j4`.
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            attached = value if equals else None
        else:
            name, attached = word[:2], word[2:] or None
        option = options.get(name)
        text = option and _text(option, name, attached, rest)
        if option is None or text is None:
            return None
        texts.setdefault(option.name, []).append(text)
    for parameter in parameters:
        if positional and not parameter.flags:
            count = len(positional) if parameter.is_list else 1
            texts[parameter.name], positional = positional[:count], positional[count:]
    return None if positional else texts


def _text(option: CommandParameter, name: str, attached: str | None, rest: list[str]) -> str | bool | None:
    """The text of an option, taken from the words after it if it is not attached; None when it is wrong."""
    if option.takes_value:
        return attached if attached is not None else rest.pop(0) if rest else None
    if attached is not None:
        # More options of one letter may follow a flag of one letter: `-wj4`. Nothing can be attached to
        # `--watch`.
        if name.startswith("--") or attached.startswith("-"):
            return None
        rest.insert(0, f"-{attached}")
    return option.flags[name]


def _value(parameter: CommandParameter, texts: list[Any] | None) -> Any:
    """The value of a parameter from the texts that are given for it, if there are any.

    Raises:
        ValueError: the value is wrong, or is required and missing.
    """
    if texts is None:
        if parameter.default is REQUIRED:
            raise ValueError
        # Typer checks defaults of paths too, such as a current folder that cannot be read.
        if parameter.type is Path and parameter.default is not None:
            _require_path(parameter.info.settings, parameter.default)
        return parameter.default
    values = [_converted(parameter, text) for text in texts]
    return values if parameter.is_list else values[-1]  # the last of several wins


def _converted(parameter: CommandParameter, text: Any) -> Any:
    value = parameter.type(text)
    settings = parameter.info.settings
    if parameter.type is Path:
        _require_path(settings, text)
    if value < settings.get("min", value) or value > settings.get("max", value):
        raise ValueError
    return value


def _require_path(settings: Settings, path: str | Path) -> None:
    """Refuse the paths that typer refuses.

    Raises:
        ValueError: the path does not exist, is not a folder, or is not readable.
    """
    if not os.access(path, os.F_OK):
        if settings.get("exists"):
            raise ValueError
    elif not os.access(path, os.R_OK) or not (settings.get("file_okay", True) or Path(path).is_dir()):
        raise ValueError
