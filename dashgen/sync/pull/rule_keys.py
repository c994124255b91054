"""What a rule says differently in a Grafana, as changes of the words that its author used."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal, DecimalException
from typing import Any

from dashgen.core.json_values import ABSENT, Json, at, mapping, mappings, text
from dashgen.importer.rules.built_rules import GroupContext
from dashgen.importer.rules.recording import recording_keys
from dashgen.importer.rules.rule_keys_of import rule_keys
from dashgen.model.condition import UNITS, Condition, parse_condition
from dashgen.model.duration import milliseconds, one_unit
from dashgen.source.source import Path
from dashgen.source.spec_text import protected
from dashgen.sync.pull.dashboard_keys import differing_words
from dashgen.sync.pull.data_changes import DataChange, onto
from dashgen.sync.pull.value_origins import REMOVED, Carried

_ASKING = frozenset({"query", "queries", "on", "datasource", "when", "recover", "reduce", "over"})
_TOGETHER = (_ASKING, frozenset({"alert", "uid"}), frozenset({"severity", "labels"}))
_TIMES = frozenset({"for", "keep_firing_for", "over"})
_CONDITIONS = frozenset({"when", "recover"})
_WHOLE = ("data", "condition")
_BESIDE = ("relativeTimeRange",)
_ROUNDED = Context(prec=15)
_NUMBER = re.compile(r"(?P<money>[$€£]?)[-+]?[\d.]+(?:[eE][-+]?\d+)?(?P<space>\s*)(?P<unit>[^\s\d]*)")
RuleOptions = list[list[DataChange]]


@dataclass(slots=True)
class RuleChanges:
    """The ways to make a rule say what it says in a Grafana.

    Attributes:
        options: for each word, or words that only make sense together, what to try, the smallest first.
        missing: what the language has no word for, as a sentence.
    """

    options: list[RuleOptions] = field(default_factory=list)
    missing: str = ""


def rule_changes(
    built: Mapping[str, Any], live: Mapping[str, Any], data: Any, path: Path, around: GroupContext
) -> RuleChanges:
    """How the words of a rule have to change.

    Args:
        built: the rule as the specs build it.
        live: the rule as it is there.
        data: the resolved data of the document.
        path: the place of the rule in it.
        around: what the rule stands in.
    """
    old, _ = said_words(built, around)
    new, missing = said_words(live, around)
    if not old or not new:
        return RuleChanges(missing=missing)
    if _is_whole(new) and at(data, (*path, "raw", "data")) is ABSENT:
        # Its queries have no words, and words that only stand in for them would say something else.
        old, new = _without(old, _ASKING), _without(new, _ASKING, whole=True)
    else:
        missing = ""
    options_by_key = {
        word: options
        for word, before, after in differing_words(old, new)
        if (options := list(_options(data, path, word, before, after)))
    }
    if not missing and not _ASKING & options_by_key.keys():
        options_by_key |= _beside(built, live, data, path)
    return RuleChanges(list(_grouped(options_by_key)), missing)


def _beside(
    built: Mapping[str, Any], live: Mapping[str, Any], data: Any, path: Path
) -> dict[str, RuleOptions]:
    """What changed of queries although they ask the same, such as a time that they do not look at, as their ``raw``."""
    ours, theirs = (
        {text(one.get("refId")): one for one in mappings(rule.get("data"))} for rule in (built, live)
    )
    if list(ours) != list(theirs):
        return {}
    options_by_key: dict[str, RuleOptions] = {}
    for number, ref in enumerate(ours):
        live_values = {
            key: theirs[ref].get(key) for key in _BESIDE if ours[ref].get(key) != theirs[ref].get(key)
        }
        query_path = _query_place(data, path, ref, number)
        written_query = at(data, query_path)
        if not live_values or written_query is ABSENT:
            continue
        if query_path[-1] == "query":
            whole = (*path, "queries", ref)
            changes = [
                DataChange((*whole, "query"), Carried(query_path)),
                DataChange((*whole, "raw"), live_values),
            ]
        elif isinstance(written_query, str):
            changes = [DataChange(query_path, {"query": written_query, "raw": live_values})]
        else:
            changes = [DataChange((*query_path, "raw", key), value) for key, value in live_values.items()]
        options_by_key[f"queries {ref}"] = [changes]
    return options_by_key


def _query_place(data: Any, path: Path, ref: str, number: int) -> Path:
    queries = at(data, (*path, "queries"))
    if queries is ABSENT:
        return (*path, "query")
    return (*path, "queries", number if isinstance(queries, list) else ref)


def said_words(rule: Mapping[str, Any], around: GroupContext) -> tuple[Json, str]:
    """A rule in words, and what of it has none; empty when nothing can be said."""
    record = mapping(rule.get("record"))
    if record:
        spelled = {**record, "targetDatasourceUid": record.get("target_datasource_uid")}
        keys, left = recording_keys({**rule, "record": spelled}, around)
    else:
        keys, left = rule_keys(rule, around)
    return protected(keys), "; ".join(one.what for one in left if one.kind != "converted")


def new_rule(live: Mapping[str, Any], group: Json, around: GroupContext) -> tuple[list[Json], str]:
    """A rule that somebody added in Grafana, in words for a group: what to try, or why there is nothing.

    Args:
        live: the rule.
        group: the group's data.
        around: what the rule stands in.
    """
    keys, missing = said_words(live, around)
    if not keys or _is_whole(keys):
        return [], missing
    shared = mapping(group.get("labels"))
    labels = {key: value for key, value in mapping(keys.get("labels")).items() if shared.get(key) != value}
    keys = {**keys, "labels": labels} if labels else _without(keys, {"labels"})
    return ([keys] if "record" in keys else [keys, {**keys, "outputs": ["grafana"]}]), missing


def _is_whole(keys: Json) -> bool:
    return any(key in mapping(keys.get("raw")) for key in _WHOLE)


def _without(keys: Json, dropped: frozenset[str] | set[str], *, whole: bool = False) -> Json:
    """Words without some of them, and without what a raw rule asks unless the whole is wanted."""
    rest = {key: value for key, value in keys.items() if key not in dropped}
    if "raw" in rest and not whole:
        rest["raw"] = {key: value for key, value in rest["raw"].items() if key not in _WHOLE}
    return {key: value for key, value in rest.items() if key != "raw" or value}


def _options(data: Any, path: Path, word: str, old: Any, new: Any) -> Iterator[list[DataChange]]:
    key_path = (*path, word)
    written = at(data, key_path)
    if word in _CONDITIONS and isinstance(written, str) and isinstance(new, str):
        yield from ([DataChange(key_path, condition)] for condition in in_units(written, new))
    if word in _TIMES and isinstance(new, str):
        length = milliseconds(new)
        new = one_unit(length) if length is not None and length % 1000 == 0 else new
    if word in ("labels", "annotations"):
        yield from _texts(data, path, word, mapping(old), mapping(new))
        return
    yield from onto(data, key_path, old, new)


def _texts(data: Any, path: Path, word: str, old: Json, new: Json) -> Iterator[list[DataChange]]:
    """Labels or annotations, name by name; those of the group are overridden, or taken away with ``raw``."""
    changed = {key: value for key, value in new.items() if key not in old or old[key] != value}
    removed_names = [key for key in old if key not in new]
    own = mapping(at(data, (*path, word)))
    base = [DataChange((*path, word, key), value) for key, value in changed.items()]
    base += [DataChange((*path, word, key), REMOVED) for key in removed_names if key in own]
    more = [DataChange((*path, "raw", word, key), None) for key in removed_names if key not in own]
    yield base + more
    shared = mapping(at(data, (word,)))
    if changed and not removed_names and all(key in shared and key not in own for key in changed):
        yield [DataChange((word, key), value) for key, value in changed.items()]


def _grouped(options_by_key: dict[str, RuleOptions]) -> Iterator[RuleOptions]:
    """Words that depend on each other as one: the first ways of each together, then the second of each, and so on."""
    rest = dict(options_by_key)
    for dependent_keys in _TOGETHER:
        some = [rest.pop(word) for word in [*rest] if word in dependent_keys]
        if some:
            yield [
                [change for options in some for change in options[min(number, len(options) - 1)]]
                for number in range(max(map(len, some)))
            ]
    yield from rest.values()


def in_units(written: str, goal: str) -> Iterator[str]:
    """A condition with its numbers in the unit of another one, if it says the same then.

    Args:
        written: the condition as its author wrote it, such as ``above 10%``.
        goal: the new one in plain numbers, such as ``above 0.2``.
    """
    unit = _NUMBER.search(written)
    if unit is None or (not unit["unit"] and not unit["money"]):
        return
    factor = Decimal(UNITS.get(unit["unit"], "1"))

    def spelled(match: re.Match[str]) -> str:
        number = Decimal(match[0]) / factor
        return f"{unit['money']}{_digits(number)}{unit['space'] if unit['unit'] else ''}{unit['unit']}"

    try:
        condition = re.sub(r"-?\d[\d.]*(?:[eE][-+]?\d+)?", spelled, goal)
    except DecimalException:
        return
    one, other = parse_condition(condition), parse_condition(goal)
    if isinstance(one, Condition) and one == other:
        yield condition


def _digits(number: Decimal) -> str:
    # Units such as `/min` are rounded themselves.
    return format(number.normalize(_ROUNDED).normalize(), "f")
