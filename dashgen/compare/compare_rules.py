"""Differences of alert rules and recording rules of Grafana."""

from collections.abc import Iterator

from dashgen.compare.change import Detail, Path
from dashgen.compare.change_texts import number, plain_change, word_detail
from dashgen.compare.change_values import leaves, other_changes, same_or_redacted
from dashgen.compare.compare_conditions import condition_phrase
from dashgen.compare.compare_queries import query_details
from dashgen.core.json_values import Json
from dashgen.formats.normal.normal_rules import PANEL_LINK
from dashgen.formats.resources import Resource

_PLAIN = {
    "group": "group",
    "noDataState": "without data",
    "execErrState": "on errors",
    "condition": "condition query",
    "missing_series_evals_to_resolve": "evaluations until a missing series is resolved",
}
_TIMES = {"for": "fires after", "keep_firing_for": "keeps firing for"}
_COMPARED_KEYS = ("data", "labels", "annotations", "notification_settings", "isPaused", *_PLAIN, *_TIMES)
_NOTIFICATION = {
    "receiver": "contact point",
    "group_by": "grouped by",
    "mute_time_intervals": "muted during",
    "active_time_intervals": "active during",
}


def rule_details(old: Resource, new: Resource) -> Iterator[Detail]:
    """The differences of two rules, the condition first."""
    before, after = old.data, new.data
    old_condition, new_condition = condition_phrase(before), condition_phrase(after)
    if old_condition is not None and new_condition is not None:
        if old_condition != new_condition:
            sentence = f"condition {old_condition} → {new_condition}"
            yield Detail((sentence,), ("condition", "words"), old_condition, new_condition)
        # What the phrase covers is not compared once more as a query.
        before, after = _without_condition(before), _without_condition(after)
    yield from query_details(_queries(before), _queries(after), ("data",))
    for key, label in _TIMES.items():
        if before.get(key, 0) != after.get(key, 0):
            sentence = f"{label} {duration(before.get(key, 0))} → {duration(after.get(key, 0))}"
            yield Detail((sentence,), (key,), before.get(key), after.get(key))
    if before.get("isPaused") != after.get("isPaused"):
        sentence = "paused" if after.get("isPaused") else "no longer paused"
        yield Detail((sentence,), ("isPaused",), before.get("isPaused"), after.get("isPaused"))
    for key, label in _PLAIN.items():
        if not same_or_redacted(before.get(key), after.get(key)):
            yield word_detail(label, before.get(key), after.get(key), (key,))
    yield from text_details("label", before.get("labels", {}), after.get("labels", {}), ("labels",))
    yield from _annotation_details(before.get("annotations", {}), after.get("annotations", {}))
    settings = (data.get("notification_settings", {}) for data in (before, after))
    yield from _notification_details(*settings)
    yield from other_changes(before, after, _COMPARED_KEYS, ())


def _without_condition(data: Json) -> Json:
    queries = [query for query in data.get("data", []) if query.get("refId") != data.get("condition")]
    return {**{key: value for key, value in data.items() if key != "condition"}, "data": queries}


def _queries(data: Json) -> list[Json]:
    """The queries of a rule in the form of a panel's."""
    queries = []
    for query in data.get("data", []):
        rest = {key: value for key, value in query.items() if key not in ("model", "datasourceUid")}
        queries.append({**query.get("model", {}), **rest, "datasource": {"uid": query.get("datasourceUid")}})
    return queries


def text_details(word: str, old: Json, new: Json, path: Path) -> Iterator[Detail]:
    """The differences of labels or annotations, by name."""
    for name in sorted({*old, *new}):
        old_text, new_text = old.get(name), new.get(name)
        if old_text != new_text:
            yield word_detail(f"{word} {name}", old_text, new_text, (*path, name))


def _annotation_details(old: Json, new: Json) -> Iterator[Detail]:
    old_link, new_link = (tuple(texts.get(key) for key in PANEL_LINK) for texts in (old, new))
    if old_link != new_link:
        sentence = "linked to another panel"
        if not all(old_link) or not all(new_link):
            sentence = "linked to a panel" if all(new_link) else "no longer linked to a panel"
        for key, old_step, new_step in zip(PANEL_LINK, old_link, new_link, strict=True):
            if old_step != new_step:
                # The uid and the panel's id are one link, and so one sentence.
                yield Detail((sentence,), ("annotations", key), old_step, new_step)
                break
    plain = [{key: value for key, value in texts.items() if key not in PANEL_LINK} for texts in (old, new)]
    yield from text_details("annotation", plain[0], plain[1], ("annotations",))


def _notification_details(old: Json, new: Json) -> Iterator[Detail]:
    path = ("notification_settings",)
    for inner, old_value, new_value in leaves(old, new):
        key = str(inner[0])
        if key in _NOTIFICATION:
            yield word_detail(_NOTIFICATION[key], old_value, new_value, (*path, key))
        else:
            yield plain_change((*path, *inner), old_value, new_value, shown=inner)


def duration(value: object) -> str:
    """Seconds as people write them: ``1h30m``."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return str(value)
    left, text = value, ""
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        count, left = divmod(left, size)
        text += f"{int(count)}{unit}" if count else ""
    return text + (f"{number(left)}s" if left or not text else "")
