"""Sentences that stand on panels in the place of data: what happened, and what to do."""

from collections.abc import Iterable
from typing import Final

from dashgen.doctor.live.query_answer import Answer
from dashgen.servers.http import QueryRefusedError, ServiceError

_OPTIONS: Final = {"prometheus": "--prometheus", "loki": "--loki", "tempo": "--tempo"}
_NAMES: Final = {"prometheus": "Prometheus", "loki": "Loki", "tempo": "Tempo"}
_LONGEST: Final = 600
_SILENT: Final = (None, 401, 403)


def sentence(message: str, hint: str = "") -> str:
    """A message and a hint as sentences."""
    parts = (part.strip().rstrip(".") for part in (message, hint))
    written = " ".join(f"{part[:1].upper()}{part[1:]}." for part in parts if part)
    return written if len(written) <= _LONGEST else f"{written[:_LONGEST]}…"


def is_silent(error: ServiceError) -> bool:
    """Whether a server is away, hangs, or rejects the credentials, so that another request would as well."""
    return error.timed_out or (error.status in _SILENT and not isinstance(error, QueryRefusedError))


def answer_error(answer: Answer) -> str:
    """Why a query has no answer; empty when it has one."""
    if answer.error:
        name = _NAMES.get(answer.query.source_type, "")
        is_reason = (
            answer.asked and not answer.hint and not answer.timed_out and name and name not in answer.error
        )
        return sentence(
            f"{name} refuses the query: {answer.error}" if is_reason else answer.error, answer.hint
        )
    return no_server(answer.query.source_type) if not answer.asked else ""


def unfilled_error(names: Iterable[str]) -> str:
    """That variables in a query have no value."""
    listed = ", ".join(f"`${name}`" for name in names)
    return sentence(f"there is no value for {listed}", "give the variable a default")


def no_server(source_type: str) -> str:
    """That there is no server for data sources of a type."""
    option = _OPTIONS.get(source_type)
    if option is not None:
        return sentence(
            f"no {_NAMES[source_type]} is named for this panel", f"give its address with `{option} URL`"
        )
    what = f"data sources of type `{source_type}` are" if source_type else "this data source is"
    return sentence(f"{what} queried through a Grafana only", "give its address with `--url`")


def library_panel_error(name: str) -> str:
    """That the model of a library panel is in Grafana only."""
    hint = "import the dashboard with `dashgen import --url` to have it here"
    return sentence(f"the library panel `{name}` is kept in Grafana", hint)
