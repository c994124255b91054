"""The page about what commands print as JSON."""

from collections.abc import Iterator
from typing import Final

from dashgen.cli.documents import OUTPUTS, output_schema
from dashgen.cli.reference.markdown_tables import escaped_cell
from dashgen.core.reporters.json_report import VERSION
from dashgen.formats.resources import KINDS
from dashgen.project.schema.schema_shapes import Schema

_INTRO: Final = f"""\
# JSON output

With `--format json` a command prints one object, whose `version` is {VERSION}. Keys may be added without a new version.
`dashgen schema output COMMAND` prints the same as a JSON Schema.
"""


_FINDINGS: Final = "FindingsDocument"
_FINDING: Final = "ReportedFinding"
"""Described where it is all that a command prints."""


def output_page() -> str:
    """The page: a table of keys for each form of document, with the commands that print it."""
    commands_by_forms: dict[tuple[str, ...], list[str]] = {}
    for command, forms in OUTPUTS.items():
        commands_by_forms.setdefault(forms, []).append(command)
    sections = [
        "\n".join([f"## {' · '.join(commands)}", "", *_section(output_schema(commands[:1]))])
        for commands in commands_by_forms.values()
    ]
    kinds = "\n".join(f"| `{kind}` | {name} |" for kind, name in KINDS.items())
    return "\n".join([_INTRO, *sections, f"## Kinds\n\n| `kind` | |\n|---|---|\n{kinds}\n"])


def _section(schema: Schema) -> Iterator[str]:
    definitions = schema["$defs"]
    for form in schema.get("anyOf", [schema]):
        definition = _definition(form, definitions)
        yield definition["description"]
        yield ""
        yield "| key | |"
        yield "|---|---|"
        shows_findings = schema.get("$ref", "").endswith(_FINDINGS)
        yield from _rows(definition, definitions, shows_findings=shows_findings)
        yield ""


def _rows(
    definition: Schema, definitions: Schema, prefix: str = "", *, shows_findings: bool
) -> Iterator[str]:
    """A row for each key, and below it those of the objects in it; with or without those of findings."""
    for name, shape in definition["properties"].items():
        if not prefix and name == "version":
            continue
        path = f"{prefix}{name}"
        yield f"| `{path}` | {escaped_cell(shape['description'])} |"
        for inner, suffix in _objects(shape):
            if inner["$ref"].endswith(_FINDING) and not shows_findings:
                continue
            yield from _rows(
                _definition(inner, definitions),
                definitions,
                f"{path}{suffix}.",
                shows_findings=shows_findings,
            )


def _objects(shape: Schema) -> Iterator[tuple[Schema, str]]:
    """The objects in a value, and how a path goes on to them."""
    if "$ref" in shape:
        yield shape, ""
    for choice in shape.get("anyOf", ()):
        yield from _objects(choice)
    for key, suffix in (("items", "[]"), ("additionalProperties", ".*")):
        inner = shape.get(key)
        if isinstance(inner, dict):
            for member, more in _objects(inner):
                yield member, suffix + more


def _definition(reference: Schema, definitions: Schema) -> Schema:
    definition: Schema = definitions[reference["$ref"].rpartition("/")[2]]
    return definition
