"""A shipped component used as its examples use it: a small project, and what its made-up data gives."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from dashgen.core.errors import SpecError
from dashgen.core.json_values import Json
from dashgen.evaluate.curves import sample_series, sample_times
from dashgen.evaluate.promql.evaluate_promql import evaluate_promql
from dashgen.evaluate.samples import NAME, EvaluationFailedError, SampleStore
from dashgen.model.library_example import LibraryExample
from dashgen.model.parse import convert
from dashgen.model.settled_alerts import SettledGroup, SettledRecord
from dashgen.source.components import ITEM_KINDS, RULE_GROUPS, Component
from dashgen.source.provenance import Reporter, Resolved
from dashgen.source.writing import mapping_lines
from dashgen.workspace.input_files import PROJECT_FILE

NOW: Final = 1_796_040_000_000
"""The milliseconds of the time at which made-up data ends: Monday, 2026-11-30, 12:00 UTC."""
UID: Final = "example"
_SOURCES: Final[Json] = {
    "prometheus": {"url": "http://prometheus:9090", "default": True},
    "loki": {"url": "http://loki:3100"},
}


def library_examples(component: Component) -> list[LibraryExample]:
    """The example uses of a component.

    Raises:
        SpecError: one of them is not as it has to be.
    """
    origin = component.part("examples")
    written = component.examples if isinstance(component.examples, list) else []
    report = Reporter(Resolved(origin.document, origin.document.data), diagnostics=[])
    read = [convert(LibraryExample, one, report.at((*origin.path, i))) for i, one in enumerate(written)]
    if report.diagnostics:
        raise SpecError(*report.diagnostics)
    return [one for one in read if one is not None]


def use_of(component: Component, example: LibraryExample) -> Json:
    """The item that uses a component as an example does."""
    return {"use": component.name, **({"with": example.with_} if example.with_ else {})}


def example_documents(component: Component, example: LibraryExample) -> Iterator[Json]:
    """The documents of a project in which a dashboard uses a component as an example does."""
    yield {"kind": "DataSources", "datasources": _SOURCES}
    if example.convention is not None:
        yield {"kind": "Metrics", "convention": example.convention}
    if example.metrics:
        yield {"kind": "Metrics", "metrics": example.metrics}
    kind = ITEM_KINDS.get(component.kind, component.kind)
    dashboard: Json = {
        "kind": "Dashboard",
        "uid": UID,
        "title": "Example",
        "description": f"What `{component.name}` brings.",
        "folder": "Examples",
        "tags": ["example"],
        "editable": False,
        "links": [{"title": "Runbook", "url": "https://wiki.example.com/runbook", "keep_time": True}],
        "time": f"now-{example.sample.duration}",
    }
    use = use_of(component, example)
    if kind in {"row", RULE_GROUPS}:
        yield {**dashboard, "rows": [use]}
    elif kind == "tab":
        yield {**dashboard, "tabs": [use]}
    elif kind == "panel":
        yield {**dashboard, "panels": [use]}
    elif kind == "query":
        yield {**dashboard, "panels": [{"title": example.title, "queries": [use]}]}
    elif kind == "rule":
        yield {**dashboard, "panels": [{"title": "Up", "query": "up"}]}
        yield {"kind": "AlertRules", "group": "example", "folder": "Examples", "rules": [use]}
    else:
        yield {**dashboard, f"{kind}s": [use], "panels": [{"title": "Up", "query": "up"}]}


def write_example(root: Path, component: Component, example: LibraryExample) -> None:
    """Write the project of an example into an empty folder."""
    (root / PROJECT_FILE).write_text("specs: [specs]\n", "utf-8")
    (root / "specs").mkdir()
    texts = ["\n".join(mapping_lines(document, 0)) for document in example_documents(component, example)]
    (root / "specs/example.yaml").write_text("\n---\n".join(texts) + "\n", "utf-8")


class SampleData(Struct, frozen=True):
    """What an example's made-up data and the rules over it give.

    ``failures`` are the names that could not be recorded, with the reason.
    """

    store: SampleStore
    failures: dict[str, str]


def sample_data(example: LibraryExample, groups: list[SettledGroup], now: int = NOW) -> SampleData:
    """The series of an example, with what recording rules made of them while they came.

    Args:
        example: the example; series that it has itself are not recorded.
        groups: the groups of rules.
        now: the milliseconds at which the data ends.

    Raises:
        UnsupportedError: a rule has what the evaluator lacks.
    """
    series = sample_series(example.sample, now)
    store, failures = SampleStore(series), {}
    own = {one.labels.get(NAME) for one in series}
    rules = [rule for group in groups for rule in group.rules if isinstance(rule, SettledRecord)]
    rules = [rule for rule in rules if rule.datasource.type == "prometheus" and rule.rule.record not in own]
    times = sample_times(example.sample, now)
    for at in range(times.start, times.end + 1, times.step):
        for rule in rules:
            try:
                result: Any = evaluate_promql(rule.rule.query.strip(), store, at)
            except EvaluationFailedError as error:
                failures[rule.rule.record] = str(error)
                continue
            samples = [({}, result)] if isinstance(result, float) else [tuple(one) for one in result]
            for labels, value in samples:
                store.add({**labels, **rule.labels, NAME: rule.rule.record}, at, value)
    return SampleData(store, failures)
