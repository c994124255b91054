"""What every request passes before anything looks at it: a stopwatch, a span, limits, and a net for bugs."""

import asyncio
from http import HTTPStatus

from opentelemetry.trace import SpanKind
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.assembly import Bot
from bot.timeline import Stopwatch
from bot.tracing import caller_of
from bot.web.callers import address_key, foreign_page, wrong_host
from bot.web.words import problem

_QUIET = {"/metrics", "/healthz", "/readyz"}
_BODY_SECONDS = 10.0


class _Refusal(Exception):  # noqa: N818  # an answer, not an error of the program
    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status, self.kind = status, kind


class Gate:
    """Pure ASGI, so that the span is the current one in handlers."""

    def __init__(self, app: ASGIApp, bot: Bot) -> None:
        self._app = app
        self._bot = bot

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if refusal := self._stranger(scope):
            await problem(refusal.status, refusal.kind, str(refusal))(scope, receive, send)
            return
        if scope["path"] in _QUIET:
            await self._app(scope, receive, send)
            return
        watch = Stopwatch(self._bot.settings.sim_speed)
        scope.setdefault("state", {})["watch"] = watch
        await self._traced(scope, receive, send, watch)

    async def _traced(self, scope: Scope, receive: Receive, send: Send, watch: Stopwatch) -> None:
        headers = Headers(scope=scope)
        attributes = {
            "http.request.method": scope["method"],
            "url.path": scope["path"],
            "url.scheme": scope["scheme"],
        }
        with self._bot.tracing.span(
            scope["method"], watch, SpanKind.SERVER, attributes, caller_of(headers)
        ) as span:

            async def observed(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= 500:
                        span.set_attribute("error.type", str(message["status"]))
                await send(message)

            await self._guarded(scope, receive, observed)
            if route := getattr(scope.get("route"), "path", None):
                span.update_name(f"{scope['method']} {route}")
                span.set_attribute("http.route", route)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            self._check_rate(scope)
            body = await self._read_body(scope, receive)
            await self._app(scope, _replay(body, receive), noting)
        except _Refusal as refusal:
            await problem(refusal.status, refusal.kind, str(refusal))(scope, receive, send)
        except Exception as error:  # noqa: BLE001  # the last net: a bug is a 500 and a log line
            self._bot.recorder.exception(error, f"{scope['method']} {scope['path']} broke")
            if not started:
                answer = problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "something went wrong")
                await answer(scope, receive, send)

    def _stranger(self, scope: Scope) -> _Refusal | None:
        if message := wrong_host(scope, self._bot.settings.allowed_hosts):
            return _Refusal(HTTPStatus.MISDIRECTED_REQUEST, "wrong_host", message)
        if message := foreign_page(scope):
            return _Refusal(HTTPStatus.FORBIDDEN, "foreign_page", message)
        return None

    def _check_rate(self, scope: Scope) -> None:
        most = self._bot.settings.requests_per_minute
        address = scope["client"][0] if scope.get("client") else "?"
        if most and not self._bot.requests.allow(address_key(address), most):
            raise _Refusal(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", "slow down, please")

    async def _read_body(self, scope: Scope, receive: Receive) -> bytes:
        most = self._bot.settings.max_body
        too_long = _Refusal(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", f"the body may have {most} bytes"
        )
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) > most:
            raise too_long
        body = bytearray()
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                while True:
                    message = await receive()
                    body += message.get("body", b"")
                    if len(body) > most:
                        raise too_long
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            raise _Refusal(HTTPStatus.REQUEST_TIMEOUT, "too_slow", "the body did not arrive") from None


def _replay(body: bytes, receive: Receive) -> Receive:
    """A body that was read already, once more; afterwards what the client does."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
