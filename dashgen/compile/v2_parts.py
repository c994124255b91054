"""From a path in a dashboard of schema v2 that was built to the part of the specs that it was made from."""

from functools import cached_property

from dashgen.check.v2_places import layout_sections
from dashgen.compile.spec_parts import BuiltParts
from dashgen.core.json_values import Json, at, mapping, text
from dashgen.source.source import Path

_ELEMENT = 3
"""The length of the path to an element, and to an item of the variables: ``("spec", "elements", name)``."""


class V2Parts(BuiltParts):
    """The parts of a spec by paths in the resource of its dashboard in schema v2."""

    @property
    def _spec(self) -> Json:
        return mapping(self._data.get("spec"))

    def _item(self, path: Path) -> tuple[Path, int]:
        """The panel, section, variable or annotation that a path is in, and how long the path to it is."""
        if path[:2] == ("spec", "elements") and len(path) >= _ELEMENT:
            return self._panels.get(str(path[2]), ()), min(len(path), _ELEMENT + 1)
        if path[:2] == ("spec", "layout"):
            return self._in_layout(path)
        number = path[2] if len(path) >= _ELEMENT else None
        if path[:2] == ("spec", "variables") and isinstance(number, int) and number < len(self._variables):
            return self._variables[number], min(len(path), _ELEMENT + 1)
        if path[:2] == ("spec", "annotations"):
            name = at(self._spec, (*path[1:_ELEMENT], "spec", "name"), None)
            return self._annotations.get(str(name), ()), min(len(path), _ELEMENT + 1)
        return (), min(len(path), 1)

    def _in_layout(self, path: Path) -> tuple[Path, int]:
        for length in range(len(path), 1, -1):
            part = self._places.get(path[:length])
            if part is not None:
                below = path[length : length + _ELEMENT]
                if below[:2] == ("spec", "variables") and len(below) == _ELEMENT:
                    return (*part, *below[1:]), length + _ELEMENT
                return part, length
        return (), len(path)

    @cached_property
    def _panels(self) -> dict[str, Path]:
        """The paths of panels by the names of their elements."""
        ids: dict[int, Path] = {}
        for row in self._settled.rows:
            ids |= self._row_panels(row)
        elements = mapping(self._spec.get("elements"))
        numbers = {name: mapping(mapping(one).get("spec")).get("id") for name, one in elements.items()}
        return {name: ids[number] for name, number in numbers.items() if number in ids}

    @cached_property
    def _places(self) -> dict[Path, Path]:
        """The paths of sections and panels in the spec by those in the layout."""
        sections = layout_sections(mapping(self._spec.get("layout")))
        headers = [row.path for row in self._settled.rows if row.title is not None]
        paths = [path for path, own in sections.headers]
        if len(paths) > len(headers) and not text(sections.headers[0][1].get("title")):
            paths = paths[1:]  # what is above the first row stands in a row that no spec has
        places = {("spec", *path): own for path, own in zip(paths, headers, strict=False)}
        items = {("spec", *path): self._panels.get(name, ()) for name, path in sections.items.items()}
        return places | items
