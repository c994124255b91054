"""The groups of rules that a use of a component brings along."""

from typing import Any

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.source.components import RULE_GROUPS
from dashgen.source.deep_merge import merge_under
from dashgen.source.provenance import Origin, Resolved
from dashgen.source.source import Path

_OF_EACH_RULE = ("datasource", "labels")
_OF_EACH_ALERT = (*_OF_EACH_RULE, "annotations", "contact_point", "outputs")
_JOINED = ("labels", "annotations")


class BroughtGroup(Struct, frozen=True):
    """A group of rules that a use brought.

    Attributes:
        key: the key of the document that the use is below, such as ``rows``.
        groups: all groups of the component for this use, as one document.
        number: which of them it is.
    """

    key: str
    groups: Resolved
    number: int

    @property
    def data(self) -> Json:
        """The keys of the group."""
        group: Json = self.groups.data[RULE_GROUPS][self.number]
        return group

    def document(self) -> Resolved:
        """The group as a document of its own."""
        data = {"kind": "AlertRules", **self.data}
        origins = self.groups.origins_below((RULE_GROUPS, self.number), ())
        return Resolved(self.groups.document, data, origins, self.groups.broken)

    def rules(self) -> list[Any]:
        """The rules as they are in another group: what this group says of each of them is in it."""
        rules = self.data.get("rules")
        return rules if isinstance(rules, list) else []

    def rule(self, number: int, path: Path, origins: dict[Path, Origin]) -> Any:
        """One of the rules as it is in another group, with what this group says of all of them.

        Args:
            number: which of `rules`.
            path: its path in that group.
            origins: gets where its values were written.
        """
        group: Path = (RULE_GROUPS, self.number)
        origins.update(self.groups.origins_below((*group, "rules", number), path))
        rule = self.rules()[number]
        if not isinstance(rule, dict):
            return rule
        keys = _OF_EACH_ALERT if "alert" in rule else _OF_EACH_RULE
        shared = {key: self.data[key] for key in keys if key in self.data}
        return merge_under(rule, shared, path, self.groups.origin(group), origins, _JOINED)
