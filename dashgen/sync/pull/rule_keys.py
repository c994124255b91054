"""How a rule differs in Grafana, as changes of the keys that its author used."""

import re
from collections.abc import Iterator, Mapping
from decimal import Context, Decimal, DecimalException
from typing import Any

from msgspec import Struct

from dashgen.core.json_values import ABSENT, Json, at, mapping, mappings, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.importer.rules.built_rules import GroupContext
from dashgen.importer.rules.recording import recording_keys
from dashgen.importer.rules.rule_keys_of import rule_keys
from dashgen.model.condition import UNITS, Condition, parse_condition
from dashgen.model.duration import milliseconds, one_unit
from dashgen.source.source import Path
from dashgen.source.spec_text import protected
from dashgen.sync.pull.dashboard_keys import differing_keys
from dashgen.sync.pull.data_changes import ChangeOptions, DataChange, onto
from dashgen.sync.pull.value_origins import REMOVED, Carried

QUERY_KEYS = frozenset({"query", "queries", "on", "datasource", "when", "recover", "reduce", "over"})
_DEPENDENT = (QUERY_KEYS, frozenset({"alert", "uid"}), frozenset({"severity", "labels"}))
"""Keys that only make sense together: `severity` is a label, and a uid follows from the name."""
_DURATIONS = frozenset({"for", "keep_firing_for", "over"})
_CONDITIONS = frozenset({"when", "recover"})
_RAW_QUERIES = ("data", "condition")
"""Keys of `raw:` for queries that the language has no keys for."""
_WITHOUT_KEY = ("relativeTimeRange",)
"""Keys of a query in Grafana's JSON that the importer leaves out, as they change nothing that is queried."""
_ROUNDED = Context(prec=15)
"""Digits that are right after a division by the factor of a unit such as `/min`, which is rounded itself."""
_NUMBER = lazy_pattern(r"(?P<money>[$€£]?)[-+]?[\d.]+(?:[eE][-+]?\d+)?(?P<space>\s*)(?P<unit>[^\s\d]*)")


class RuleChanges(Struct):
    """The ways to make a rule what it is in Grafana.

    Attributes:
        options: for each key, or keys that only make sense together, what to try, the smallest first.
        missing: what the language has no key for, as a sentence.
    """

    options: list[ChangeOptions] = []
    missing: str = ""


def rule_changes(
    built: Mapping[str, Any], live: Mapping[str, Any], data: object, path: Path, context: GroupContext
) -> RuleChanges:
    """How the keys of a rule have to change.

    Args:
        built: the rule as the specs build it, in the JSON of Grafana's API.
        live: the rule as it is in Grafana.
        data: the resolved data of the document.
        path: the place of the rule in it.
        context: what the importer has to know of the group.
    """
    old, _ = keys_of_rule(built, context)
    new, missing = keys_of_rule(live, context)
    if not old or not new:
        return RuleChanges(missing=missing)
    if _has_raw_queries(new) and at(data, (*path, "raw", "data")) is ABSENT:
        # The importer's keys beside raw queries only stand in for them: written into the spec they would be
        # untrue.
        # x
        old, new = _without(old, QUERY_KEYS), _without(new, QUERY_KEYS, keep_raw=True)
    else:
        missing = ""
    options_by_key = {
        key: options
        for key, before, after in differing_keys(old, new)
        if (options := list(_options(data, (*path, key), before, after)))
    }
    if not missing and not QUERY_KEYS & options_by_key.keys():
        options_by_key |= _raw_changes(built, live, data, path)
    return RuleChanges(list(_grouped(options_by_key)), missing)


def _raw_changes(
    built: Mapping[str, Any], live: Mapping[str, Any], data: object, path: Path
) -> dict[str, ChangeOptions]:
    """What changed of queries that query the same, such as a time that they ignore, as their ``raw``."""
    ours, theirs = (
        {text(one.get("refId")): one for one in mappings(rule.get("data"))} for rule in (built, live)
    )
    if list(ours) != list(theirs):
        return {}
    options_by_key: dict[str, ChangeOptions] = {}
    for number, ref in enumerate(ours):
        live_values = {
            key: theirs[ref].get(key) for key in _WITHOUT_KEY if ours[ref].get(key) != theirs[ref].get(key)
        }
        queries = at(data, (*path, "queries"))
        item = number if isinstance(queries, list) else ref
        query_path = (*path, "query") if queries is ABSENT else (*path, "queries", item)
        written_query = at(data, query_path)
        if not live_values or written_query is ABSENT:
            continue
        if query_path[-1] == "query":
            # A query that is a text in the rule has no room for `raw`, so it becomes one of several.
            query = (*path, "queries", ref)
            changes = [
                DataChange((*query, "query"), Carried(query_path)),
                DataChange((*query, "raw"), live_values),
            ]
        elif isinstance(written_query, str):
            changes = [DataChange(query_path, {"query": written_query, "raw": live_values})]
        else:
            changes = [DataChange((*query_path, "raw", key), value) for key, value in live_values.items()]
        options_by_key[f"queries {ref}"] = [changes]
    return options_by_key


