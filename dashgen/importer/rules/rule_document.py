"""Write the keys of rules as documents, in which what all rules of a group share is once."""

from collections.abc import Iterable

from msgspec import Struct, field

from dashgen.core.json_values import Json
from dashgen.formats.upgrade.notes import Notes
from dashgen.model.alert_rules import AlertRules, slug
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.document import SpecDocument

_DEFAULT_INTERVAL = "1m"
_LONGEST_NAME = 190


class ImportedRules(Struct):
    """The documents of the rules and notifications in one input.

    Attributes:
        name: a name for their file.
        text: the documents as text.
        documents: the documents, their keys in the order in which people write them.
        notes: what is lost, converted and kept in ``raw:``.
        rules: how many rules there were.
        written: how many of them are in the documents.
        exact: how many of those need no ``raw:``.
        lines: how many lines the source had.
        sources: the data sources that the documents name.
        differences: the documents that the text does not give back exactly; empty when all went well.
    """

    name: str
    text: str = ""
    documents: list[Json] = []
    notes: Notes = field(default_factory=Notes)
    rules: int = 0
    written: int = 0
    exact: int = 0
    lines: int = 0
    sources: dict[str, DataSourceRef] = {}
    differences: list[str] = []


class NamesInUse(Struct):
    """Names that are in use, by the project or by an earlier import of the same run."""

    uids: set[str] = set()
    groups: set[str] = set()

    def uid(self, keys: Json, *, qualifier: str | None = None) -> str | None:
        """A uid for a rule whose name alone would give one that is in use; nothing when it would not."""
        own = keys.get("uid") or slug(keys["alert"], "rule")
        if own not in self.uids:
            self.uids.add(own)
            return None
        free_uid = qualifier and slug(f"{keys['alert']}-{qualifier}", "rule")
        number = 2
        while not free_uid or free_uid in self.uids:
            free_uid, number = slug(f"{keys['alert']}-{number}", "rule"), number + 1
        self.uids.add(free_uid)
        return free_uid

    def group(self, name: str) -> str:
        """The group's name, with a number when there is one of that name."""
        free_name, number = name, 2
        while slug(free_name, "group") in self.groups:
            free_name, number = f"{name}-{number}", number + 1
        self.groups.add(slug(free_name, "group"))
        return free_name


def names_of(documents: Iterable[SpecDocument[AlertRules]]) -> NamesInUse:
    """The names of a project's rules and groups."""
    names = NamesInUse()
    for document in documents:
        names.groups.add(slug(document.model.group, "group"))
        for rule in document.model.rules:
            if isinstance(rule.get("alert"), str):
                names.uids.add(str(rule.get("uid") or slug(rule["alert"], "rule")))
    return names


def group_document(name: str, head: Json, rules: list[Json]) -> Json:
    """An ``AlertRules`` document.

    Args:
        name: the group's name.
        head: the other keys of the group.
        rules: the keys of the rules.
    """
    document: Json = {"kind": "AlertRules", "group": name[:_LONGEST_NAME] or "imported", **head}
    if document.get("interval") == _DEFAULT_INTERVAL:
        del document["interval"]
    # Labels of the group reach every rule, so only what all of them have can move there.
    shared = _shared(rules)
    for rule in rules:
        if shared and rule.get("labels"):
            rest = {key: value for key, value in rule["labels"].items() if key not in shared}
            rule |= {"labels": rest}
            if not rest:
                del rule["labels"]
    sources = {rule.get("datasource") for rule in rules}
    if len(sources) == 1 and (source := sources.pop()):
        document["datasource"] = source
        for rule in rules:
            del rule["datasource"]
    return {**document, **({"labels": shared} if shared else {}), "rules": rules}


def _shared(rules: list[Json]) -> Json:
    """The labels that every one of several rules has."""
    if len(rules) < 2:
        return {}
    first = rules[0].get("labels", {})
    return {
        key: value
        for key, value in first.items()
        if all(r.get("labels", {}).get(key) == value for r in rules)
    }
