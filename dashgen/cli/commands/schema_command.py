"""``dashgen schema``."""

import json
import sys
from typing import Annotated, Final

from dashgen.cli.documents import OUTPUTS, output_schema
from dashgen.cli.options import usage_error
from dashgen.cli.parameters import Argument
from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json
from dashgen.project.schema import SCHEMA_KINDS, editor_schema
from dashgen.project.schema.schema_outline import outline, outline_names

_OUTPUT: Final = "output"
"""Stands for what commands print, beside the kinds of specs."""


def schema(
    kind: Annotated[
        str | None,
        Argument(
            metavar="KIND",
            help="A kind of spec, or `project` for dashgen.yaml; default: every kind. For a part, such as "
            "`panel`, `stat` or `query`, print a short list of its keys. `output` is what commands print with "
            "`--format json`.",
            completion="kinds_of_specs",
        ),
    ] = None,
    command: Annotated[
        list[str] | None,
        Argument(metavar="COMMAND", help="With `output`: a command, such as `build`; default: all."),
    ] = None,
) -> None:
    """Print the JSON Schema of specs for editors, or of the JSON that commands print.

    With it, editors with a YAML language server complete, explain and check specs.

    Example: dashgen schema > .vscode/dashgen.schema.json
    """
    if kind == _OUTPUT:
        _print_output_schema(" ".join(command or []))
        return
    if command:
        usage_error(f"`{' '.join(command)}` is one argument too many", "only `output` has a command")
    # Kinds are written in any case: `dashgen schema dashboard`.
    kinds = {name.lower(): name for name in SCHEMA_KINDS}
    if kind is not None and kind.lower() not in kinds:
        text = outline(kind)
        if text is None:
            usage_error(f"there is no kind `{kind}`", nearest(kind, [*SCHEMA_KINDS, *outline_names()]))
        sys.stdout.write(text)
        return
    document = editor_schema(kinds[kind.lower()] if kind is not None else None)
    _print_schema(document)


def _print_output_schema(command: str) -> None:
    """Print the schema of a command's JSON, or of that of any command.

    Raises:
        DashgenError: no such command prints JSON.
    """
    if command and command not in OUTPUTS:
        usage_error(f"no command `{command}` prints JSON", nearest(command, OUTPUTS))
    _print_schema(output_schema([command] if command else sorted(OUTPUTS)))


def _print_schema(document: Json) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