def keys_of_rule(rule: Mapping[str, Any], context: GroupContext) -> tuple[Json, str]:
    """A rule in keys, and what of it has none as a sentence; both empty when the importer cannot read it."""
    record = mapping(rule.get("record"))
    if record:
        # The importer reads the files of provisioning, whose keys are others than those of the API.
        spelled = {**record, "targetDatasourceUid": record.get("target_datasource_uid")}
        keys, left = recording_keys({**rule, "record": spelled}, context)
    else:
        keys, left = rule_keys(rule, context)
    return protected(keys), "; ".join(one.what for one in left if one.kind != "converted")


def new_rule(live: Mapping[str, Any], group: Json, context: GroupContext) -> tuple[list[Json], str]:
    """The keys to try for a rule that somebody added in Grafana, and what of it has none.

    Args:
        live: the rule.
        group: the group's data.
        context: what the importer has to know of the group.
    """
    keys, missing = keys_of_rule(live, context)
    if not keys or _has_raw_queries(keys):
        return [], missing
    shared = mapping(group.get("labels"))
    # The labels of the group are in each of its rules in Grafana.
    labels = {key: value for key, value in mapping(keys.get("labels")).items() if shared.get(key) != value}
    keys = {**keys, "labels": labels} if labels else _without(keys, {"labels"})
    # A rule that Prometheus cannot have is written for Grafana alone.
    return ([keys] if "record" in keys else [keys, {**keys, "outputs": ["grafana"]}]), missing


def _has_raw_queries(keys: Json) -> bool:
    return any(key in mapping(keys.get("raw")) for key in _RAW_QUERIES)


def _without(keys: Json, dropped: frozenset[str] | set[str], *, keep_raw: bool = False) -> Json:
    """Keys without some of them, and without raw queries unless these are to be kept."""
    rest = {key: value for key, value in keys.items() if key not in dropped}
    if "raw" in rest and not keep_raw:
        rest["raw"] = {key: value for key, value in rest["raw"].items() if key not in _RAW_QUERIES}
    return {key: value for key, value in rest.items() if key != "raw" or value}


def _options(data: object, path: Path, old: object, new: object) -> Iterator[list[DataChange]]:
    """The ways to give the key at a path of a rule another value."""
    key, written = path[-1], at(data, path)
    if key in ("labels", "annotations"):
        yield from _text_options(data, path, mapping(old), mapping(new))
        return
    if key in _CONDITIONS and isinstance(written, str) and isinstance(new, str):
        yield from ([DataChange(path, condition)] for condition in in_units(written, new))
    if key in _DURATIONS and isinstance(new, str):
        # Grafana gives `1m30s`, of which people write `90s`.
        length = milliseconds(new)
        new = one_unit(length) if length is not None and length % 1000 == 0 else new
    yield from onto(data, path, old, new)


def _text_options(data: object, path: Path, old: Json, new: Json) -> Iterator[list[DataChange]]:
    """Labels or annotations, name by name; those of the group are overridden, or taken away with ``raw``."""
    *rule, key = path
    changed = {name: value for name, value in new.items() if name not in old or old[name] != value}
    removed_names = [name for name in old if name not in new]
    own = mapping(at(data, path))
    yield [
        *(DataChange((*path, name), value) for name, value in changed.items()),
        *(DataChange((*path, name), REMOVED) for name in removed_names if name in own),
        *(DataChange((*rule, "raw", key, name), None) for name in removed_names if name not in own),
    ]
    shared = mapping(at(data, (key,)))
    if changed and not removed_names and all(name in shared and name not in own for name in changed):
        yield [DataChange((key, name), value) for name, value in changed.items()]


def _grouped(options_by_key: dict[str, ChangeOptions]) -> Iterator[ChangeOptions]:
    """Keys that depend on each other as one: the first ways of each together, then the second of each."""
    rest = dict(options_by_key)
    for dependent_keys in _DEPENDENT:
        some = [rest.pop(key) for key in [*rest] if key in dependent_keys]
        if some:
            yield [
                [change for options in some for change in options[min(number, len(options) - 1)]]
                for number in range(max(map(len, some)))
            ]
    yield from rest.values()


def in_units(written: str, goal: str) -> Iterator[str]:
    """A condition with its numbers in the unit of another one, if it means the same then.

    Args:
        written: the condition as its author wrote it, such as ``above 10%``.
        goal: the new one in plain numbers, such as ``above 0.2``.
    """
    # The first number has the unit that the author thinks in.
    unit = _NUMBER.search(written)
    if unit is None or (not unit["unit"] and not unit["money"]):
        return
    factor = Decimal(UNITS.get(unit["unit"], "1"))

    def spelled(match: re.Match[str]) -> str:
        number = Decimal(match[0]) / factor
        digits = format(number.normalize(_ROUNDED).normalize(), "f")
        return f"{unit['money']}{digits}{unit['space'] if unit['unit'] else ''}{unit['unit']}"

    try:
        condition = re.sub(r"-?\d[\d.]*(?:[eE][-+]?\d+)?", spelled, goal)
    except DecimalException:
        return
    # Rounding may have changed the number: then the plain one is written.
    one, other = parse_condition(condition), parse_condition(goal)
    if isinstance(one, Condition) and one == other:
        yield condition
