"""What can go wrong before a server's answer can be read, each with a sentence for people."""

from enum import StrEnum

from dashgen.core.errors import DashgenError


class ExchangeError(DashgenError):
    """No answer, or none that is of use; the message is fit to be shown."""

    exit_code = 3

    def __init__(self, message: str, *, hint: str = "", status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.status = status


class ReachKind(StrEnum):
    """Why there was no answer."""

    NAME = "name"
    REFUSED = "refused"
    TLS = "tls"
    PROXY = "proxy"
    TIMEOUT = "timeout"
    RESET = "reset"


class NoAnswerError(ExchangeError):
    """No answer: the name, the network, TLS, a proxy or time; ``sent``: whether the request may have arrived."""

    def __init__(self, message: str, *, kind: ReachKind, hint: str = "", sent: bool = True) -> None:
        super().__init__(message, hint=hint)
        self.kind = kind
        self.sent = sent


class AnswerKind(StrEnum):
    """What is wrong with an answer."""

    NOT_JSON = "not-json"
    TRUNCATED = "truncated"
    TOO_BIG = "too-big"
    REDIRECT = "redirect"
    LOGIN = "login"


class BadAnswerError(ExchangeError):
    """Something answered, and not as the service does."""

    def __init__(self, message: str, *, kind: AnswerKind, hint: str = "", status: int | None = None) -> None:
        super().__init__(message, hint=hint, status=status)
        self.kind = kind
