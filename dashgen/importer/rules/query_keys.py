"""Find the keys for the queries and the condition of a rule."""

from collections.abc import Mapping
from typing import get_args

from msgspec import Struct
from msgspec.structs import replace

from dashgen.core.json_values import Json, text
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.importer.import_queries import NON_NUMERIC_KEYS, condition_text
from dashgen.importer.rules.expression_nodes import RuleNode
from dashgen.importer.rules.read_rules import PRESENT, RuleReading
from dashgen.model.condition import Condition, parse_condition, with_recovery
from dashgen.model.duration import milliseconds, one_unit, whole_seconds
from dashgen.model.target_spec import Downsampler, Reducer, Upsampler

_REDUCERS = frozenset(get_args(Reducer))
_DOWN = frozenset(get_args(Downsampler))
_UP = frozenset(get_args(Upsampler))
_REF = lazy_pattern(r"[A-Za-z][A-Za-z0-9_]*")
NEVER_FIRES: Json = {"type": "within_range", "params": [0.0, 0.0]}


class QueryKeys(Struct):
    """The keys of a rule's queries and condition.

    Attributes:
        keys: ``query`` or ``queries``, ``when``, and what belongs to them.
        refs: the refs that templates may name.
        value_ref: the ref that the build gives the condition's value.
        missing: a sentence on what has no key; ``raw:`` then has the rule's data.
    """

    keys: Json
    refs: set[str] = set()
    value_ref: str = ""
    missing: str = ""


def query_keys(
    reading: RuleReading, aliases: Mapping[str, str], default: str, interval: str, *, no_data: bool
) -> QueryKeys:
    """The keys of a rule's queries and condition.

    Args:
        reading: the rule.
        aliases: the aliases of data sources by uid.
        default: the alias of queries without one.
        interval: how often the rule is evaluated.
        no_data: whether the rule fires when there is no data.
    """
    # `absent` is built as a condition that never holds, in a rule that fires without data.
    when = {"when": "absent"} if no_data and reading.fires == NEVER_FIRES else condition_keys(reading)
    if when is None:
        return stand_in_keys(reading, aliases, default, "the language has no such condition")
    over = _over_time(reading, interval)
    if over is not None:
        query_node = reading.nodes[text(reading.nodes[reading.subject].model["expression"])]
        query = {**_source(query_node, aliases, default), "query": text(query_node.model["expr"])}
        taken = {query_node.ref}
        return QueryKeys({**query, **when, **over}, {query_node.ref, _free(taken)}, _free(taken))
    return _all_queries(reading, aliases, default, when)


def _all_queries(reading: RuleReading, aliases: Mapping[str, str], default: str, when: Json) -> QueryKeys:
    queries: dict[str, Json] = {}
    shared = _shared_time(reading)
    for ref, node in reading.nodes.items():
        query = node_keys(replace(node, look_back=None) if shared and not node.is_instant else node)
        if query is None or not _REF.fullmatch(ref):
            what = f"its expression `{ref}`" if node.is_expression else f"its query `{ref}`"
            return stand_in_keys(reading, aliases, default, f"{what} has no form in the language")
        queries[ref] = query
    sources = {
        ref: _source(node, aliases, default) for ref, node in reading.nodes.items() if not node.is_expression
    }
    keys = _merged_sources(queries, sources)
    if reading.subject != list(queries)[-1]:
        keys["on"] = reading.subject
    over = {"over": one_unit(shared * 1000)} if shared else {}
    return QueryKeys({**keys, **when, **over}, set(queries), reading.subject)


def _shared_time(reading: RuleReading) -> int:
    """The seconds that all queries over time look back; 0 when they differ, or have the default."""
    query_nodes = [node for node in reading.nodes.values() if not node.is_expression]
    times = {node.look_back for node in query_nodes if not node.is_instant}
    if len(times) != 1 or any(node.is_instant and node.look_back for node in query_nodes):
        return 0
    start, end = times.pop() or (0, 0)
    return start if end == 0 and start > 0 else 0


def _merged_sources(query_keys: dict[str, Json], sources: dict[str, Json]) -> Json:
    if len(query_keys) == 1:
        ((ref, query),) = query_keys.items()
        if query.keys() == {"query"}:
            return {**sources[ref], **query}
    shared = {tuple(source.items()) for source in sources.values()}
    common = dict(shared.pop()) if len(shared) == 1 else {}
    queries = {
        ref: query["query"]
        if query.keys() == {"query"} and (common or not sources.get(ref))
        else {**({} if common else sources.get(ref, {})), **query}
        for ref, query in query_keys.items()
    }
    return {**common, "queries": queries}


def stand_in_keys(reading: RuleReading, aliases: Mapping[str, str], default: str, why: str) -> QueryKeys:
    """Keys in place of queries that only ``raw:`` can hold: those of the first query that has any."""
    for ref, node in reading.nodes.items():
        query = None if node.is_expression else node_keys(node)
        if query is not None and _REF.fullmatch(ref):
            source = _source(node, aliases, default)
            plain = {"query": query["query"]} if query.get("query") else {"queries": {ref: query}}
            return QueryKeys({**source, **plain, "when": "above 0"}, missing=why)
    return without_queries(why)


