"""Requests to one Grafana: reads that may be retried, writes that may not."""

import json
import random
import time
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.servers.grafana.answers import error_of
from dashgen.servers.grafana.grafana_errors import (
    BusyError,
    GrafanaError,
    NotFoundError,
    OutcomeUnknownError,
    RefusedError,
    ServerError,
    UnauthorisedError,
    UnreachableError,
    UnusableAnswerError,
    of_exchange,
)
from dashgen.servers.grafana.grafana_settings import ConnectionSettings
from dashgen.servers.grafana.payload import Cause, Payload, parse_payload
from dashgen.servers.grafana.writes import write_or_verify
from dashgen.servers.http import (
    AnswerKind,
    BadAnswerError,
    NoAnswerError,
    Query,
    RawAnswer,
    Request,
    Secret,
    ServerSession,
)
from dashgen.servers.http.body import decoded
from dashgen.servers.http.retry import seconds_to_wait


class Reply(Struct, frozen=True):
    """A successful answer: its status and its decoded JSON, ``None`` when it was empty."""

    status: int
    data: Any

    def mapping(self) -> Json:
        """The data, which has to be an object."""
        if isinstance(self.data, dict):
            return self.data
        raise _wrong_form("an object")

    def listing(self) -> list[Json]:
        """The data, which has to be a list of objects."""
        if isinstance(self.data, list) and all(isinstance(item, dict) for item in self.data):
            return self.data
        raise _wrong_form("a list")


class WriteRequest(Struct, frozen=True):
    """A request that writes.

    ``path`` is made by ``route``; ``subject`` is what it changes, in messages; ``body`` is sent as JSON;
    ``secrets`` are values in the body that no message may repeat.
    """

    method: str
    path: str
    subject: str
    body: Any = None
    query: Query = {}
    headers: Mapping[str, str] = {}
    secrets: tuple[Secret, ...] = ()

    def encoded(self) -> bytes | None:
        """The body as bytes.

        Raises:
            RefusedError: when JSON cannot hold it.
        """
        if self.body is None:
            # Grafana refuses a POST without a JSON body; a DELETE has none.
            return None if self.method == "DELETE" else b"{}"
        try:
            return json.dumps(self.body, separators=(",", ":"), allow_nan=False).encode()
        except (ValueError, TypeError, RecursionError):
            raise RefusedError(f"{self.subject} has values that JSON cannot hold") from None


