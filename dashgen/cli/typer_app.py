"""The command line built with typer, for usage errors, help in any width, and completion of values.

A command's module is imported only when that command is called.
"""

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from dashgen.cli.app import COMMANDS, command_function
from dashgen.cli.known_answers import summary_of
from dashgen.cli.parameters import REQUIRED, Option, call_with, parameters_of
from dashgen.core.version import VERSION

GROUPS = {
    "": "Dashboards as code: YAML specs become Grafana dashboards, alert rules and provisioning files.",
    "metrics": "Compare the metric contract with an application, or create it from one.",
    "stack": "Set up the compose stack around the dashboards.",
}
"""The help of `dashgen` itself and of its groups of commands."""
_SETTINGS: Mapping[str, Any] = {
    "no_args_is_help": True,
    # Importing rich costs half of a start.
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
}


class LazyGroup(TyperGroup):
    """A group of commands that imports a command when it is named."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        below = [name.removeprefix(self.prefix) for name in COMMANDS if name.startswith(self.prefix)]
        # Stand-ins, from which typer lists the commands and suggests one for a misspelt name.
        self.commands = {
            name: TyperCommand(name, help=summary_of(self.prefix + name))
            for name in dict.fromkeys(name.partition(" ")[0] for name in below)
        }

    @property
    def prefix(self) -> str:
        """The start of the group's names in `COMMANDS`, such as ``metrics``, with the blank after it."""
        return f"{self.name} " if self.name in GROUPS else ""

    def list_commands(self, ctx: object) -> list[str]:
        """The names of the commands, in the order of the help."""
        del ctx
        return list(self.commands)

    def get_command(self, ctx: object, cmd_name: str) -> Any:
        """The command or group with a name; None when there is none."""
        del ctx
        if cmd_name not in self.commands:
            return None
        name = self.prefix + cmd_name
        return _group(name, type(self)) if name in GROUPS else _command(name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands and their first sentences, without importing them."""
        TyperGroup(commands=dict(self.commands)).format_commands(ctx, formatter)


@cache
def typer_command(group: type[LazyGroup] = LazyGroup) -> Callable[..., object]:
    """The whole command line as a function, built once a process."""
    app = typer.Typer(
        name="dashgen",
        cls=group,
        help=GROUPS[""],
        context_settings={"help_option_names": ["-h", "--help"]},
        **_SETTINGS,
    )
    app.callback()(_options)
    return get_command(app)


def _version(is_set: bool) -> None:
    if is_set:
        typer.echo(f"dashgen {VERSION}")
        raise typer.Exit


def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


def _group(name: str, group: type[LazyGroup]) -> Any:
    app = typer.Typer(name=name, cls=group, help=GROUPS[name], add_completion=False, **_SETTINGS)
    app.callback()(lambda: None)
    return get_command(app)


def _command(name: str) -> Any:
    app = typer.Typer(add_completion=False, **_SETTINGS)
    app.command(name.rpartition(" ")[2])(_for_typer(command_function(name)))
    return get_command(app)


def _completer(name: str) -> Callable[[str], list[str]]:
    """A function that imports and calls one of `value_completion`, whose imports are slow."""

    def complete(incomplete: str) -> list[str]:
        values: list[str] = getattr(import_module("dashgen.cli.value_completion"), name)(incomplete)
        return values

    return complete


def _for_typer(command: Callable[..., None]) -> Callable[..., None]:
    """A function that calls a command, with parameters declared in typer's way and without groups."""

    def called(**arguments: Any) -> None:
        call_with(command, arguments)

    called.__doc__ = command.__doc__
    called.__name__ = command.__name__
    parameters = []
    for parameter in parameters_of(command):
        info = parameter.info
        settings: dict[str, Any] = dict(info.settings)
        if "completion" in settings:
            settings["autocompletion"] = _completer(settings.pop("completion"))
        declared: Any = typer.Argument(**settings)
        if isinstance(info, Option):
            declared = typer.Option(*info.names, **settings)
        default = inspect.Parameter.empty if parameter.default is REQUIRED else parameter.default
        parameters.append(
            inspect.Parameter(
                parameter.name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=default,
                annotation=Annotated[parameter.annotation, declared],
            )
        )
    # Typer reads the signature and the annotations, and looks at neither the body nor the arguments.
    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    called.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return called
