"""The metrics of OpenTelemetry's conventions for language models, by version, as Prometheus has them.

Sources: docs/gen-ai/gen-ai-metrics.md of open-telemetry/semantic-conventions 1.36.0 and 1.41.0;
gen-ai-metrics.md, client-inference.md, gen-ai-token-metrics.md and non-normative/migration.md of
semantic-conventions-genai 0.1.0. All of them are in development: an application exports what its
instrumentation has.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from dashgen.model.metrics_spec import Bound, LabelValues, Metric, Metrics, series_names

_MANY: Final = Bound(max=50)
_LABELS: Final[Mapping[str, LabelValues]] = {
    "gen_ai_operation_name": Bound(max=10, example="chat"),
    "gen_ai_request_model": _MANY,
    "gen_ai_response_model": _MANY,
    "error_type": _MANY,
    "server_address": _MANY,
    "server_port": _MANY,
    "service_name": _MANY,
}
_SYSTEM: Final[Mapping[str, LabelValues]] = {**_LABELS, "gen_ai_system": _MANY}
_PROVIDER: Final[Mapping[str, LabelValues]] = {**_LABELS, "gen_ai_provider_name": _MANY}
_TOKEN_TYPE: Final[Mapping[str, LabelValues]] = {"gen_ai_token_type": ["input", "output"]}
_MODALITY: Final[Mapping[str, LabelValues]] = {"gen_ai_token_modality": Bound(max=10, example="text")}
_TOOL: Final[Mapping[str, LabelValues]] = {
    "gen_ai_tool_name": _MANY,
    "error_type": _MANY,
    "service_name": _MANY,
}


def _seconds(help_text: str, labels: Mapping[str, LabelValues]) -> Metric:
    return Metric(type="histogram", help=help_text, unit="s", labels=dict(labels))


def _tokens(help_text: str) -> Metric:
    return Metric(type="counter", help=help_text, unit="short", labels={**_PROVIDER, **_MODALITY})


def _server(labels: Mapping[str, LabelValues]) -> dict[str, Metric]:
    return {
        "gen_ai_server_request_duration_seconds": _seconds("How long the model's server takes.", labels),
        "gen_ai_server_time_per_output_token_seconds": _seconds(
            "Time between two tokens of an answer.", labels
        ),
        "gen_ai_server_time_to_first_token_seconds": _seconds(
            "Time to the first token at the server.", labels
        ),
    }


def _client(labels: Mapping[str, LabelValues]) -> dict[str, Metric]:
    usage = Metric(
        type="histogram", help="Tokens of a call, by kind.", unit="short", labels={**labels, **_TOKEN_TYPE}
    )
    return {
        "gen_ai_client_operation_duration_seconds": _seconds("How long a call takes.", labels),
        "gen_ai_client_token_usage": usage,
    }


def _streaming(prefix: str) -> dict[str, Metric]:
    return {
        f"{prefix}_time_to_first_chunk_seconds": _seconds("Time to the first part of an answer.", _PROVIDER),
        f"{prefix}_time_per_output_chunk_seconds": _seconds(
            "Time between two parts of an answer.", _PROVIDER
        ),
    }


_USAGE: Final = "gen_ai_client_inference_usage"
_OPERATION: Final = "gen_ai_client_inference_operation"
GENAI_METRICS: Final[Mapping[str, Mapping[str, Metric]]] = {
    "1.36": {**_client(_SYSTEM), **_server(_SYSTEM)},
    "1.37": {**_client(_PROVIDER), **_server(_PROVIDER), **_streaming("gen_ai_client_operation")},
    "genai-0.1": {
        "gen_ai_client_inference_duration_seconds": _seconds("How long a call takes.", _PROVIDER),
        **_streaming("gen_ai_client_inference"),
        f"{_USAGE}_input_tokens_total": _tokens("Tokens sent, with those from and for the cache."),
        f"{_USAGE}_output_tokens_total": _tokens("Tokens received, with those of reasoning."),
        f"{_USAGE}_cache_read_input_tokens_total": _tokens("Tokens sent that were read from the cache."),
        f"{_USAGE}_cache_write_input_tokens_total": _tokens("Tokens sent that were written to the cache."),
        f"{_USAGE}_reasoning_output_tokens_total": _tokens("Tokens received that were reasoning."),
        f"{_OPERATION}_input_tokens": Metric(
            type="histogram", help="Tokens sent by a call.", unit="short", labels=dict(_PROVIDER)
        ),
        f"{_OPERATION}_output_tokens": Metric(
            type="histogram", help="Tokens received by a call.", unit="short", labels=dict(_PROVIDER)
        ),
        # Calls that are no inference, such as embeddings, kept their name.
        "gen_ai_client_operation_duration_seconds": _seconds("How long another call takes.", _PROVIDER),
        **_server(_PROVIDER),
        "gen_ai_invoke_agent_duration_seconds": _seconds("How long an agent works.", _PROVIDER),
        "gen_ai_execute_tool_duration_seconds": _seconds("How long a tool takes.", _TOOL),
    },
}
"""The metrics of each version by their names in queries."""


def convention_metrics(contract: Metrics) -> Mapping[str, Metric]:
    """The metrics of the convention that a contract follows; none when it follows none."""
    return GENAI_METRICS[contract.convention] if contract.convention is not None else {}


def all_metrics(contract: Metrics) -> Mapping[str, Metric]:
    """The metrics of a contract: those of its convention, and its own, which win."""
    return {**convention_metrics(contract), **contract.metrics} if contract.convention else contract.metrics


def conventions_of(names: Iterable[str], but: str) -> dict[str, list[str]]:
    """The metrics that only other versions have, by the versions that have each.

    Args:
        names: names of metrics or series.
        but: the version that is followed.
    """
    listed = _names(but)
    others = {version: _names(version) - listed for version in GENAI_METRICS if version != but}
    versions = {name: [version for version, of in others.items() if name in of] for name in names}
    return {name: of for name, of in versions.items() if of}


def _names(version: str) -> frozenset[str]:
    metrics = GENAI_METRICS[version].items()
    return frozenset(series for name, metric in metrics for series in (name, *series_names(name, metric)))
