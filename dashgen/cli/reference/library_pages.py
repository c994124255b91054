"""The pages of shipped components: what each is for, its parameters, what it brings, and an example."""

from collections.abc import Iterable, Iterator

from dashgen.cli.reference.markdown_tables import escaped_cell
from dashgen.preview.library_pictures import example_picture
from dashgen.project.library_contents import BroughtPart, brought_parts, inspected_example
from dashgen.project.library_project import library_examples, use_of
from dashgen.source.components import SHIPPED, Component, Parameter
from dashgen.source.shipped_components import library_component, library_names, library_text
from dashgen.source.writing import mapping_lines

FOLDER = "library"
_INTRO = (
    "Components that every project can use: `use: std/NAME`. [The library](../../library.md) has how; "
    "`dashgen library NAME` prints a component and its YAML."
)


def library_pages() -> Iterator[tuple[str, str]]:
    """The text of each page by its name, and the picture of its first example."""
    components = [one for name in library_names() if (one := library_component(name)) is not None]
    for component in components:
        picture = _picture(component)
        yield f"{FOLDER}/{_short(component)}.md", "\n".join(_page(component, has_picture=bool(picture)))
        if picture:
            yield f"{FOLDER}/{_short(component)}.svg", f"{picture}\n"
    lines = [f"| [{one.name}]({_short(one)}.md) | {escaped_cell(one.summary)} |" for one in components]
    head = ["# The library\n", f"{_INTRO}\n", "| component | what it is for |", "|---|---|"]
    yield f"{FOLDER}/README.md", "\n".join([*head, *lines]) + "\n"


def _short(component: Component) -> str:
    return component.name.removeprefix(SHIPPED)


def _picture(component: Component) -> str | None:
    examples = library_examples(component)
    return example_picture(examples[0], inspected_example(component, examples[0])) if examples else None


def _page(component: Component, *, has_picture: bool) -> Iterator[str]:
    yield f"# {component.name}\n\n{component.description.strip()}\n"
    for number, example in enumerate(library_examples(component)):
        if number == 0:
            yield "## Example\n"
        use = "\n".join(mapping_lines({"rows": [use_of(component, example)]}, 0)).partition("\n")[2]
        yield f"{example.title}:\n\n```yaml\n{use}\n```\n"
        if number == 0 and has_picture:
            yield f"![{example.title}, on made-up data]({_short(component)}.svg)\n"
        if number == 0:
            yield from _brought(brought_parts(inspected_example(component, example)))
    yield "## Parameters\n"
    yield (
        "\n".join(["| parameter | takes | default | |", "|---|---|---|---|", *_parameters(component)]) + "\n"
    )
    definition = library_text(component.name).partition("    examples:")[0].rstrip()
    # Its description may have fences of its own.
    yield f"## Definition\n\n````yaml\n{definition}\n````\n"


def _brought(parts: Iterable[BroughtPart]) -> Iterator[str]:
    rows = [f"| {part.kind} | {escaped_cell(part.name)} | {escaped_cell(part.text)} |" for part in parts]
    if rows:
        yield "It brings:\n"
        yield "\n".join(["| | name | |", "|---|---|---|", *rows]) + "\n"


def _parameters(component: Component) -> Iterator[str]:
    for name, one in component.parameters.items():
        takes = ", ".join(f"`{value}`" for value in one.one_of) or one.type
        cells = [f"`{name}`", takes, _default(one), one.description]
        yield f"| {' | '.join(escaped_cell(cell) for cell in cells)} |"


def _default(parameter: Parameter) -> str:
    if parameter.required:
        return "**required**"
    return "" if parameter.default in (None, "", [], {}) else f"`{parameter.default}`"
