"""Find the keys for the queries of panels."""

from collections.abc import Callable
from typing import Any

import msgspec

from dashgen.compile.lower.lower_targets import EVALUATORS, NON_NUMERIC
from dashgen.compile.lower.panels import panel_types
from dashgen.compile.lower.panels.plugin import PluginPanel
from dashgen.compile.settle.settle_data_sources import EXPRESSION, MIXED
from dashgen.compile.settle.settle_queries import derived_legend
from dashgen.core.json_values import Json, items, mapping, mappings, same, text
from dashgen.importer.import_data_sources import SourceNames
from dashgen.model.condition import Condition, format_number, number_count, parse_condition
from dashgen.model.target_spec import Query
from dashgen.query import LANGUAGES

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CONDITION_KINDS = {evaluator: kind for kind, evaluator in EVALUATORS.items()}
NON_NUMERIC_KEYS = {mode: key for key, mode in NON_NUMERIC.items()}
_PLAIN = {
    "loki": {"direction": "direction", "maxLines": "max_lines", "step": "step"},
    "prometheus": {"exemplar": "exemplars", "format": "format", "interval": "step"},
    "tempo": {"limit": "limit", "spss": "spans_per_trace", "tableType": "table"},
}


def first_keys(
    target: Json, panel: Json, names: SourceNames, variables: frozenset[str], default: str | None
) -> Json:
    """The keys that a query always has; the others are found by comparing.

    Before: ``{"refId": "A", "expr": "up", "datasource": {"type": "prometheus", "uid": "p"}, "hide": true,
    …}``
    After: ``{"query": "up", "hide": True}``

    Args:
        target: the query's JSON.
        panel: its panel's.
        names: the aliases of data sources.
        variables: the names that ``$name`` may have.
        default: the alias of queries without one, where their panel has no single data source.
    """
    source = mapping(target.get("datasource"))
    keys: Json = {}
    if source.get("type") == EXPRESSION.type:
        keys = _expression(target)
    else:
        keys = _query_keys(target, panel, names, variables)
        own = mapping(panel.get("datasource"))
        usual = default if own.get("uid") == MIXED.uid else names.alias(own) if own else None
        if source and (alias := names.alias(source)) != usual:
            keys["datasource"] = alias
    if target.get("hide"):
        keys["hide"] = True
    return keys


def needed_refs(refs: list[str]) -> list[bool]:
    """Whether each ref differs from the one that the build would give it."""
    # A ref that is written is taken, so each may change what the others would get.
    is_needed = [False] * len(refs)
    for _ in refs:
        taken = {ref for ref, yes in zip(refs, is_needed, strict=True) if yes}
        free = iter([letter for letter in _LETTERS if letter not in taken])
        assigned = [ref if yes else next(free, "") for ref, yes in zip(refs, is_needed, strict=True)]
        wrong = next((i for i, ref in enumerate(refs) if assigned[i] != ref), None)
        if wrong is None:
            break
        is_needed[wrong] = True
    return is_needed


def _query_keys(target: Json, panel: Json, names: SourceNames, variables: frozenset[str]) -> Json:
    kind = text(mapping(target.get("datasource")).get("type"))
    if kind not in LANGUAGES:
        return _fields(target)
    expr = text(target.get("expr" if kind in ("prometheus", "loki") else "query"))
    if not expr.strip():
        return {}
    parsed = LANGUAGES[kind].parse(expr)
    # What the build refuses goes to `raw:`, which nobody looks into.
    unknown = [f"there is no variable `${name}`" for name in parsed.variables if name not in variables]
    if parsed.error or unknown:
        names.notes.refused.append((text(panel.get("title")), parsed.error or unknown[0]))
        return {}
    # A panel's legend and colours follow from the names of its series, so those are settled first.
    kind_of_panel = panel_types().get(text(panel.get("type")), PluginPanel)
    title, legend = text(panel.get("title")), target.get("legendFormat")
    single = bool(title) and derived_legend(parsed, kind_of_panel.result_format, title) == title
    if single and isinstance(legend, str) and legend != title:
        return {"query": expr, "legend": legend}
    return {"query": expr}


def _fields(target: Json) -> Json:
    """The query of a plugin as its fields; one with a text alone is that text."""
    fields = {key: value for key, value in target.items() if key not in ("refId", "datasource", "hide")}
    if set(fields) == {"query"} and text(fields["query"]).strip():
        return fields
    return {"query": fields} if fields else {}


