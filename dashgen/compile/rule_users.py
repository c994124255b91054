"""Which files of dashboards use components that bring rules.

Rules are among what other files depend on, so such a file is read before any dashboard is compiled.
Whether it is one is told by its text: reading hundreds of dashboards for it would take as long as
compiling them.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from dashgen.source.components import RULE_GROUPS, SHIPPED
from dashgen.source.load import Document
from dashgen.source.shipped_components import library_component

_NAME: Final = r"[\"']?\s*:\s*[\"']?([\w./-]*)(?P<more>[^\s\"',}#]?)"
# Looking for a text is fifty times as fast as for a boundary.
_USE: Final = re.compile(r"use(?<=\buse)" + _NAME)
_ANY_SHIPPED: Final = SHIPPED
"""A use of some shipped component, of which the text does not say which."""
_ANY: Final = ""
"""A use of some component of which the text says nothing."""


def used_names(text: str) -> tuple[str, ...]:
    """The components that a spec's text uses, sorted.

    A name that is computed, or stands elsewhere, is ``std/`` or empty: it may be any of these, or any at all.
    """
    if "use" not in text:
        return ()
    names = {_ANY if match["more"] else match[1] for match in _USE.finditer(text)}
    if _ANY in names and SHIPPED in text:
        names.add(_ANY_SHIPPED)
    return tuple(sorted(names))


class RuleUsers:
    """Tells which components bring rules, by themselves or by components that they use.

    Args:
        documents: the documents of kind `Components`.
    """

    def __init__(self, documents: Iterable[Document]) -> None:
        self._definitions: dict[str, Any] = {}
        for document in documents:
            components = document.data.get("components")
            if isinstance(components, dict):
                self._definitions |= {str(name): value for name, value in components.items()}
        self._known: dict[str, bool] = {}

    def bring_rules(self, names: Collection[str]) -> bool:
        """Whether one of the components with these names (see `used_names`) brings rules."""
        return any(self._brings(name) for name in names)

    def _brings(self, name: str) -> bool:
        if name not in self._known:
            self._known[name] = False  # a component that uses itself brings nothing by that
            self._known[name] = self._finds(name)
        return self._known[name]

    def _finds(self, name: str) -> bool:
        if name == _ANY_SHIPPED:
            return True
        if name == _ANY:
            return any(self._brings(own) for own in self._definitions)
        definition = self._definition(name)
        return RULE_GROUPS in definition or self.bring_rules(set(_uses(definition)))

    def _definition(self, name: str) -> Mapping[str, Any]:
        if not name.startswith(SHIPPED):
            definition = self._definitions.get(name)
            return definition if isinstance(definition, dict) else {}
        component = library_component(name)
        data = component.origin.document.data if component else {}
        definition = data.get("components", {}).get(name, {})
        return definition if isinstance(definition, dict) else {}


def _uses(data: object) -> Iterator[str]:
    """The names of components that plain data uses, as in `used_names`."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "use" and isinstance(value, str):
                yield from used_names(f"use: {value}")
            else:
                yield from _uses(value)
    elif isinstance(data, list):
        for item in data:
            yield from _uses(item)
