"""The bodies of error answers, which come in five shapes."""

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern

_PERMISSION = lazy_pattern(r"[a-z][A-Za-z.-]*:[A-Za-z:.*_-]+")


class Cause(Struct, frozen=True):
    """One complaint about one field of the content, such as ``spec.tags``."""

    field: str
    message: str


class Payload(Struct, frozen=True):
    """The content of an error answer, whatever its shape.

    ``slug`` is the machine-readable kind: ``status`` of the classic API, ``messageId`` of the newer one, or
    ``reason`` of the Kubernetes-style one, which has the ``messageId`` of Grafana's own errors in its
    details.
    """

    message: str = ""
    slug: str = ""
    causes: tuple[Cause, ...] = ()

    @property
    def permissions(self) -> tuple[str, ...]:
        """The permissions that the account lacks: Grafana names them only in the text of its message."""
        _, separator, listed = self.message.partition("ermissions needed:")
        return tuple(_PERMISSION.findall(listed)) if separator else ()


def parse_payload(body: object) -> Payload:
    """Read an error answer in any of Grafana's shapes.

    - classic: ``{"message": …, "status": "version-mismatch"}``
    - newer: ``{"message": …, "messageId": "folder.not-empty", "extra": {"error": …}}``
    - Kubernetes-style: ``{"kind": "Status", "message": …, "reason": …, "details": {"causes": [{"field": …,
    "message": …}]}}``
    - of a query: ``{"results": {"A": {"error": …}}}``
    - a bare text, or a list with one of the others
    """
    if isinstance(body, list) and body:
        return parse_payload(body[0])
    if not isinstance(body, dict):
        return Payload(body if isinstance(body, str) else "")
    if body.get("kind") == "Status":
        return _kubernetes(body)
    if (failed := _failed_query(body)) is not None:
        return Payload(failed)
    extra = body.get("extra")
    message = _text(body.get("message"))
    detail = _text(extra.get("Error") or extra.get("error")) if isinstance(extra, dict) else ""
    if detail and detail not in message:
        message = f"{message} ({detail})" if message else detail
    slug = _text(body.get("messageId")) or _text(body.get("status"))
    return Payload(message or _text(body.get("error")) or _text(body.get("title")), slug)


def _kubernetes(body: Json) -> Payload:
    details = body.get("details")
    listed = details.get("causes") if isinstance(details, dict) else None
    causes = tuple(
        Cause(_text(cause.get("field")), _text(cause.get("message")))
        for cause in (listed if isinstance(listed, list) else ())
        if isinstance(cause, dict)
    )
    message_id = _text(details.get("uid")) if isinstance(details, dict) else ""
    if "." in message_id:
        # An error of Grafana's own (`Error.Status` in pkg/apimachinery/errutil/errors.go): its causes are
        # data for translations, and no complaints about fields.
        return Payload(_text(body.get("message")), message_id)
    return Payload(_text(body.get("message")), _text(body.get("reason")), causes)


def _failed_query(body: Json) -> str | None:
    """The reason of the first query that a data source refused."""
    results = body.get("results")
    for result in results.values() if isinstance(results, dict) else ():
        if isinstance(result, dict) and (reason := _text(result.get("error"))):
            return reason
    return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
