"""Requests to one server of telemetry: bounded, and repeated after errors that pass."""

from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from dashgen.servers.http import (
    AnswerKind,
    BadAnswerError,
    Query,
    QueryRefusedError,
    RawAnswer,
    Request,
    ServerSession,
    ServiceError,
)
from dashgen.servers.http.body import decoded
from dashgen.servers.http.retry import seconds_to_wait
from dashgen.servers.telemetry.telemetry_settings import variables_of

_BUSY: Final = frozenset({429, 502, 503, 504})
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class Service(ServerSession):
    """One server of telemetry, safe to share between threads.

    ``ready_path`` answers with 200 when it is ready.
    """

    ready_path: ClassVar[str] = "/ready"

    @property
    def name(self) -> str:
        """What runs there, for messages."""
        return self.endpoint.service

    def json(self, path: str, subject: str, query: Query | None = None) -> Any:
        """The decoded JSON of an address.

        Raises:
            ServiceError: when there is none.
        """
        return self._decoded(self._answer(Request("GET", path, query or {}), subject))

    def form(self, path: str, subject: str, fields: Query) -> Any:
        """The decoded JSON of an address that gets its parameters in the body, which has no limit.

        Raises:
            ServiceError: when there is none.
        """
        data = urlencode(dict(fields), doseq=True).encode()
        return self._decoded(self._answer(Request("POST", path, {}, data, _FORM), subject))

    def text(self, path: str, subject: str, headers: dict[str, str] | None = None) -> RawAnswer:
        """The answer of an address as it came.

        Raises:
            ServiceError: when there is none.
        """
        return self._answer(Request("GET", path, {}, None, headers or {}), subject)

    def act(self, path: str, subject: str) -> None:
        """Send a command, once.

        Raises:
            ServiceError: it was not carried out, or that is unknown.
        """
        self._once(Request("POST", path, {}, b"", {}), subject)

    def send_body(self, path: str, subject: str, body: bytes, content_type: str) -> None:
        """Send data, once.

        Raises:
            ServiceError: it was not taken, or that is unknown.
        """
        self._once(Request("POST", path, {}, body, {"Content-Type": content_type}), subject)

    def not_ready(self) -> str:
        """Why the server cannot answer queries yet; empty when it can."""
        try:
            self.text(self.ready_path, "whether it is ready")
        except ServiceError as error:
            return error.message
        return ""

    def _decoded(self, answer: RawAnswer) -> Any:
        try:
            return decoded(answer, self.name)
        except BadAnswerError as error:
            raise self._failed(error) from None

    def _answer(self, request: Request, subject: str) -> RawAnswer:
        return self.repeated(lambda: self._once(request, subject))

    def _once(self, request: Request, subject: str) -> RawAnswer:
        try:
            answer = self.send(request)
        except BadAnswerError as error:
            raise self._failed(error) from None
        if answer.status >= 400:
            raise self._refused(answer, subject)
        return answer

    def _failed(self, error: BadAnswerError) -> ServiceError:
        """The error for an answer that is not the server's own, so that its status means nothing either."""
        # Too much data is the query's fault and not the server's: it is reported as a refusal, and other
        # queries go on.
        if error.kind is AnswerKind.TOO_BIG:
            return QueryRefusedError(error.message, reason=error.message, status=0)
        failure = ServiceError(error.message, hint=error.hint)
        failure.transient = error.transient
        return failure

    def _refused(self, answer: RawAnswer, subject: str) -> ServiceError:
        status, reason = answer.status, self.shown(_reason(answer))
        because = f": {reason.rstrip('.')}" if reason else ""
        if status in {401, 403}:
            prefix = variables_of(self.name)
            hint = f"check `{prefix}_TOKEN`, or `{prefix}_USER` and `{prefix}_PASSWORD`"
            return ServiceError(f"{self.name} rejects the credentials{because}", hint=hint, status=status)
        if status == 404 and not reason:
            hint = f"check the address of {self.name}, and its sub-path"
            return ServiceError(f"{self.name} does not know {subject}", hint=hint, status=404)
        if status in _BUSY or status >= 500:
            timed_out = "timed out" in reason or "timeout" in reason or "deadline exceeded" in reason
            message = f"{self.name} failed at {subject} ({status}){because}"
            failure = ServiceError(message, status=status, timed_out=timed_out)
            # With a reason it is the server itself that gave up on this query: it would again.
            failure.transient = status in _BUSY and not reason
            failure.retry_after = seconds_to_wait(answer.headers)
            return failure
        message = f"{self.name} refuses {subject}{because}"
        return QueryRefusedError(message, reason=reason or f"status {status}", status=status)


def _reason(answer: RawAnswer) -> str:
    """The reason in an error answer: a field of JSON, or the plain text that Loki and Tempo send."""
    try:
        body = decoded(answer, "")
    except BadAnswerError:
        text = answer.body[:4000].decode(errors="replace").strip()
        return "" if text.startswith("<") else text
    if isinstance(body, dict):
        reasons = [body[key] for key in ("error", "message") if isinstance(body.get(key), str)]
        return reasons[0] if reasons else ""
    return body if isinstance(body, str) else ""
