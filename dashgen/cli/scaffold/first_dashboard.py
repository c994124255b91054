"""A first dashboard from the metrics of an application: requests, errors and times before the rest.

What a library writes is recognised by its names, and shown by the component that dashgen ships for it. Of
everything else each counter becomes a rate, each gauge a line, each histogram its median and 95th percentile.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, Literal

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.panel_identity import slug

Convention = Literal["1.36", "1.37", "genai-0.1"]

_MOST_PANELS: Final = 6
"""Panels of a row of the application's own metrics: two lines of three."""
_MOST_ROWS: Final = 6
_FEW: Final = 8
"""Values of a label that can be told apart by colour."""
_NAME: Final = lazy_pattern(r"[a-zA-Z_][a-zA-Z0-9_]*")
_STATUS_LABELS: Final = (
    "http_response_status_code", "http_status_code", "status_code", "code", "status", "http_status",
    "response_code", "result", "outcome",
)  # fmt: skip
_STATUS_CODE: Final = lazy_pattern(r"[1-5](?:[0-9]{2}|xx|XX)")
_FAILURE: Final = lazy_pattern(r"(?i)err(?:or)?s?|fail(?:ed|ure|ures)?|exception|timeout|5xx")
_REQUESTS: Final = lazy_pattern(r"(?:.*_)?(?:requests?|queries|calls|handled)_total")
_DURATION: Final = lazy_pattern(r"(?:.*_)?(?:duration|latency|response_time|processing|request)_seconds")
_OF_LIBRARIES: Final = ("http_", "gen_ai_", "node_", "grpc_", "rpc_", "db_")
"""Beginnings of names that say nothing about the application."""
_GROUPING: Final = ("type", "kind", "status", "result", "outcome", "state", "name", "operation", "method")
_ENDING: Final = lazy_pattern(r"_(?:total|seconds|bytes|ratio|count|info|milliseconds|ms|celsius|percent)$")
_PROCESS_PANELS: Final[Mapping[str, Json]] = {
    "process_cpu_seconds_total": {
        "title": "Processor time",
        "description": "How many processors the process keeps busy.",
        "query": "rate(process_cpu_seconds_total[$__rate_interval])",
        "unit": "none",
        "decimals": 2,
        "min": 0,
    },
    "process_resident_memory_bytes": {
        "title": "Memory",
        "description": "What the process holds in memory. A line that only rises is a leak.",
        "query": "process_resident_memory_bytes",
        "unit": "bytes",
        "min": 0,
    },
    "process_open_fds": {
        "title": "Open files",
        "description": "Files and connections that are open. "
        "At the limit of the system nothing can be opened.",
        "query": "process_open_fds",
        "unit": "short",
        "min": 0,
    },
    "go_goroutines": {
        "title": "Goroutines",
        "description": "What runs at the same time. A line that only rises is a leak.",
        "query": "go_goroutines",
        "unit": "short",
        "min": 0,
    },
}
"""Metrics of client libraries (prometheus/client_python and client_golang) that tell how a process does."""
_HOST_METRICS: Final = frozenset(
    (
        "node_cpu_seconds_total", "node_load1",
        "node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes", "node_vmstat_pgmajfault",
        "node_disk_io_time_seconds_total", "node_disk_io_time_weighted_seconds_total",
        "node_filesystem_avail_bytes", "node_filesystem_size_bytes", "node_network_receive_errs_total",
        "node_network_transmit_errs_total",
        "node_network_receive_drop_total", "node_network_transmit_drop_total",
    )
)  # fmt: skip
"""What `std/use` reads of every host (node_exporter 1.x)."""


class FirstDashboard(Struct):
    """A dashboard, and what it was made of.

    Attributes:
        spec: the document; its texts may be expressions of the spec language.
        reasons: what was recognised, for people.
        convention: the version of the conventions for language models that the metrics follow.
        ignore: metrics whose values a component has better than a page, for the contract.
        runtime: the metrics of the process that are shown.
        uncharted: how many metrics no panel shows.
    """

    spec: Json
    reasons: list[str] = []
    convention: Convention | None = None
    ignore: list[str] = []
    runtime: list[str] = []
    uncharted: int = 0


def first_dashboard(
    metrics: Mapping[str, Json], runtime: AbstractSet[str], fallback: str
) -> FirstDashboard | None:
    """A dashboard of what an application exposes; None when there is nothing to draw.

    Args:
        metrics: the metrics as a contract has them, by name.
        runtime: the names of further metrics, of the process and the language.
        fallback: its title, where the names of the metrics do not begin with that of the application.
    """
    board = _Board({name: one for name, one in metrics.items() if _NAME.fullmatch(name)})
    rows = [*board.requests(), *board.language_models(), *board.hosts(), *board.others()]
    shown = [name for name in _PROCESS_PANELS if name in runtime]
    process = [_PROCESS_PANELS[name] for name in shown]
    if process:
        rows.append({"title": "Process", "panels": process})
        board.reasons.append("the process: its processor time, memory and open files")
    if not rows:
        return None
    title = board.application or fallback
    spec = {
        "kind": "Dashboard",
        "uid": slug(title)[:40].strip("-") or "application",
        "title": title,
        "rows": rows,
    }
    uncharted = len(metrics) - len(board.charted)
    return FirstDashboard(spec, board.reasons, board.convention, board.ignore, shown, uncharted)


