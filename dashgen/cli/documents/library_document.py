"""What ``dashgen library`` prints as JSON."""

from collections.abc import Iterable
from typing import Annotated, Any

from msgspec import Meta, Struct

from dashgen.core.reporters.json_report import OutputDocument
from dashgen.source.components import Component
from dashgen.source.shipped_components import library_text


class LibraryParameter(Struct, frozen=True):
    """A parameter of a component."""

    name: Annotated[str, Meta(description="Its name below `with:`.")]
    type: Annotated[str, Meta(description="What its values are.")]
    required: Annotated[bool, Meta(description="Whether every use has to give it.")]
    default: Annotated[Any, Meta(description="Its value when a use gives none; null when it is required.")]
    choices: Annotated[list[Any], Meta(description="The values that it may have; empty when they are free.")]
    description: Annotated[str, Meta(description="What it is for.")]


class LibraryComponent(Struct, frozen=True):
    """A component that dashgen ships."""

    name: Annotated[str, Meta(description="What `use:` takes.")]
    summary: Annotated[str, Meta(description="What it is for, in one line.")]
    description: Annotated[str, Meta(description="All about it, in Markdown.")]
    parameters: Annotated[list[LibraryParameter], Meta(description="Its parameters.")]
    yaml: Annotated[str, Meta(description="Its definition.")]


class LibraryDocument(OutputDocument, frozen=True, kw_only=True):
    """The components that dashgen ships."""

    components: Annotated[list[LibraryComponent], Meta(description="The components, by name.")]


def library_document(components: Iterable[Component]) -> LibraryDocument:
    """The document of components."""
    return LibraryDocument(components=[_component(one) for one in components])


def _component(component: Component) -> LibraryComponent:
    parameters = [
        LibraryParameter(
            name=name,
            type=one.type,
            required=one.required,
            default=None if one.required else one.default,
            choices=list(one.one_of),
            description=one.description,
        )
        for name, one in component.parameters.items()
    ]
    text = library_text(component.name)
    return LibraryComponent(component.name, component.summary, component.description, parameters, text)
