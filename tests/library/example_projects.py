"""Projects that use shipped components as their examples do."""

from pathlib import Path
from typing import NamedTuple

from dashgen.model.library_example import LibraryExample
from dashgen.project.inspection import Inspection, inspect_project
from dashgen.project.library_project import library_examples, write_example
from dashgen.source.components import Component
from dashgen.source.shipped_components import library_component, library_names


class ShippedExample(NamedTuple):
    """A shipped component with one of its examples."""

    component: Component
    example: LibraryExample

    def __str__(self) -> str:
        return f"{self.component.name}: {self.example.title}"

    def project(self, folder: Path) -> Path:
        """Its project in a new folder below this one."""
        root = folder / self.component.name.replace("/", "-")
        root.mkdir()
        write_example(root, self.component, self.example)
        return root

    def inspection(self, folder: Path) -> Inspection:
        """Its project, read and settled."""
        return inspect_project(self.project(folder))


def component_of(name: str) -> Component:
    """A shipped component that there is."""
    component = library_component(name)
    assert component is not None
    return component


def shipped_examples() -> list[ShippedExample]:
    """Every example of every shipped component."""
    components = [component_of(name) for name in library_names()]
    return [ShippedExample(one, example) for one in components for example in library_examples(one)]


def shipped_example(name: str, number: int = 0) -> ShippedExample:
    """One example of a shipped component, such as `std/slo`."""
    component = component_of(name)
    return ShippedExample(component, library_examples(component)[number])
