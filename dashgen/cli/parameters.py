"""Options and arguments of commands as plain values, and how a command line is read by them.

Typer takes five times as long to import as Python to start, so it is used only where its texts are needed (`typer_app`):
for usage errors, for help in an unusual width and for completion. What `read_arguments` reads, typer would read the same.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import UnionType
from typing import Any, Final, NamedTuple, TypedDict, Unpack

REQUIRED: Final = object()
"""The default of a parameter that has none."""


class Settings(TypedDict, total=False):
    """What options and arguments have in common; the names are typer's, but for `completion`."""

    help: str
    metavar: str
    min: float
    max: float
    exists: bool
    file_okay: bool
    completion: str
    """A function of `value_completion`."""


class Argument:
    """Stands in `Annotated` of a command's parameter that is found by its position."""

    def __init__(self, **settings: Unpack[Settings]) -> None:
        self.settings = settings


class Option(Argument):
    """Stands in `Annotated` of a command's parameter that is found by a name: ``Option("--env", "-e", help=…)``.

    ``--cache/--no-cache`` names a flag and its opposite.
    """

    def __init__(self, *names: str, **settings: Unpack[Settings]) -> None:
        super().__init__(**settings)
        self.names = names


class CommandParameter(NamedTuple):
    """A parameter of a command."""

    name: str
    annotation: Any
    """Without `Annotated`, such as ``Path | None``."""
    type: type
    """Of one value, such as `Path`."""
    is_list: bool
    default: Any
    info: Argument

    @property
    def flags(self) -> dict[str, bool]:
        """All names of an option, and whether each switches it on; none of an argument."""
        names = self.info.names if isinstance(self.info, Option) else ()
        return {flag: index == 0 for name in names for index, flag in enumerate(name.split("/"))}

    @property
    def takes_value(self) -> bool:
        """Whether a value follows the option's name."""
        return self.type is not bool


def parameters_of(command: Callable[..., None]) -> list[CommandParameter]:
    """The parameters of a command, from the annotations of its function.

    A parameter whose type is a `NamedTuple` is a group: its fields are parameters of the command line.
    """
    names = command.__code__.co_varnames[: command.__code__.co_argcount]
    defaults = command.__defaults__ or ()
    by_name = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    parameters = []
    for name in names:
        hint = command.__annotations__[name]
        if _is_group(hint):
            of_fields = hint.__annotations__.items()
            parameters += [_parameter(field, of, hint._field_defaults) for field, of in of_fields]
        else:
            parameters.append(_parameter(name, hint, by_name))
    return parameters


def _is_group(hint: Any) -> bool:
    return hasattr(hint, "_field_defaults")


def _parameter(name: str, hint: Any, defaults: Mapping[str, Any]) -> CommandParameter:
    annotation, info = hint.__origin__, hint.__metadata__[0]
    # What `typing.get_args` would say, without its cost: the type, or the first part of `list[Path] | None`.
    single = annotation.__args__[0] if isinstance(annotation, UnionType) else annotation
    items = getattr(single, "__args__", ())
    kind = items[0] if items else single
    return CommandParameter(name, annotation, kind, bool(items), defaults.get(name, REQUIRED), info)


def call_with(command: Callable[..., None], values: Mapping[str, Any]) -> None:
    """Call a command with a value for each of `parameters_of` it."""
    arguments = {}
    for name in command.__code__.co_varnames[: command.__code__.co_argcount]:
        hint = command.__annotations__[name]
        arguments[name] = (
            hint(**{key: values[key] for key in hint._fields}) if _is_group(hint) else values[name]
        )
    command(**arguments)


def read_arguments(parameters: Sequence[CommandParameter], arguments: Sequence[str]) -> dict[str, Any] | None:
    """The values that a command line has for the parameters of a command.

    Args:
        parameters: of the command.
        arguments: what follows its name.

    Returns:
        Each parameter's value by its name; None when something is wrong or unusual, and typer is to explain it.
    """
    texts = _texts(parameters, arguments)
    if texts is None:
        return None
    try:
        return {parameter.name: _value(parameter, texts.get(parameter.name)) for parameter in parameters}
    except ValueError:
        return None


def _texts(parameters: Sequence[CommandParameter], arguments: Sequence[str]) -> dict[str, list[Any]] | None:
    """What was written for each parameter; of flags whether they were switched on."""
    options = {flag: parameter for parameter in parameters for flag in parameter.flags}
    texts: dict[str, list[Any]] = {}
    positional: list[str] = []
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--":
            positional += rest
            break
        if not word.startswith("-") or word == "-":
            positional.append(word)
            continue
        name, attached = _taken_apart(word)
        option = options.get(name)
        if option is None:
            return None
        text = _text(option, name, attached, rest)
        if text is None:
            return None
        texts.setdefault(option.name, []).append(text)
    for parameter in parameters:
        if positional and not parameter.flags:
            count = len(positional) if parameter.is_list else 1
            texts[parameter.name], positional = positional[:count], positional[count:]
    return None if positional else texts


def _text(option: CommandParameter, name: str, attached: str | None, rest: list[str]) -> str | bool | None:
    """What was written for an option, taken from the words after it where it is there; None when it is wrong."""
    if option.takes_value:
        return attached if attached is not None else rest.pop(0) if rest else None
    if attached is not None:
        # After a flag of one letter others may follow: `-wj4`. Nothing may be attached to a long one.
        if name.startswith("--") or attached.startswith("-"):
            return None
        rest.insert(0, f"-{attached}")
    return option.flags[name]


def _taken_apart(word: str) -> tuple[str, str | None]:
    """The name of an option, and what is attached to it: ``--jobs=4`` and ``-j4``."""
    if word.startswith("--"):
        name, equals, attached = word.partition("=")
        return name, attached if equals else None
    return word[:2], word[2:] or None


def _value(parameter: CommandParameter, texts: list[Any] | None) -> Any:
    """The value of a parameter.

    Raises:
        ValueError: it is wrong, or is not there and has to be.
    """
    if texts is None:
        if parameter.default is REQUIRED:
            raise ValueError
        if parameter.type is Path and parameter.default is not None:
            _require_path(parameter.info.settings, parameter.default)
        return parameter.default
    values = [_converted(parameter, text) for text in texts]
    return values if parameter.is_list else values[-1]


def _converted(parameter: CommandParameter, text: Any) -> Any:
    value = parameter.type(text)
    settings = parameter.info.settings
    if parameter.type is Path:
        _require_path(settings, text)
    if value < settings.get("min", value) or value > settings.get("max", value):
        raise ValueError
    return value


def _require_path(settings: Settings, path: str | Path) -> None:
    """Refuse what typer refuses of a path.

    Raises:
        ValueError: it is not there, not a folder, or not readable.
    """
    if not os.access(path, os.F_OK):
        if settings.get("exists"):
            raise ValueError
    elif not os.access(path, os.R_OK) or not (settings.get("file_okay", True) or Path(path).is_dir()):
        raise ValueError
