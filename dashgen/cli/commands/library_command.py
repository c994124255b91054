"""``dashgen library``."""

import sys
from enum import StrEnum
from typing import Annotated

from dashgen.cli.options import usage_error
from dashgen.cli.output import print_json
from dashgen.cli.parameters import Argument, Option
from dashgen.core.diagnostics import nearest
from dashgen.core.reporters.text_table import draw_table
from dashgen.source.components import SHIPPED, Component, Parameter
from dashgen.source.shipped_components import library_component, library_names, library_text


class LibraryFormat(StrEnum):
    """Output formats of components."""

    TEXT = "text"
    JSON = "json"
    YAML = "yaml"


def library(
    name: Annotated[
        str | None,
        Argument(
            metavar="NAME",
            help="A component, such as `slo` or `std/slo`; all when absent.",
            completion="library_components",
        ),
    ] = None,
    output_format: Annotated[
        LibraryFormat,
        Option("--format", "-f", help="Output format; `yaml` is a copy to change, under a name of your own."),
    ] = LibraryFormat.TEXT,
) -> None:
    """List the components that specs can use, or print one: what it is for, its parameters, its YAML.

    Example: dashgen library slo
    """
    components = _components(name)
    if output_format is LibraryFormat.JSON:
        # Its module knows msgspec's descriptions, which texts do not need.
        from dashgen.cli.documents.library_document import library_document

        print_json(library_document(components))
    elif output_format is LibraryFormat.YAML:
        sys.stdout.write("---\n".join(map(_copy, components)))
    elif name is None:
        sys.stdout.write(draw_table(("NAME", "WHAT IT IS FOR"), [(c.name, c.summary) for c in components]))
    else:
        sys.stdout.write(_page(components[0]))


def _components(name: str | None) -> list[Component]:
    """The named component, or all."""
    names = library_names()
    if name is not None:
        full = name if name.startswith(SHIPPED) else SHIPPED + name
        if full not in names:
            usage_error(f"there is no component `{full}`", nearest(full, names))
        names = (full,)
    return [component for one in names if (component := library_component(one)) is not None]


def _page(component: Component) -> str:
    lines = [component.name, "", component.description.strip(), "", "Parameters:", ""]
    rows = [(name, one.type, _default(one), one.description) for name, one in component.parameters.items()]
    table = draw_table(("NAME", "TYPE", "DEFAULT", "WHAT IT IS"), rows)
    return "\n".join([*lines, table, library_text(component.name)])


def _default(parameter: Parameter) -> str:
    if parameter.required:
        return "(required)"
    return "" if parameter.default is None else str(parameter.default)


def _copy(component: Component) -> str:
    """The YAML of a component under its name without `std/`, which a project can have."""
    own = component.name.removeprefix(SHIPPED)
    return library_text(component.name).replace(f"  {component.name}:\n", f"  {own}:\n", 1)
