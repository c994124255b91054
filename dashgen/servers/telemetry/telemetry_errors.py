"""What can go wrong with a server of telemetry, each with a sentence for people."""

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.errors import DashgenError


class ServiceError(DashgenError):
    """No usable answer; ``timed_out`` says that the time was the reason, so that less work may succeed."""

    exit_code = 3
    rule = "live/unreachable"

    def __init__(
        self,
        service: str,
        message: str,
        *,
        hint: str = "",
        status: int | None = None,
        timed_out: bool = False,
    ) -> None:
        super().__init__(message)
        self.service = service
        self.message = message
        self.hint = hint
        self.status = status
        self.timed_out = timed_out

    def diagnostic(self, location: Location | None = None) -> Diagnostic:
        """The error as a finding, at the place in the specs that it is about."""
        return Diagnostic(self.rule, self.message, location, self.hint)


class QueryRefusedError(ServiceError):
    """The server understood and does not do it; ``said`` is its reason."""

    exit_code = 1
    rule = "live/refused"

    def __init__(self, service: str, message: str, *, said: str, status: int) -> None:
        super().__init__(service, message, status=status)
        self.said = said
