"""The queries and the condition of a rule in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import get_args

from dashgen.core.json_values import Json, text
from dashgen.importer.import_queries import NON_NUMERIC_KEYS, condition_text
from dashgen.importer.rules.expression_nodes import Node
from dashgen.importer.rules.read_rules import PRESENT, Reading
from dashgen.model.condition import Condition, parse_condition, with_recovery
from dashgen.model.duration import milliseconds, one_unit, whole_seconds
from dashgen.model.target_spec import Downsampler, Reducer, Upsampler

_REDUCERS = frozenset(get_args(Reducer))
_DOWN = frozenset(get_args(Downsampler))
_UP = frozenset(get_args(Upsampler))
_REF = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
NEVER: Json = {"type": "within_range", "params": [0.0, 0.0]}


@dataclass(slots=True)
class QueryWords:
    """A rule's queries and condition.

    Attributes:
        words: ``query`` or ``queries``, ``when``, and what belongs to them.
        refs: the refs that templates may name.
        value_ref: the ref that the build gives the condition's value.
        missing: what has no word, as a sentence; the rule's data then has to be kept as it is.
    """

    words: Json
    refs: set[str] = field(default_factory=set)
    value_ref: str = ""
    missing: str = ""


def query_words(
    reading: Reading, aliases: Mapping[str, str], default: str, interval: str, *, no_data: bool
) -> QueryWords:
    """A reading's queries and condition in words.

    Args:
        reading: the rule.
        aliases: what specs call data sources, by uid.
        default: the alias that need not be said.
        interval: how often the rule is evaluated.
        no_data: whether the rule fires when there is no data.
    """
    when = {"when": "absent"} if no_data and reading.fires == NEVER else condition_words(reading)
    if when is None:
        return unsaid(reading, aliases, default, "its condition is none that the language has")
    over = _over_time(reading, interval)
    if over is not None:
        asked = reading.nodes[text(reading.nodes[reading.subject].model["expression"])]
        said = {**_source(asked, aliases, default), "query": text(asked.model["expr"])}
        taken = {asked.ref}
        return QueryWords({**said, **when, **over}, {asked.ref, _free(taken)}, _free(taken))
    return _all_queries(reading, aliases, default, when)


def _all_queries(reading: Reading, aliases: Mapping[str, str], default: str, when: Json) -> QueryWords:
    found: dict[str, Json] = {}
    shared = _shared_time(reading)
    for ref, node in reading.nodes.items():
        said = node_words(replace(node, look_back=None) if shared and not node.is_instant else node)
        if said is None or not _REF.fullmatch(ref):
            what = f"its expression `{ref}`" if node.is_expression else f"its query `{ref}`"
            return unsaid(reading, aliases, default, f"{what} is none that the language has")
        found[ref] = said
    sources = {
        ref: _source(node, aliases, default) for ref, node in reading.nodes.items() if not node.is_expression
    }
    words = _together(found, sources)
    if reading.subject != list(found)[-1]:
        words["on"] = reading.subject
    over = {"over": one_unit(shared * 1000)} if shared else {}
    return QueryWords({**words, **when, **over}, set(found), reading.subject)


def _shared_time(reading: Reading) -> int:
    """The seconds that all queries over time look back; 0 when they differ, or look back as they do anyway."""
    asked = [node for node in reading.nodes.values() if not node.is_expression]
    times = {node.look_back for node in asked if not node.is_instant}
    if len(times) != 1 or any(node.is_instant and node.look_back for node in asked):
        return 0
    start, end = times.pop() or (0, 0)
    return start if end == 0 and start > 0 else 0


def _together(found: dict[str, Json], sources: dict[str, Json]) -> Json:
    if len(found) == 1:
        ((ref, said),) = found.items()
        if said.keys() == {"query"}:
            return {**sources[ref], **said}
    shared = {tuple(source.items()) for source in sources.values()}
    common = dict(shared.pop()) if len(shared) == 1 else {}
    queries = {
        ref: said["query"]
        if said.keys() == {"query"} and (common or not sources.get(ref))
        else {**({} if common else sources.get(ref, {})), **said}
        for ref, said in found.items()
    }
    return {**common, "queries": queries}


def unsaid(reading: Reading, aliases: Mapping[str, str], default: str, why: str) -> QueryWords:
    """Words that stand for queries which only ``raw:`` can hold: the first of them that has words."""
    for ref, node in reading.nodes.items():
        said = None if node.is_expression else node_words(node)
        if said is not None and _REF.fullmatch(ref):
            source = _source(node, aliases, default)
            plain = {"query": said["query"]} if said.get("query") else {"queries": {ref: said}}
            return QueryWords({**source, **plain, "when": "above 0"}, missing=why)
    return without_queries(why)


def without_queries(why: str) -> QueryWords:
    """Words that stand for queries of which no word can be said."""
    return QueryWords({"queries": {"A": {"math": "0"}}, "when": "above 0"}, missing=why)


def _source(node: Node, aliases: Mapping[str, str], default: str) -> Json:
    alias = aliases.get(node.uid, node.uid)
    return {} if alias == default else {"datasource": alias}


def _free(taken: set[str]) -> str:
    return next(ref for ref in ("B", "A", "C") if ref not in taken)


def _over_time(reading: Reading, interval: str) -> Json | None:
    """``reduce`` and ``over``, when the rule looks back as those two words do."""
    node = reading.nodes[reading.subject]
    asked = reading.nodes.get(text(node.model.get("expression")))
    step = whole_seconds(interval, 60)
    if len(reading.nodes) != 2 or asked is None or not _is_plain_reduction(node):
        return None
    wanted: Json = {"intervalMs": step * 1000} if step != 1 else {}
    if asked.kind == "prometheus":
        wanted |= {"expr": asked.model.get("expr"), "mode": "range", "interval": f"{step}s"}
    elif asked.kind == "loki":
        wanted |= {"expr": asked.model.get("expr"), "queryType": "range", "step": f"{step}s"}
    if asked.model != wanted or "expr" not in wanted:
        return None
    start, end = asked.look_back or (600, 0)
    if end or start <= 0:
        return None
    return {"reduce": node.model["reducer"], "over": one_unit(start * 1000)}


def _is_plain_reduction(node: Node) -> bool:
    model = node.model
    return (
        model.get("type") == "reduce" and model.get("mode") == "dropNN" and model.get("reducer") in _REDUCERS
    )


def condition_words(reading: Reading) -> Json | None:
    """``when`` and ``recover``; nothing when there are no words for them."""
    when = "present" if reading.fires == PRESENT else _evaluator_text(reading.fires)
    if not when:
        return None
    if reading.recovers is None:
        return {"when": when}
    recover = _evaluator_text(reading.recovers)
    parsed = parse_condition(when)
    if not recover or not isinstance(parsed, Condition):
        return None
    return (
        {"when": when, "recover": recover} if isinstance(with_recovery(parsed, recover), Condition) else None
    )


def _evaluator_text(evaluator: Json | None) -> str:
    return condition_text(evaluator["type"], evaluator["params"]) if evaluator else ""


def node_words(node: Node) -> Json | None:
    """A query or an expression in words; nothing when an expression has none."""
    if node.is_expression:
        return _expression(node)
    made = {"prometheus": _prometheus, "loki": _loki}.get(node.kind, _other)(node)
    if node.look_back is not None:
        start, end = node.look_back
        made.setdefault("raw", {})["relativeTimeRange"] = {"from": start, "to": end}
    return made


def _prometheus(node: Node) -> Json:
    mode = node.model.get("mode")
    raw: Json = {"range": True} if mode == "both" else {}
    return _with_rest(node, {"mode", "interval"}, "interval", raw, over_time=mode == "range")


def _loki(node: Node) -> Json:
    kind = node.model["queryType"]
    raw = {} if kind in {"instant", "range"} else {"queryType": kind}
    return _with_rest(node, {"queryType", "step"}, "step", raw, over_time=kind == "range")


def _with_rest(node: Node, said: set[str], step: str, raw: Json, *, over_time: bool) -> Json:
    made: Json = {"query": node.model["expr"]}
    if over_time:
        made["instant"] = False
    if node.model.get(step):
        if isinstance(node.model[step], str):
            made["step"] = node.model[step]
        else:
            said = said - {step}
    raw |= {key: value for key, value in node.model.items() if key not in {*said, "expr"}}
    return {**made, "raw": raw} if raw else made


def _other(node: Node) -> Json:
    query = node.model.get("query")
    made: Json = {"query": query} if isinstance(query, str) and query and "$" not in query else {}
    raw = {key: value for key, value in node.model.items() if key not in made}
    return {**made, "raw": raw} if raw else made


def _expression(node: Node) -> Json | None:
    model = node.model
    kind = model.get("type")
    if kind == "math" and model["expression"]:
        return {"math": model["expression"]}
    if kind == "reduce":
        return _reduce(model)
    if kind == "resample" and model["downsampler"] in _DOWN and model["upsampler"] in _UP:
        if milliseconds(model["window"]) is None:
            return None
        said = {"of": model["expression"], "step": model["window"]}
        said |= {"down": model["downsampler"]} if model["downsampler"] != "mean" else {}
        return {
            "resample": {**said, **({"up": model["upsampler"]} if model["upsampler"] != "fillna" else {})}
        }
    if kind == "threshold" and "fires" in model and "recovers" not in model:
        when = _evaluator_text(model["fires"])
        return {"threshold": {"of": model["expression"], "when": when}} if when else None
    return None


def _reduce(model: Json) -> Json | None:
    mode = NON_NUMERIC_KEYS.get(text(model.get("mode")))
    if mode is None or model["reducer"] not in _REDUCERS or not model["expression"]:
        return None
    said: Json = {"of": model["expression"]}
    if model["reducer"] != "last":
        said["by"] = model["reducer"]
    if mode != "strict":
        said["non_numeric"] = mode
    if mode == "replace" and model["replaceWithValue"] != 0:
        said["replace_with"] = model["replaceWithValue"]
    return {"reduce": said}
