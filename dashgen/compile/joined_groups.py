"""The groups of rules that components bring, joined into one document for each group."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.diagnostics import Diagnostic, Related
from dashgen.core.json_values import Json
from dashgen.source.provenance import Origin, Resolved
from dashgen.source.source import Path

_CONFLICT: Final = "component/rule-conflict"
_RULES: Final = "rules"
_RuleKey: TypeAlias = tuple[str, ...]


class PlacedGroup(Struct, frozen=True):
    """A group of rules that a document brought, and the folder that it has unless it names one.

    ``folder`` is a title or path of titles, with where it was written.
    """

    group: Resolved
    folder: tuple[str, Origin] | None = None


class _Meaning(Struct, frozen=True):
    """A rule, and the part of a document that it is."""

    rule: Json
    group: Resolved
    path: Path


def joined_groups(groups: Iterable[PlacedGroup], problems: list[Diagnostic]) -> Iterator[Resolved]:
    """One document for each group of rules that components bring.

    Equal rules of one group count once; others are joined in their order.

    Args:
        groups: the groups, in the order of the uses that brought them.
        problems: gets rules that have two meanings, and groups with two values of a key, each at the
            later use.
    """
    joiner = _Joiner(problems)
    for placed in groups:
        joiner.add(placed)
    yield from joiner.groups.values()


class _Joiner:
    def __init__(self, problems: list[Diagnostic]) -> None:
        self.problems = problems
        self.groups: dict[object, Resolved] = {}
        self.folders: set[object] = set()
        self.meanings: dict[_RuleKey, _Meaning] = {}

    def add(self, placed: PlacedGroup) -> None:
        group = placed.group
        name = group.data.get("group")
        # A group without a name is reported where it is typed, like any other.
        key = name if isinstance(name, str) else object()
        earlier = self.groups.get(key)
        own_folder = "folder" in group.data
        if earlier is None:
            rules = group.data.get(_RULES)
            data = {**group.data, _RULES: []} if isinstance(rules, list) else group.data
            earlier = self.groups[key] = replace(group, data=data, origins=_without_rules(group.origins))
            if not own_folder and placed.folder is not None:
                title, earlier.origins[("folder",)] = placed.folder
                earlier.data = {**earlier.data, "folder": title}
            if not own_folder:
                self.folders.add(key)
        else:
            self.compare(earlier, group, {"folder"} if key in self.folders or not own_folder else set())
        if isinstance(group.data.get(_RULES), list) and isinstance(earlier.data.get(_RULES), list):
            self.join(earlier, group)

    def compare(self, earlier: Resolved, group: Resolved, ignored: set[str]) -> None:
        """Report the keys of a group that are other than those of its first use."""
        for key in sorted({*earlier.data, *group.data} - {_RULES, *ignored}):
            if earlier.data.get(key) != group.data.get(key):
                message = f"the group `{group.data['group']}` has another `{key}` here than in an earlier use"
                hint = "give the two the same, or groups of their own"
                path: Path = (key,) if key in group.data else ()
                self.report(group, path, message, hint, (earlier, (key,) if key in earlier.data else ()))

    def join(self, earlier: Resolved, group: Resolved) -> None:
        """Add the rules of a group that are not there yet."""
        rules: list[Any] = earlier.data[_RULES]
        for number, rule in enumerate(group.data[_RULES]):
            path: Path = (_RULES, number)
            key = _key(rule)
            first = self.meanings.get(key) if key else None
            if first is not None and first.rule != rule:
                message = f"the rule `{key[1]}` has another meaning here than in an earlier use"
                hint = "give the two uses other arguments, so that their rules have names of their own"
                self.report(group, path, message, hint, (first.group, first.path))
            elif first is None or first.group.data["group"] != group.data["group"]:
                target: Path = (_RULES, len(rules))
                earlier.origins.update(group.origins_below(path, target))
                rules.append(rule)
            if key and first is None:
                self.meanings[key] = _Meaning(rule, group, path)

    def report(
        self, group: Resolved, path: Path, message: str, hint: str, first: tuple[Resolved, Path]
    ) -> None:
        finding = group.diagnostic(_CONFLICT, message, path, hint)
        other = Related("the earlier one", first[0].origin(first[1]).location())
        related = tuple(dict.fromkeys((*finding.related, other, *first[0].origin(first[1]).related())))
        self.problems.append(replace(finding, related=related))


def _key(rule: object) -> _RuleKey:
    """What makes a rule the same as another one; nothing for what is no rule, which is reported elsewhere."""
    if not isinstance(rule, dict):
        return ()
    labels = rule.get("labels")
    pairs = sorted(labels.items()) if isinstance(labels, dict) else []
    shown = [f"{label}={value}" for label, value in pairs]
    if isinstance(name := rule.get("alert"), str):
        return ("alert", name, *(str(rule.get(key, "")) for key in ("uid", "severity")), *shown)
    if isinstance(name := rule.get("record"), str):
        return ("record", name, *shown)
    return ()


def _without_rules(origins: dict[Path, Origin]) -> dict[Path, Origin]:
    return {path: origin for path, origin in origins.items() if path[:1] != (_RULES,)}
