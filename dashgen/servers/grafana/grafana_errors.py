"""What can go wrong with a running Grafana, each with a sentence for people and an exit code.

Exit code 3: no usable answer (unreachable, not Grafana, overloaded) or credentials refused; 4: somebody else
changed or owns it; 1: Grafana understood and refused.
"""

from enum import StrEnum

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.errors import DashgenError
from dashgen.servers.grafana.payload import Cause, Payload
from dashgen.servers.http import AnswerKind, BadAnswerError, ExchangeError, NoAnswerError, ReachKind


class GrafanaError(DashgenError):
    """Grafana did not do what was asked; the message is fit to be shown."""

    exit_code = 1
    rule = "grafana/failed"

    def __init__(
        self, message: str, *, hint: str = "", status: int | None = None, payload: Payload | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.status = status
        self.payload = payload or Payload()

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The fields that the server complains about."""
        return self.payload.causes

    @property
    def transient(self) -> bool:
        """Whether the same read may succeed a moment later."""
        return False

    @property
    def retry_after(self) -> float | None:
        """For how many seconds the server asks to be left alone."""
        return None

    def diagnostic(self, location: Location | None = None) -> Diagnostic:
        """The error as a finding, at the line of the spec that it is about."""
        return Diagnostic(self.rule, self.message, location, self.hint)


class UnreachableError(GrafanaError):
    """No answer: the name, the network, TLS, a proxy or time."""

    exit_code = 3
    rule = "grafana/unreachable"

    def __init__(self, message: str, *, kind: ReachKind, hint: str = "", sent: bool = True) -> None:
        super().__init__(message, hint=hint)
        self.kind = kind
        self.sent = sent

    @property
    def transient(self) -> bool:
        """A connection that broke may hold the next time."""
        return self.kind is ReachKind.RESET


class UnusableAnswerError(GrafanaError):
    """Something answered, and not as Grafana does."""

    exit_code = 3
    rule = "grafana/unusable-answer"

    def __init__(self, message: str, *, kind: AnswerKind, hint: str = "", status: int | None = None) -> None:
        super().__init__(message, hint=hint, status=status)
        self.kind = kind

    @property
    def transient(self) -> bool:
        """An answer that broke off may be whole the next time."""
        return self.kind is AnswerKind.TRUNCATED


class UnauthorisedError(GrafanaError):
    """The credentials are missing or wrong."""

    exit_code = 3
    rule = "grafana/unauthorised"


class ForbiddenError(GrafanaError):
    """The credentials are right and may not do this; ``needed`` are the permissions to ask for."""

    exit_code = 3
    rule = "grafana/forbidden"

    def __init__(
        self, message: str, *, needed: tuple[str, ...] = (), hint: str = "", payload: Payload
    ) -> None:
        super().__init__(message, hint=hint, status=403, payload=payload)
        self.needed = needed


class NotFoundError(GrafanaError):
    """Grafana itself says that there is no such thing."""

    rule = "grafana/not-found"


class ConflictKind(StrEnum):
    """Who is in the way."""

    VERSION = "version"
    EXISTS = "exists"
    MANAGED = "managed"
    IN_USE = "in-use"


class ConflictError(GrafanaError):
    """Somebody else changed it, made it, owns it or uses it."""

    exit_code = 4
    rule = "grafana/conflict"

    def __init__(
        self,
        message: str,
        *,
        kind: ConflictKind,
        hint: str = "",
        status: int | None = None,
        payload: Payload | None = None,
    ) -> None:
        super().__init__(message, hint=hint, status=status, payload=payload)
        self.kind = kind


class RefusedError(GrafanaError):
    """Grafana does not take this content; ``causes`` says which fields."""

    rule = "grafana/refused"


class TooLargeError(RefusedError):
    """The content is larger than the server takes."""

    rule = "grafana/too-large"


class BusyError(GrafanaError):
    """The server, or a proxy before it, asks to come back later or cannot reach Grafana (429, 502-504)."""

    exit_code = 3
    rule = "grafana/busy"

    def __init__(self, message: str, *, status: int, wait: float | None = None, payload: Payload) -> None:
        super().__init__(message, hint="try again in a moment", status=status, payload=payload)
        self._wait = wait

    @property
    def transient(self) -> bool:
        """Yes: that is what these answers say."""
        return True

    @property
    def retry_after(self) -> float | None:
        """For how many seconds the server asks to be left alone."""
        return self._wait


class ServerError(GrafanaError):
    """Grafana failed inside (500)."""

    rule = "grafana/server-error"


class OutcomeUnknownError(GrafanaError):
    """A write was sent and its answer is missing: it may have happened, so look before writing again."""

    rule = "grafana/outcome-unknown"

    def __init__(self, subject: str, cause: GrafanaError) -> None:
        super().__init__(
            f"it is not known whether Grafana changed {subject}: {cause.message}",
            hint="run the command again: it looks first and goes on from there",
            status=cause.status,
            payload=cause.payload,
        )
        self.cause = cause
        self.exit_code = cause.exit_code

    @property
    def retry_after(self) -> float | None:
        """For how many seconds the server asks to be left alone."""
        return self.cause.retry_after


def of_exchange(error: ExchangeError) -> GrafanaError:
    """The error of Grafana that a failed exchange stands for."""
    match error:
        case NoAnswerError():
            return UnreachableError(error.message, kind=error.kind, hint=error.hint, sent=error.sent)
        case BadAnswerError():
            return UnusableAnswerError(error.message, kind=error.kind, hint=error.hint, status=error.status)
        case _:
            return GrafanaError(error.message, hint=error.hint, status=error.status)