class Session(ServerSession):
    """Connections to one Grafana, safe to share between threads.

    Args:
        settings: the Grafana and the account.
        sleep: waits; replaced in tests.
        jitter: a number from 0 to 1 that spreads retries.
    """

    def __init__(
        self,
        settings: ConnectionSettings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        super().__init__(settings.endpoint, sleep=sleep, jitter=jitter)
        self.settings = settings

    def read(
        self, path: str, subject: str, *, query: Query | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """GET something, and again after errors that pass, such as a broken connection.

        Args:
            path: below the address of Grafana, made by ``route``.
            subject: what is read, in messages.
            query: parameters; a list repeats its parameter.
            headers: further headers.

        Raises:
            GrafanaError: one of its kinds.
        """
        request = Request("GET", path, query or {}, None, headers or {})
        return self.repeated(lambda: self._once(request, subject))

    def read_or_none(self, path: str, subject: str, *, query: Query | None = None) -> Reply | None:
        """GET something that may be missing; nothing when Grafana itself answers that it is.

        Raises:
            GrafanaError: any other error.
        """
        try:
            return self.read(path, subject, query=query)
        except NotFoundError:
            return None

    def write(self, change: WriteRequest) -> Reply:
        """Send a change once; it is never repeated here.

        Raises:
            OutcomeUnknownError: when the change may have happened.
            GrafanaError: when it did not.
        """
        request = Request(change.method, change.path, change.query, change.encoded(), change.headers)
        try:
            return self._once(request, change.subject, change.secrets)
        except (BusyError, ServerError, UnusableAnswerError, UnreachableError) as error:
            # A server or proxy may fail after the change is stored. Only when nothing was sent is it certain
            # that it is not.
            if isinstance(error, UnreachableError) and not error.sent:
                raise
            raise OutcomeUnknownError(change.subject, error) from None

    def query(self, request: WriteRequest, holds: str) -> Json:
        """The answer to a POST that changes nothing, sent again after errors that pass.

        Args:
            request: the request.
            holds: the key that makes an answer usable, whatever its status: Grafana answers with 400 when one
                of several queries fails, and has the results of the others in it.

        Raises:
            GrafanaError: one of its kinds.
        """
        sent = Request(request.method, request.path, request.query, request.encoded(), request.headers)
        return self.repeated(lambda: self._queried(sent, request.subject, holds))

    def _queried(self, request: Request, subject: str, holds: str) -> Json:
        try:
            answer = self.send(request)
            data = decoded(answer, "Grafana") if answer.status < 500 else None
        except (NoAnswerError, BadAnswerError) as error:
            raise of_exchange(error) from None
        if isinstance(data, dict) and isinstance(data.get(holds), dict):
            return data
        return self._reply(answer, subject, ()).mapping()

    def write_verified(self, change: WriteRequest, is_done: Callable[[], bool]) -> None:
        """Send a change; when its answer is lost, look whether it is done before sending it again.

        Args:
            change: the change.
            is_done: reads what is in Grafana, and whether that is what the change should lead to.

        Raises:
            OutcomeUnknownError: Grafana cannot be read after a lost answer.
            GrafanaError: it was not done, with the reason.
        """

        def write() -> bool:
            self.write(change)
            return True

        write_or_verify(write, lambda: is_done() or None, self.pause)

    def delete(self, deletion: WriteRequest, is_gone: Callable[[], bool]) -> None:
        """Send a deletion as ``write_verified`` does; what is missing already is deleted."""
        try:
            self.write_verified(deletion, is_gone)
        except NotFoundError:
            return

    def _once(self, request: Request, subject: str, secrets: tuple[Secret, ...] = ()) -> Reply:
        try:
            answer = self.send(request)
        except (NoAnswerError, BadAnswerError) as error:
            raise of_exchange(error) from None
        if self.settings.answered:
            self.settings.answered()
        return self._reply(answer, subject, secrets)

    def _reply(self, answer: RawAnswer, subject: str, secrets: tuple[Secret, ...]) -> Reply:
        try:
            data = decoded(answer, "Grafana")
        except BadAnswerError as error:
            if answer.status < 400:
                raise of_exchange(error) from None
            raise self._error_page(answer, subject) from None
        if answer.status < 400:
            return Reply(answer.status, data)
        payload = _shown(parse_payload(data), lambda text: self.shown(text, secrets))
        raise error_of(answer.status, payload, subject, wait=seconds_to_wait(answer.headers))

    def _error_page(self, answer: RawAnswer, subject: str) -> GrafanaError:
        """The error for a web page: a proxy's 404 does not mean that Grafana lacks a thing."""
        payload = Payload("the answer is a web page, so it comes from a proxy in front of Grafana")
        if answer.status in {429, 500, 502, 503, 504}:
            return error_of(answer.status, payload, subject, wait=seconds_to_wait(answer.headers))
        if answer.status == 401:
            return UnauthorisedError(
                "a proxy in front of Grafana asks for other credentials",
                hint="check the address, and whether a sign-in page is in front of Grafana",
                status=401,
            )
        return UnusableAnswerError(
            f"the answer for {subject} is a web page instead of Grafana's JSON ({answer.status})",
            kind=AnswerKind.NOT_JSON,
            hint="check the address of Grafana, its sub-path, and proxies in front of it",
            status=answer.status,
        )


def _shown(payload: Payload, redact: Callable[[str], str]) -> Payload:
    causes = tuple(Cause(redact(c.field), redact(c.message)) for c in payload.causes[:50])
    return Payload(redact(payload.message), redact(payload.slug), causes)


def _wrong_form(expected_form: str) -> UnusableAnswerError:
    return UnusableAnswerError(f"Grafana's answer is not {expected_form}", kind=AnswerKind.NOT_JSON)
