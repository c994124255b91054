"""What can go wrong with a running Grafana, each with a sentence for people and an exit code.

Exit code 3: no usable answer (unreachable, not Grafana, overloaded) or credentials refused; 4: somebody else
changed or owns it; 1: Grafana understood and refused.
"""

from enum import StrEnum

from dashgen.servers.grafana.payload import Cause, Payload
from dashgen.servers.http import AnswerKind, BadAnswerError, NoAnswerError, ReachKind, ServiceError


class GrafanaError(ServiceError):
    """Grafana did not do what it was asked to; the message is fit to be shown."""

    exit_code = 1
    rule = "grafana/failed"

    def __init__(
        self, message: str, *, hint: str = "", status: int | None = None, payload: Payload | None = None
    ) -> None:
        super().__init__(message, hint=hint, status=status)
        self.payload = payload or Payload()

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The fields that the server complains about."""
        return self.payload.causes


class UnreachableError(GrafanaError):
    """No answer: the name, the network, TLS, a proxy or time."""

    exit_code = 3
    rule = "grafana/unreachable"

    def __init__(self, message: str, *, kind: ReachKind, hint: str = "", sent: bool = True) -> None:
        super().__init__(message, hint=hint)
        self.kind = kind
        self.sent = sent
        self.transient = kind is ReachKind.RESET


class UnusableAnswerError(GrafanaError):
    """Something answered, and not as Grafana does."""

    exit_code = 3
    rule = "grafana/unusable-answer"

    def __init__(self, message: str, *, kind: AnswerKind, hint: str = "", status: int | None = None) -> None:
        super().__init__(message, hint=hint, status=status)
        self.kind = kind
        self.transient = kind is AnswerKind.TRUNCATED


class UnauthorisedError(GrafanaError):
    """The credentials are missing or wrong."""

    exit_code = 3
    rule = "grafana/unauthorised"


class ForbiddenError(GrafanaError):
    """The credentials are right and may not do this; ``needed`` are the permissions to ask for."""

    exit_code = 3
    rule = "grafana/forbidden"

    def __init__(
        self, message: str, *, needed: tuple[str, ...] = (), hint: str = "", payload: Payload | None = None
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
        self.transient = True
        self.retry_after = wait


class ServerError(GrafanaError):
    """Grafana failed inside (500)."""

    rule = "grafana/server-error"


class OutcomeUnknownError(GrafanaError):
    """A write was sent and its answer is missing: it may have happened, so look before writing again."""

    rule = "grafana/outcome-unknown"

    def __init__(self, subject: str, cause: GrafanaError) -> None:
        super().__init__(
            f"it is unknown whether Grafana changed {subject}: {cause.message}",
            hint="run the command again: it looks first and goes on from there",
            status=cause.status,
            payload=cause.payload,
        )
        self.cause = cause
        self.exit_code = cause.exit_code
        self.retry_after = cause.retry_after


def of_exchange(error: NoAnswerError | BadAnswerError) -> GrafanaError:
    """The error of Grafana that a failed exchange with it stands for."""
    if isinstance(error, NoAnswerError):
        return UnreachableError(error.message, kind=error.kind, hint=error.hint, sent=error.sent)
    return UnusableAnswerError(error.message, kind=error.kind, hint=error.hint, status=error.status)
