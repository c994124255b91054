"""Log lines with the fields of a contract."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.evaluate.logql.log_lines import LogEntry, LogStore
from dashgen.model.metrics_spec import Metrics, log_field
from dashgen.preview.sample.contract_series import FAULT, label_values
from dashgen.preview.sample.made_up_curves import chance

_COUNT: Final = 320
_CONDITION = lazy_pattern(r'(\w+)\s*(?:=|==)\s*[`"]([^`"$]+)[`"]')
_OF_USERS: Final = frozenset({"tier", "plan", "segment", "country"})
_OF_FAULTS = lazy_pattern(r"error|stack|exception|reason$")
_PHRASES: Final = (
    "a flat with two bedrooms near the park", "what does the service charge include", "compare the two areas",
    "the rental yield of a studio", "is the price of this villa fair", "a home for less than 1.5 million",
)  # fmt: skip
_NUMBERS: Final = {"currencyUSD": 0.03, "currencyEUR": 0.03, "s": 4.0, "ms": 400.0, "bytes": 20_000.0}


def made_up_lines(contracts: Iterable[Metrics], queries: Iterable[str], now: int, span: int) -> LogStore:
    """Lines of the logs that contracts describe.

    Args:
        contracts: the contracts with their log fields and labels, and metrics whose labels the fields share.
        queries: the queries of the project; what they compare fields with are values of those fields.
        now: the milliseconds of the newest line.
        span: how far back the oldest is, in milliseconds.
    """
    logged = [contract for contract in contracts if contract.log_fields or contract.log_labels]
    texts = list(queries)
    entries: list[LogEntry] = []
    for contract in logged:
        count = _COUNT if contract.job is None else _COUNT // 8
        entries += _lines(contract, _line_values(contract, texts, now), (count, now, span))
    return LogStore(entries)


def _lines(
    contract: Metrics, values: Mapping[str, list[str]], times: tuple[int, int, int]
) -> Iterator[LogEntry]:  # fmt: skip
    count, now, span = times
    fields = {name: log_field(one) for name, one in contract.log_fields.items()}
    labels = {name: label_values(name, one, now) for name, one in contract.log_labels.items()}
    for index in range(count):
        # More lines are of the last hours than of the days before.
        at = now - round(span * _recent(index / count))
        line: dict[str, object] = {}
        for name, field in fields.items():
            # What somebody is stays the same from line to line.
            key = f"{name}{line['user_id'] if name in _OF_USERS and 'user_id' in line else index}"
            line[name] = _value(name, key, at, (field.type, field.unit or "", values.get(name, ())))
        _fit_together(line)
        stream = {name: _chosen(f"{name}{index}", options) for name, options in labels.items()}
        stream |= {name: str(line[name]) for name in stream if name in line}
        yield LogEntry(at, stream, json.dumps({key: one for key, one in line.items() if one != ""}))


def _recent(share: float) -> float:
    return share * share * (0.8 + 0.2 * share)


def _line_values(contract: Metrics, queries: Iterable[str], now: int) -> Mapping[str, list[str]]:
    values: dict[str, list[str]] = {}
    for metric in contract.metrics.values():
        for label, one in metric.labels.items():
            values.setdefault(label, label_values(label, one, now))
    for label, one in contract.log_labels.items():
        values.setdefault(label, label_values(label, one, now))
    for query in queries:
        for name, value in _CONDITION.findall(query):
            listed = values.setdefault(name, [])
            if value not in listed:
                listed.append(value)
    return values


def _fit_together(line: dict[str, object]) -> None:
    # Only a line about a fault says what went wrong.
    is_fault = line.get("status") in {"error", "failed"} or line.get("level") in {"error", "critical"}
    if is_fault and "level" in line:
        line["level"] = "error"
    if is_fault and "status" in line:
        line["status"] = "error"
    for name in line:
        if not is_fault and _OF_FAULTS.search(name):
            line[name] = ""


def _chosen(name: str, options: Sequence[str]) -> str:
    # The first values are chosen more often than the last, and faults hardly ever.
    faults, usual = _faults_and_others(tuple(options))
    if faults and usual:
        options = faults if chance(f"{name}fault") < 0.06 else usual
    return options[min(int(len(options) * _squared(chance(name))), len(options) - 1)] if options else ""


@lru_cache(maxsize=1024)
def _faults_and_others(options: tuple[str, ...]) -> tuple[list[str], list[str]]:
    faults = [one for one in options if FAULT.search(one.lower()) or one in {"debug", "warning"}]
    return faults, [one for one in options if one not in faults]


def _value(name: str, key: str, at: int, details: tuple[str, str, Sequence[str]]) -> object:
    kind, unit, options = details
    if kind == "number":
        size = _NUMBERS.get(unit, 1500.0) * _size(chance(key))
        return round(size, 4) if size < 100 else round(size)
    if kind == "boolean":
        return chance(key) < 0.5
    if options and name not in {"query", "message"}:
        return _chosen(key, options)
    return _text(name, key, at)


def _squared(share: float) -> float:
    return share * share


def _size(share: float) -> float:
    # A few are much larger than most.
    return 0.25 + share * (0.75 + 3 * share * share)


def _text(name: str, key: str, at: int) -> str:
    moment = datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if name in {"time", "timestamp", "ts"}:
        return moment
    if name.endswith(("trace_id", "traceID")):
        return f"{int(chance(key) * 2**64):016x}{int(chance(key + 'b') * 2**64):016x}"
    if name.endswith(("_id", "id", "user")):
        return str(1001 + int(24 * _squared(chance(key))))
    if name in {"stack", "error", "exception"}:
        return ""
    if name in {"message", "msg", "query", "question", "text"}:
        return _chosen(key, _PHRASES)
    if name == "level":
        return "error" if chance(key) < 0.05 else "info"
    return f"{name} {1 + int(4 * chance(key))}"
