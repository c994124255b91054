"""What can go wrong with a server, each with a sentence for people and an exit code.

Exit code 3: no usable answer, or credentials refused; 1: the server understood and refused. The errors of
Grafana, which have more to say, derive from these.
"""

from enum import StrEnum

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.errors import DashgenError


class ServiceError(DashgenError):
    """No usable answer of a server; the message is fit to be shown.

    Attributes:
        message: what happened.
        hint: what to do about it.
        status: the status of the server's own answer; nothing when there was none.
        timed_out: whether the time was the reason, so that less work may succeed.
        transient: whether the same read may succeed a moment later.
        retry_after: for how many seconds the server asks to be left alone.
    """

    exit_code = 3
    rule = "live/unreachable"

    def __init__(
        self, message: str, *, hint: str = "", status: int | None = None, timed_out: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.status = status
        self.timed_out = timed_out
        self.transient = False
        self.retry_after: float | None = None

    def diagnostic(self, location: Location | None = None) -> Diagnostic:
        """The error as a finding, at the line of the spec that it is about."""
        return Diagnostic(self.rule, self.message, location, self.hint)


class QueryRefusedError(ServiceError):
    """The server understood and refuses; ``reason`` is its own sentence."""

    exit_code = 1
    rule = "live/refused"

    def __init__(self, message: str, *, reason: str, status: int) -> None:
        super().__init__(message, status=status)
        self.reason = reason


class ReachKind(StrEnum):
    """Why there was no answer."""

    NAME = "name"
    REFUSED = "refused"
    TLS = "tls"
    PROXY = "proxy"
    TIMEOUT = "timeout"
    RESET = "reset"


class NoAnswerError(ServiceError):
    """No answer: the name, the network, TLS, a proxy or time.

    ``sent``: whether the request may have arrived.
    """

    def __init__(self, message: str, *, kind: ReachKind, hint: str = "", sent: bool = True) -> None:
        super().__init__(message, hint=hint, timed_out=kind is ReachKind.TIMEOUT)
        self.kind = kind
        self.sent = sent
        # A connection that broke may hold the next time; one that ran out of time would take as long again.
        self.transient = kind is ReachKind.RESET


class AnswerKind(StrEnum):
    """What is wrong with an answer."""

    NOT_JSON = "not-json"
    TRUNCATED = "truncated"
    TOO_BIG = "too-big"
    REDIRECT = "redirect"
    LOGIN = "login"


class BadAnswerError(ServiceError):
    """Something answered, and not as the service does."""

    def __init__(self, message: str, *, kind: AnswerKind, hint: str = "", status: int | None = None) -> None:
        super().__init__(message, hint=hint, status=status)
        self.kind = kind
        self.transient = kind is AnswerKind.TRUNCATED
