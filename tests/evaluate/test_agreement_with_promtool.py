"""The evaluator gives the values that Prometheus gives, for expressions written by chance."""

import json
import math
import re
from pathlib import Path

import pytest
import yaml

from dashgen.evaluate.promql.evaluate_promql import evaluate_promql
from dashgen.evaluate.samples import (
    EvaluationFailedError,
    SampleStore,
    VectorSample,
    label_key,
    written_series,
)
from dashgen.project.rule_tests.promtool import find_promtool, is_left_open
from tests.conftest import Promtool
from tests.evaluate.generated_queries import SERIES, QueryWriter

pytestmark = pytest.mark.external
QUERIES = 600
MOMENTS = (0, 4, 13, 21, 37, 44, 62)
ANSWER = re.compile(
    r'expr: (?P<expr>"(?:[^"\\]|\\.)*"), time: (?P<time>\S+?),'
    r"\s*(?:\n\s*exp:.*\n\s*got:\s*(?P<samples>.*)|err: (?P<error>.*))"
)
SAMPLE = re.compile(
    r'(?P<name>[a-zA-Z_:][\w:]*)?\{(?P<labels>(?:"(?:[^"\\]|\\.)*"|[^"}])*)\} (?P<value>[-+\w.]+)'
)
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')

Answer = dict[tuple[tuple[str, str], ...], float] | str


def prometheus_answers(promtool: Promtool, folder: Path, queries: list[str]) -> dict[tuple[str, str], Answer]:
    """What promtool computes at each moment: it prints the values that the test does not expect."""
    checks = [
        {"expr": query, "eval_time": f"{moment}m", "exp_samples": []}
        for query in queries
        for moment in MOMENTS
    ]
    # promtool reads series only up to the last moment, so `offset -2m` needs a later one.
    checks.append({"expr": "vector(1)", "eval_time": "70m", "exp_samples": []})
    series = [{"series": name, "values": values} for name, values in SERIES.items()]
    test = {"interval": "1m", "input_series": series, "promql_expr_test": checks}
    (folder / "rules.yaml").write_text("groups: []\n", encoding="utf-8")
    (folder / "tests.yaml").write_text(
        yaml.safe_dump({"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": [test]}),
        encoding="utf-8",
    )
    run = promtool(folder, "test", "rules", "tests.yaml")
    answers: dict[tuple[str, str], Answer] = {}
    for match in ANSWER.finditer(run.stdout + run.stderr):
        key = json.loads(match["expr"]), match["time"]
        answers[key] = f"error: {match['error']}" if match["error"] else _samples(match["samples"])
    return answers


def _samples(text: str) -> Answer:
    samples = {}
    for match in SAMPLE.finditer(text):
        labels = {name: json.loads(f'"{value}"') for name, value in LABEL.findall(match["labels"])}
        if match["name"]:
            labels["__name__"] = match["name"]
        samples[label_key(labels)] = float(match["value"].replace("Inf", "inf"))
    return samples


def own_answer(query: str, moment: int, store: SampleStore) -> Answer:
    """What the evaluator computes."""
    try:
        value = evaluate_promql(query, store, moment * 60_000)
    except EvaluationFailedError as failure:
        return f"error: {failure}"
    vector = [VectorSample({}, value)] if isinstance(value, float) else value
    return {label_key(sample.labels): sample.value for sample in vector if isinstance(sample, VectorSample)}


def agree(own: Answer, other: Answer) -> bool:
    """Whether two answers are the same but for rounding."""
    if isinstance(own, str) or isinstance(other, str):
        return isinstance(own, str) and isinstance(other, str)
    return own.keys() == other.keys() and all(
        math.isclose(own[key], other[key], rel_tol=1e-6, abs_tol=1e-7)
        or (math.isnan(own[key]) and math.isnan(other[key]))
        for key in own
    )


def test_expressions_written_by_chance_have_the_values_that_prometheus_computes(
    promtool: Promtool, tmp_path: Path
) -> None:
    writer = QueryWriter(seed=12)
    queries = list(dict.fromkeys(writer.vector() for _ in range(QUERIES)))
    answers = prometheus_answers(promtool, tmp_path, queries)
    # The ranges of Debian's promtool, 2.42, have both their ends.
    store = SampleStore(written_series(SERIES, 60_000), is_left_open=is_left_open(find_promtool()))
    different = [
        (query, moment, own, other)
        for query in queries
        for moment in MOMENTS
        if not agree(
            own := own_answer(query, moment, store), other := answers.get((query, _written(moment)), {})
        )
    ]
    assert len(answers) > len(queries)
    assert different == []


def _written(moment: int) -> str:
    return {0: "0s", 62: "1h2m"}.get(moment, f"{moment}m")