def without_queries(why: str) -> QueryKeys:
    """Keys in place of queries none of which has any: a spec needs a query and a condition."""
    return QueryKeys({"queries": {"A": {"math": "0"}}, "when": "above 0"}, missing=why)


def _source(node: RuleNode, aliases: Mapping[str, str], default: str) -> Json:
    alias = aliases.get(node.uid, node.uid)
    return {} if alias == default else {"datasource": alias}


def _free(taken: set[str]) -> str:
    return next(ref for ref in ("B", "A", "C") if ref not in taken)


def _over_time(reading: RuleReading, interval: str) -> Json | None:
    """``reduce`` and ``over``, when the rule is built as those two keys are."""
    # The build asks for one value an evaluation over the time, and reduces them; anything else stays a
    # list of queries.
    node = reading.nodes[reading.subject]
    query_node = reading.nodes.get(text(node.model.get("expression")))
    step = whole_seconds(interval, 60)
    if len(reading.nodes) != 2 or query_node is None or not _is_plain_reduction(node):
        return None
    model: Json = {"intervalMs": step * 1000} if step != 1 else {}
    if query_node.kind == "prometheus":
        model |= {"expr": query_node.model.get("expr"), "mode": "range", "interval": f"{step}s"}
    elif query_node.kind == "loki":
        model |= {"expr": query_node.model.get("expr"), "queryType": "range", "step": f"{step}s"}
    if query_node.model != model or "expr" not in model:
        return None
    start, end = query_node.look_back or (600, 0)
    if end or start <= 0:
        return None
    return {"reduce": node.model["reducer"], "over": one_unit(start * 1000)}


def _is_plain_reduction(node: RuleNode) -> bool:
    model = node.model
    return (
        model.get("type") == "reduce" and model.get("mode") == "dropNN" and model.get("reducer") in _REDUCERS
    )


def condition_keys(reading: RuleReading) -> Json | None:
    """``when`` and ``recover``; nothing when there are no keys for the condition."""
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


def node_keys(node: RuleNode) -> Json | None:
    """The keys of a query or an expression; nothing for an expression without any."""
    if node.is_expression:
        return _expression(node)
    query = {"prometheus": _prometheus, "loki": _loki}.get(node.kind, _other)(node)
    if node.look_back is not None:
        start, end = node.look_back
        query.setdefault("raw", {})["relativeTimeRange"] = {"from": start, "to": end}
    return query


def _prometheus(node: RuleNode) -> Json:
    mode = node.model.get("mode")
    raw: Json = {"range": True} if mode == "both" else {}
    return _with_rest(node, {"mode", "interval"}, "interval", raw, over_time=mode == "range")


def _loki(node: RuleNode) -> Json:
    kind = node.model["queryType"]
    raw = {} if kind in {"instant", "range"} else {"queryType": kind}
    return _with_rest(node, {"queryType", "step"}, "step", raw, over_time=kind == "range")


def _with_rest(node: RuleNode, read_keys: set[str], step: str, raw: Json, *, over_time: bool) -> Json:
    query: Json = {"query": node.model["expr"]}
    if over_time:
        query["instant"] = False
    if node.model.get(step):
        if isinstance(node.model[step], str):
            query["step"] = node.model[step]
        else:
            read_keys = read_keys - {step}
    raw |= {key: value for key, value in node.model.items() if key not in {*read_keys, "expr"}}
    return {**query, "raw": raw} if raw else query


def _other(node: RuleNode) -> Json:
    query = node.model.get("query")
    keys: Json = {"query": query} if isinstance(query, str) and query and "$" not in query else {}
    raw = {key: value for key, value in node.model.items() if key not in keys}
    return {**keys, "raw": raw} if raw else keys


def _expression(node: RuleNode) -> Json | None:
    model = node.model
    kind = model.get("type")
    if kind == "math" and model["expression"]:
        return {"math": model["expression"]}
    if kind == "reduce":
        return _reduce(model)
    if kind == "resample" and model["downsampler"] in _DOWN and model["upsampler"] in _UP:
        if milliseconds(model["window"]) is None:
            return None
        resample = {"of": model["expression"], "step": model["window"]}
        resample |= {"down": model["downsampler"]} if model["downsampler"] != "mean" else {}
        return {
            "resample": {**resample, **({"up": model["upsampler"]} if model["upsampler"] != "fillna" else {})}
        }
    if kind == "threshold" and "fires" in model and "recovers" not in model:
        when = _evaluator_text(model["fires"])
        return {"threshold": {"of": model["expression"], "when": when}} if when else None
    return None


def _reduce(model: Json) -> Json | None:
    mode = NON_NUMERIC_KEYS.get(text(model.get("mode")))
    if mode is None or model["reducer"] not in _REDUCERS or not model["expression"]:
        return None
    reduction: Json = {"of": model["expression"]}
    if model["reducer"] != "last":
        reduction["by"] = model["reducer"]
    if mode != "strict":
        reduction["non_numeric"] = mode
    if mode == "replace" and model["replaceWithValue"] != 0:
        reduction["replace_with"] = model["replaceWithValue"]
    return {"reduce": reduction}
