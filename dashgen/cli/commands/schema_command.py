"""``dashgen schema``."""

import json
import sys
from typing import Annotated

from dashgen.cli.options import usage_error
from dashgen.cli.parameters import Argument
from dashgen.core.diagnostics import nearest
from dashgen.project.schema import SCHEMA_KINDS, editor_schema
from dashgen.project.schema.schema_outline import outline, outline_names


def schema(
    kind: Annotated[
        str | None,
        Argument(
            metavar="KIND",
            help="A kind of spec, or `project` for dashgen.yaml; default: every kind. For a part, such as "
            "`panel`, `stat` or `query`, print a short list of its keys.",
            completion="kinds_of_specs",
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of specs for editors.

    With it, editors with a YAML language server complete, explain and check specs.

    Example: dashgen schema > .vscode/dashgen.schema.json
    """
    # Kinds are written in any case: `dashgen schema dashboard`.
    kinds = {name.lower(): name for name in SCHEMA_KINDS}
    if kind is not None and kind.lower() not in kinds:
        text = outline(kind)
        if text is None:
            usage_error(f"there is no kind `{kind}`", nearest(kind, [*SCHEMA_KINDS, *outline_names()]))
        sys.stdout.write(text)
        return
    document = editor_schema(kinds[kind.lower()] if kind is not None else None)
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