class _Board(Struct):
    """The rows of a dashboard as they come to be, and the metrics that they show."""

    metrics: Mapping[str, Json]
    charted: set[str] = set()
    reasons: list[str] = []
    convention: Convention | None = None
    ignore: list[str] = []

    @property
    def prefix(self) -> str:
        """What most names begin with, such as ``shop_``; empty when they have nothing in common."""
        names = [name for name in self.metrics if not name.startswith(_OF_LIBRARIES)]
        firsts = Counter(name.partition("_")[0] + "_" for name in names if "_" in name)
        commonest, count = max(firsts.items(), key=lambda item: (item[1], item[0]), default=("", 0))
        return commonest if count * 2 > len(names) else ""

    @property
    def application(self) -> str:
        """The name of the application, if the names of its metrics begin with it."""
        return self.prefix.removesuffix("_").capitalize()

    def requests(self) -> Iterator[Json]:
        """Rate, errors and duration of requests, and the routes of FastAPI."""
        pair = self._request_metrics()
        if pair is None:
            return
        requests, durations = pair
        series = requests or f"{durations}_count"
        errors = _error_matcher(self.metrics[requests or durations])
        if errors is None:
            return
        yield {
            "use": "std/red",
            "with": {
                "title": "Requests",
                "requests": series,
                "errors": series + "{" + errors + "}",
                "duration": durations,
            },
        }
        self.charted |= {name for name in (requests, durations) if name}
        self.reasons.append(f"requests: rate, errors and duration of `{series}` (std/red)")
        names = _fastapi_names(self.metrics)
        if names is not None:
            yield {"use": "std/fastapi", "with": {"names": names}}
            self.reasons.append("FastAPI: its busiest, slowest and failing routes (std/fastapi)")

    def _request_metrics(self) -> tuple[str, str] | None:
        """A counter of requests (or nothing) and a histogram of their durations in seconds."""
        histograms = [
            n for n in self._of_type("histogram") if _DURATION.fullmatch(n) and not n.startswith("gen_ai")
        ]
        counters = [n for n in self._of_type("counter") if _REQUESTS.fullmatch(n)]
        # HTTP before anything else, and of several the one with the shortest name: it is the most general.
        for durations in sorted(histograms, key=_generality):
            stem = _ENDING.sub("", durations).removesuffix("_duration").removesuffix("_latency")
            near = [n for n in counters if n.startswith(stem) or stem.startswith(n.removesuffix("_total"))]
            with_status = [n for n in near or counters if _error_matcher(self.metrics[n])]
            if with_status:
                return min(with_status, key=_generality), durations
            if _error_matcher(self.metrics[durations]):
                return "", durations
        return None

    def language_models(self) -> Iterator[Json]:
        """Calls of language models, when the names are those of a version of OpenTelemetry's conventions."""
        names = {name for name in self.metrics if name.startswith("gen_ai_")}
        if not names:
            return
        self.convention = _convention_of(self.metrics, names)
        self.charted |= names
        self.reasons.append(
            f"language models: calls, tokens, latency and errors (std/genai, {self.convention})"
        )
        yield {"use": "std/genai", "with": {"convention": self.convention}}

    def hosts(self) -> Iterator[Json]:
        """The hosts that a node_exporter watches."""
        if not self.metrics.keys() >= _HOST_METRICS:
            return
        self.charted |= {name for name in self.metrics if name.startswith("node_")}
        self.ignore.append("node_*")
        self.reasons.append("hosts: utilization, saturation and errors (std/use)")
        yield {"use": "std/use"}

    def others(self) -> Iterator[Json]:
        """A row for each group of the remaining metrics, the larger ones first."""
        groups: dict[str, list[str]] = {}
        prefix = self.prefix
        for name in self.metrics:
            if name not in self.charted and not name.endswith("_info"):
                groups.setdefault(name.removeprefix(prefix).partition("_")[0], []).append(name)
        small = [name for names in groups.values() if len(names) == 1 for name in names]
        rows = [(group.capitalize(), names) for group, names in groups.items() if len(names) > 1]
        rows += [("Others" if rows else self.application or "Metrics", small)] if small else []
        rows = [(title, names) for title, names in rows if names][:_MOST_ROWS]
        for title, names in rows:
            shown = names[:_MOST_PANELS]
            self.charted |= set(shown)
            yield {"title": title, "panels": [_panel(name, self.metrics[name], prefix) for name in shown]}
        if rows:
            count = sum(min(len(names), _MOST_PANELS) for _, names in rows)
            self.reasons.append(f"{count} other metric{'s' * (count != 1)}, by name")

    def _of_type(self, kind: str) -> list[str]:
        return [name for name, metric in self.metrics.items() if metric.get("type") == kind]


