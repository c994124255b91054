"""The names of OpenTelemetry's conventions for language models, and what replaced them when.

Sources: CHANGELOG.md of open-telemetry/semantic-conventions (1.27, 1.37) and of semantic-conventions-genai
(0.1), docs/gen-ai/non-normative/migration.md there. Names of metrics are as Prometheus has them, without
`_bucket` and the like.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

CONVENTIONS: Final = ("1.27", "1.37", "genai-0.1")
"""The versions that renamed something, from old to new."""


BEFORE: Final[Mapping[str, str]] = {"1.36": "1.27"}
"""The version of renamings that holds in a version of the metric contract which renamed nothing."""


class Renaming(Struct, frozen=True):
    """What replaced a name, and the version that did it; ``new`` is empty when nothing did."""

    new: str
    since: str


METRICS: Final[Mapping[str, Renaming]] = {
    "gen_ai_client_token_usage": Renaming("gen_ai_client_inference_usage_input_tokens_total", "genai-0.1"),
    "gen_ai_client_token_usage_tokens": Renaming(
        "gen_ai_client_inference_usage_input_tokens_total", "genai-0.1"
    ),
    "gen_ai_client_operation_duration_seconds": Renaming(
        "gen_ai_client_inference_duration_seconds", "genai-0.1"
    ),
}
LABELS: Final[Mapping[str, Renaming]] = {
    "gen_ai_system": Renaming("gen_ai_provider_name", "1.37"),
    "gen_ai_token_type": Renaming("", "genai-0.1"),
}
ATTRIBUTES: Final[Mapping[str, Renaming]] = {
    "gen_ai.system": Renaming("gen_ai.provider.name", "1.37"),
    "gen_ai.usage.prompt_tokens": Renaming("gen_ai.usage.input_tokens", "1.27"),
    "gen_ai.usage.completion_tokens": Renaming("gen_ai.usage.output_tokens", "1.27"),
    "gen_ai.prompt": Renaming("gen_ai.input.messages", "1.37"),
    "gen_ai.completion": Renaming("gen_ai.output.messages", "1.37"),
}
PARTS: Final = ("_bucket", "_sum", "_count")


def renaming(names: Mapping[str, Renaming], name: str, convention: str) -> Renaming | None:
    """What replaced a name up to a version of the conventions; None when it is still the name."""
    renamed = names.get(name)
    if renamed is None or CONVENTIONS.index(renamed.since) > CONVENTIONS.index(convention):
        return None
    return renamed


def family_of(series: str) -> str:
    """The metric of a series, such as that of a `_bucket`."""
    return next((series.removesuffix(part) for part in PARTS if series.endswith(part)), series)


def is_of_language_models(metric: str) -> bool:
    """Whether a metric is about calls of language models, by its name."""
    return metric.startswith(("gen_ai_", "litellm_", "llm_", "openlit_", "vllm:", "openai_"))