def _expression(target: Json) -> Json:
    kind = text(target.get("type"))
    of = text(target.get("expression"))
    return _EXPRESSIONS[kind](target, of) if kind in _EXPRESSIONS else {"math": of or "$A"}


def _reduce(target: Json, of: str) -> Json:
    settings = mapping(target.get("settings"))
    keys: Json = {"of": of, "by": target.get("reducer", "last")}
    mode = NON_NUMERIC_KEYS.get(text(settings.get("mode")), "strict")
    if mode != "strict":
        keys["non_numeric"] = mode
    if mode == "replace" and settings.get("replaceWithValue"):
        keys["replace_with"] = settings["replaceWithValue"]
    return {"reduce": keys}


def _resample(target: Json, of: str) -> Json:
    keys = {"of": of, "step": target.get("window", "1m")}
    for key, word, default in (("downsampler", "down", "mean"), ("upsampler", "up", "fillna")):
        if target.get(key, default) != default:
            keys[word] = target[key]
    return {"resample": keys}


def _threshold(target: Json, of: str) -> Json:
    first = next(iter(mappings(target.get("conditions"))), {})
    evaluator = mapping(first.get("evaluator"))
    when = condition_text(text(evaluator.get("type")), evaluator.get("params")) or "above 0"
    return {"threshold": {"of": of, "when": when}}


def condition_text(evaluator: str, numbers: object) -> str:
    """A comparison of Grafana's, such as ``above 0.1``; empty when no condition of the language is the same.

    Args:
        evaluator: its type, such as ``gt``.
        numbers: its parameters, of which there may be more than it looks at.
    """
    kind = CONDITION_KINDS.get(evaluator)
    if kind is None:
        return ""
    values = [number for number in items(numbers) if isinstance(number, int | float)][: number_count(kind)]
    condition = f"{kind} {' and '.join(map(format_number, values))}"
    parsed = parse_condition(condition)
    return condition if isinstance(parsed, Condition) and list(parsed.values) == values else ""


_EXPRESSIONS: dict[str, Callable[[Json, str], Json]] = {
    "reduce": _reduce,
    "resample": _resample,
    "threshold": _threshold,
}


def more_keys(keys: Json, built: Json, goal: Json) -> None:
    """Add the keys that explain where a query's JSON differs from its goal."""
    kind = text(mapping(goal.get("datasource")).get("type"))
    differing = {key for key in goal if not same(built.get(key), goal[key])}
    if kind == "prometheus" and "intervalFactor" in differing:
        keys["resolution"] = f"1/{goal['intervalFactor']}"
    # Of a query that only has `raw:`, an empty name stands there too: alone it would look as if it named
    # something.
    if "legendFormat" in differing and (goal["legendFormat"] or "query" in keys):
        keys["legend"] = goal["legendFormat"]
    keys |= {word: goal[key] for key, word in _PLAIN.get(kind, {}).items() if key in differing}
    if kind == "prometheus" and not differing.isdisjoint(("instant", "range")):
        now, over_time = bool(goal.get("instant")), bool(goal.get("range"))
        keys["instant"] = "both" if now and over_time else now
    if kind == "loki" and "queryType" in differing:
        keys["instant"] = goal.get("queryType") == "instant"
    if kind == "tempo" and goal.get("queryType") == "serviceMap":
        keys["service_map"] = text(goal.get("serviceMapQuery")) or True
    keep_fitting(keys)


def keep_fitting(keys: Json) -> None:
    """Leave out keys with values that they do not take: those go to ``raw:``."""
    for key in list(keys):
        try:
            msgspec.convert({key: keys[key]}, Query)
        except msgspec.ValidationError:
            del keys[key]


def shortest(queries: list[Json]) -> Json:
    """The queries of a panel in the shortest form: one, a mapping from legend to query, or a list."""
    if not queries:
        return {}
    if len(queries) == 1 and set(queries[0]) <= {"query", "legend", "exemplars"} and "query" in queries[0]:
        return dict(queries[0])
    legends = [text(query.get("legend")) for query in queries]
    named = all(legends) and len(set(legends)) == len(legends)
    # An expression in a key would not be evaluated.
    if named and all("query" in query and "${{" not in query["legend"] for query in queries):
        return {"queries": {query["legend"]: _unnamed(query) for query in queries}}
    return {"queries": queries}


def _unnamed(query: Json) -> Any:
    rest = {key: value for key, value in query.items() if key != "legend"}
    return rest["query"] if set(rest) == {"query"} else rest