def open_labels(metrics: Mapping[str, Json]) -> dict[str, Json]:
    """The metrics with labels of HTTP statuses and paths bounded instead of listed.

    A page lists what happened so far. An application without an error yet would have a contract in which a
    query for errors is a mistake.
    """
    return {name: _with_open_labels(metric) for name, metric in metrics.items()}


def _with_open_labels(metric: Json) -> Json:
    labels = metric.get("labels") or {}
    opened = {
        label: _opened(values) if isinstance(values, list) else values for label, values in labels.items()
    }
    return {**metric, "labels": opened} if labels else metric


def _opened(values: list[str]) -> list[str] | Json:
    if _is_status(values):
        return {"max": 10, "example": values[0]}
    if any(value.startswith("/") for value in values):
        return {"max": max(20, 2 * len(values)), "example": values[0]}
    return values


def _is_status(values: Sequence[str]) -> bool:
    return bool(values) and all(_STATUS_CODE.fullmatch(value) for value in values)


def _error_matcher(metric: Json) -> str | None:
    """The matcher of a metric's failures: by a status code, or by a word such as ``error``."""
    labels: Mapping[str, Any] = metric.get("labels") or {}
    for label in _STATUS_LABELS:
        values = labels.get(label)
        if isinstance(values, dict):
            values = [str(values.get("example") or "")]
        if not isinstance(values, list):
            continue
        if _is_status(values):
            return f'{label}=~"5.."'
        failures = [value for value in values if _FAILURE.fullmatch(value)]
        if len(failures) == 1:
            return f'{label}="{failures[0]}"'
        if failures:
            return f'{label}=~"{"|".join(failures)}"'
    return None


def _generality(name: str) -> tuple[bool, int, str]:
    return "http" not in name, len(name), name


def _fastapi_names(metrics: Mapping[str, Json]) -> str | None:
    """Whose names FastAPI's metrics have, in the words of `std/fastapi`."""
    labels = set((metrics.get("http_requests_total") or {}).get("labels") or ())
    if {"handler", "method", "status"} <= labels and "http_request_duration_seconds" in metrics:
        return "instrumentator"
    otel = (metrics.get("http_server_request_duration_seconds") or {}).get("labels") or {}
    return "otel" if {"http_route", "http_response_status_code"} <= set(otel) else None


def _convention_of(metrics: Mapping[str, Json], names: AbstractSet[str]) -> Convention:
    """The version that the names belong to (`dashgen.model.genai_conventions` has the names of each)."""
    if any(name.startswith("gen_ai_client_inference_") for name in names):
        return "genai-0.1"
    labels = {label for name in names for label in metrics[name].get("labels") or ()}
    old = "gen_ai_system" in labels and "gen_ai_provider_name" not in labels
    return "1.36" if old else "1.37"


def _panel(name: str, metric: Json, prefix: str) -> Json:
    """One panel for one metric; unit and description follow from the contract."""
    title = _ENDING.sub("", _ENDING.sub("", name.removeprefix(prefix))).replace("_", " ").strip()
    panel: Json = {"title": (title[:1].upper() + title[1:]) or name}
    by = _grouping(metric)
    grouped = f" by ({by})" if by else ""
    kind = metric.get("type")
    if kind == "counter":
        panel["query"] = f"sum{grouped} (rate({name}[$__rate_interval]))"
    elif kind == "histogram":
        panel["queries"] = [
            {
                "for_each": {"quantile": [0.5, 0.95]},
                "query": "histogram_quantile(${{ quantile }}, "
                f"sum by (le) (rate({name}_bucket[$__rate_interval])))",
                "legend": "p${{ (quantile * 100) | round | int }}",
            }
        ]
    elif kind == "summary":
        panel["query"] = (
            f"sum(rate({name}_sum[$__rate_interval])) / (sum(rate({name}_count[$__rate_interval])) > 0)"
        )
    else:
        panel["query"] = f"max{grouped} ({name})" if by else name
    return panel


def _grouping(metric: Json) -> str | None:
    """The label that a panel has a series for each value of: one with few values."""
    labels: Mapping[str, Any] = metric.get("labels") or {}
    few = [
        label
        for label, values in labels.items()
        if _NAME.fullmatch(label)
        and (not isinstance(values, list) or 1 < len(values) <= _FEW)
        and (isinstance(values, list) or values.get("max", 0) <= 2 * _FEW + 4)
    ]
    return min(few, key=lambda label: (_rank(label), label), default=None)


def _rank(label: str) -> int:
    return next((rank for rank, word in enumerate(_GROUPING) if label.endswith(word)), len(_GROUPING))
