"""The costs of questions, from log lines in Loki or in a file.

Which field has the cost, and in which currency, is in the metric contract; the other fields are
`doctor.costs` in dashgen.yaml.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
from msgspec import Struct

from dashgen.doctor.chain import ChainLink, Diagnosis, LinkFault, LinkOutcome, following, judged, skipped
from dashgen.doctor.live.live_finding import LiveFinding
from dashgen.doctor.loki_link import log_labels
from dashgen.doctor.spending import (
    MOST,
    ModelCost,
    Saving,
    Spending,
    as_data,
    dearest,
    models_of,
    saving,
    spending_of_lines,
    table,
    top,
)
from dashgen.doctor.subject import Subject
from dashgen.model.document import SpecDocument
from dashgen.model.metrics_spec import Bound, LabelValues, Metrics, log_field
from dashgen.model.project_file import CostFields
from dashgen.servers.telemetry import Loki, ServiceError

_RANGE: Final = "24h"
_MOST_LINES: Final = 2_000_000
_SIGNS: Final = {"currencyUSD": "$", "currencyEUR": "€", "currencyGBP": "£"}


class CostSource(Struct, frozen=True):
    """Where costs are read from.

    Attributes:
        field: the field of log lines with a question's cost.
        money: the sign of its currency.
        selector: the streams of the application's lines.
        metrics: the counters of costs and of tokens by model; empty when there are none.
        fields: the other fields of the lines.
    """

    field: str
    money: str
    selector: str
    metrics: tuple[str, str]
    fields: CostFields


def check(subject: Subject, diagnosis: Diagnosis) -> LinkOutcome:
    """Whether single questions are expensive, and how to save."""
    if reason := diagnosis.reason(ChainLink.OUTPUT):
        return following(reason)
    source = source_of(subject.contracts, subject.workspace.project.doctor.costs)
    if source is None:
        return skipped("no contract has a log field with a currency")
    file, server = subject.costs.log_file, subject.servers.loki
    if file is None and (reason := diagnosis.reason(ChainLink.LOKI)):
        return following(reason)
    try:
        if file is not None:
            spending = spending_of_lines(_lines(file), source.field, source.fields)
        elif server is not None:
            spending = _spending_in_loki(server, source, subject.now)
        else:
            return skipped("neither a Loki nor a `--log-file` is given")
    except (ServiceError, OSError) as error:
        return skipped(f"the lines cannot be read: {error.strerror if isinstance(error, OSError) else error}")
    own = models_of(subject.exposition, *source.metrics, source.fields.model)
    saved = saving(spending.models, own if len(own) > 1 else spending.models)
    return _outcome(spending, saved, source.money, subject.costs.expensive)


def _outcome(spending: Spending, saved: Saving | None, money: str, expensive: float) -> LinkOutcome:
    faults = judge(spending, saved, money, expensive)
    total = f"{money}{spending.total:.2f} in all, at most {money}{spending.dearest:.4f} for a question"
    data = as_data(spending, saved)
    return judged(faults, total if spending.questions else "no question had a cost", data)


def judge(spending: Spending, saved: Saving | None, money: str, expensive: float) -> list[LinkFault]:
    """One finding when any question is expensive.

    Args:
        spending: what was spent.
        saved: what a cheaper model would have saved.
        money: the sign of the currency.
        expensive: the cost from which on a question is expensive.
    """
    expensive_questions = [question for question in spending.questions if question.cost >= expensive]
    if not expensive_questions:
        return []
    count = len(expensive_questions)
    # Only the first few of all questions are known, so there may be more.
    counted = f"{count} or more questions" if count == MOST else f"{count} question{'s' * (count > 1)}"
    cheaper = "move them to a cheaper model"
    if saved:
        total = f"{money}{spending.total:.2f}"
        cheaper = f"move them to {saved.model}, which saves {money}{saved.saved:.2f} of {total}"
    worst = expensive_questions[0]
    finding = LiveFinding(
        f"{counted} cost {money}{expensive:.2f} or more each",
        f"the most expensive one cost {money}{worst.cost:.4f} with {worst.model or 'its model'}",
        "an expensive model, long prompts or answers, or the same question repeated",
        f"{cheaper}; cap max_tokens, cache results, shorten prompts",
    )
    return [LinkFault(finding, details=tuple(table(spending, money, saved)))]


def source_of(contracts: Sequence[SpecDocument[Metrics]], fields: CostFields) -> CostSource | None:
    """Where costs are read; None when no log field of a contract has a currency."""
    for document in contracts:
        for name, written in document.model.log_fields.items():
            field = log_field(written)
            if field.type == "number" and (field.unit or "").startswith("currency"):
                money = _SIGNS.get(field.unit or "", "")
                selector = _selector(log_labels(contracts))
                return CostSource(name, money, selector, _counters(contracts, fields), fields)
    return None


def _selector(labels: Mapping[str, LabelValues]) -> str:
    """The selector of the application's streams.

    A label with a single declared value tells the application from others; without one, any value of the
    first label has to do.
    """
    single = [
        f'{name}="{values[0]}"'
        for name, values in labels.items()
        if not isinstance(values, Bound) and len(values) == 1
    ]
    return "{" + ", ".join(single or [f'{name}=~".+"' for name in [*labels][:1]]) + "}"


def _counters(contracts: Sequence[SpecDocument[Metrics]], fields: CostFields) -> tuple[str, str]:
    """The first counters of costs and of tokens that are divided by model; two empty names without both."""
    by_model = [
        (name, metric)
        for document in contracts
        for name, metric in document.model.metrics.items()
        if metric.type == "counter" and fields.model in metric.labels
    ]
    costs = [name for name, metric in by_model if (metric.unit or "").startswith("currency")]
    tokens = [name for name, _ in by_model if fields.tokens in name]
    return (costs[0], tokens[0]) if costs and tokens else ("", "")


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    """The lines of a file that are JSON objects, at most two million of them.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        for count, line in enumerate(file):
            if count >= _MOST_LINES:
                return
            try:
                data = orjson.loads(line)
            except orjson.JSONDecodeError:
                continue
            if isinstance(data, dict):
                yield data


def _spending_in_loki(server: Loki, source: CostSource, now: float) -> Spending:
    """What was spent in the last day, added up by Loki: that is faster than reading the lines.

    Raises:
        ServiceError: Loki does not answer a query.
    """
    cost, fields = source.field, source.fields

    def summed(by: tuple[str, ...], number: str, function: str = "sum") -> dict[tuple[str, ...], float]:
        # Lines that are not JSON, or whose number is none, would make Loki refuse the whole query.
        stages = f'{source.selector} | json | __error__="" | {cost} > 0 | unwrap {number} | __error__=""'
        expr = f"{function} by ({', '.join(by)}) ({function}_over_time({stages} [{_RANGE}]))"
        # Every model counts towards the total; of questions, users and tools only the dearest are shown.
        query = expr if by == (fields.model,) else f"topk({MOST}, {expr})"
        return {
            tuple(series.labels.get(name, "") for name in by): series.points[-1][1]
            for series in server.query(query, at=now, limit=1000).series
        }

    questions = summed((fields.question, fields.model, fields.user), cost, "max")
    costs, tokens = summed((fields.model,), cost), summed((fields.model,), fields.tokens)
    return Spending(
        dearest({(text, model, user): value for (text, model, user), value in questions.items()}),
        top({user: value for (user,), value in summed((fields.user,), cost).items()}),
        top({tool: value for (tool,), value in summed((fields.tool,), cost).items()}),
        {model: ModelCost(value, tokens.get((model,), 0.0)) for (model,), value in costs.items()},
    )
