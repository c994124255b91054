"""The costs of questions, from log lines in Loki or in a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from dashgen.doctor.chain import Fault, Known, Link, Outcome, following, judged, skipped
from dashgen.doctor.live.live_finding import Finding
from dashgen.doctor.loki_link import log_labels
from dashgen.doctor.spending import (
    MOST,
    Model,
    Saving,
    Spent,
    as_data,
    dearest,
    models_of,
    saving,
    spent_of_lines,
    table,
    top,
)
from dashgen.doctor.subject import Subject
from dashgen.model.document import SpecDocument
from dashgen.model.metrics_spec import Bound, LabelValues, Metrics, log_field
from dashgen.servers.telemetry import Loki, ServiceError

_RANGE: Final = "24h"
_MOST_LINES: Final = 2_000_000
_SIGNS: Final = {"currencyUSD": "$", "currencyEUR": "€", "currencyGBP": "£"}


@dataclass(frozen=True, slots=True)
class Priced:
    """What the contract says of costs.

    Attributes:
        field: the field of log lines with a question's cost.
        money: the sign of its currency.
        selector: the streams of the application's lines.
        metrics: the counters of costs and of tokens by model; empty when there are none.
    """

    field: str
    money: str
    selector: str
    metrics: tuple[str, str]


def check(subject: Subject, known: Known) -> Outcome:
    """Whether single questions are expensive, and what to do about it."""
    if reason := known.reason(Link.OUTPUT):
        return following(reason)
    priced = priced_of(subject.contracts)
    if priced is None:
        return skipped("no contract has a log field with a currency")
    file, server = subject.spending.log_file, subject.servers.loki
    if file is None and (reason := known.reason(Link.LOKI)):
        return following(reason)
    if file is None and server is None:
        return skipped("neither a Loki nor a `--log-file` was named")
    try:
        spent = (
            _of_file(file, priced) if file else _of_loki(server, priced, subject.now) if server else Spent()
        )
    except (ServiceError, OSError) as error:
        return skipped(f"the lines cannot be read: {error.strerror if isinstance(error, OSError) else error}")
    own = models_of(subject.exposition, *priced.metrics)
    saved = saving(spent.models, own if len(own) > 1 else spent.models)
    return _outcome(spent, saved, priced.money, subject.spending.expensive)


def _outcome(spent: Spent, saved: Saving | None, money: str, expensive: float) -> Outcome:
    faults = judge(spent, saved, money, expensive)
    where = f"{money}{spent.total:.2f} in all, at most {money}{spent.dearest:.4f} for a question"
    return judged(faults, where if spent.questions else "no question cost anything", as_data(spent, saved))


def judge(spent: Spent, saved: Saving | None, money: str, expensive: float) -> list[Fault]:
    """That questions are expensive.

    Args:
        spent: what was spent.
        saved: what a cheaper model would have saved.
        money: the sign of the currency.
        expensive: from what on a single question is expensive.
    """
    found = [one for one in spent.questions if one.cost >= expensive]
    if not found:
        return []
    many = (
        f"{len(found)} or more questions"
        if len(found) == MOST
        else f"{len(found)} question{'s' * (len(found) > 1)}"
    )
    cheaper = (
        f"move them to {saved.model}, which saves {money}{saved.saved:.2f} of {money}{spent.total:.2f}"
        if saved
        else ("move them to a cheaper model")
    )
    worst = found[0]
    finding = Finding(
        f"{many} cost {money}{expensive:.2f} or more each",
        f"the dearest cost {money}{worst.cost:.4f} with {worst.model or 'its model'}",
        "an expensive model, long prompts or answers, or the same question again and again",
        f"{cheaper}; cap max_tokens, cache results, shorten prompts",
    )
    return [Fault(finding, details=tuple(table(spent, money, saved)))]


def priced_of(contracts: Sequence[SpecDocument[Metrics]]) -> Priced | None:
    """What the contract says of costs; nothing when no log field has a currency."""
    for document in contracts:
        for name, given in document.model.log_fields.items():
            one = log_field(given)
            if one.type == "number" and (one.unit or "").startswith("currency"):
                selector = _selector(log_labels(contracts))
                return Priced(name, _SIGNS.get(one.unit or "", ""), selector, _counters(contracts))
    return None


def _selector(labels: Mapping[str, LabelValues]) -> str:
    """The streams that have the labels with a single value; else those with any value of the first label."""
    single = [
        f'{name}="{values[0]}"'
        for name, values in labels.items()
        if not isinstance(values, Bound) and len(values) == 1
    ]
    return "{" + ", ".join(single or [f'{name}=~".+"' for name in [*labels][:1]]) + "}"


def _counters(contracts: Sequence[SpecDocument[Metrics]]) -> tuple[str, str]:
    by_model = [
        (name, metric)
        for document in contracts
        for name, metric in document.model.metrics.items()
        if metric.type == "counter" and "model" in metric.labels
    ]
    costs = [name for name, metric in by_model if (metric.unit or "").startswith("currency")]
    tokens = [name for name, _ in by_model if "tokens" in name]
    return (costs[0], tokens[0]) if costs and tokens else ("", "")


def _of_file(path: Path, priced: Priced) -> Spent:
    """What the lines of a file say.

    Raises:
        OSError: it cannot be read.
    """
    return spent_of_lines(_lines(path), priced.field)


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
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


def _of_loki(server: Loki, priced: Priced, now: float) -> Spent:
    """What the lines of the last day say.

    Raises:
        ServiceError: Loki does not answer a query.
    """
    cost = priced.field

    def summed(by: str, number: str, how: str = "sum") -> dict[tuple[str, ...], float]:
        stages = f'{priced.selector} | json | __error__="" | {cost} > 0 | unwrap {number} | __error__=""'
        expr = f"{how} by ({by}) ({how}_over_time({stages} [{_RANGE}]))"
        query = expr if by == "model" else f"topk({MOST}, {expr})"
        names = [name.strip() for name in by.split(",")]
        return {
            tuple(one.labels.get(name, "") for name in names): one.points[-1][1]
            for one in server.query(query, at=now, limit=1000).series
        }

    found = summed("query, model, user_id", cost, "max")
    costs, tokens = summed("model", cost), summed("model", "tokens")
    return Spent(
        dearest({(key[0], key[1], key[2]): value for key, value in found.items()}),
        top({key[0]: value for key, value in summed("user_id", cost).items()}),
        top({key[0]: value for key, value in summed("tool", cost).items()}),
        {key[0]: Model(value, tokens.get(key, 0.0)) for key, value in costs.items()},
    )
