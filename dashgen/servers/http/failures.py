"""From an exception of the HTTP library to a typed error with a sentence."""

from collections.abc import Iterator
from socket import gaierror
from ssl import SSLCertVerificationError, SSLError

import requests
from urllib3 import exceptions as low

from dashgen.servers.http.http_errors import (
    AnswerKind,
    BadAnswerError,
    NoAnswerError,
    ReachKind,
    ServiceError,
)


def failure_of(error: Exception, host: str, service: str) -> ServiceError:
    """The error that an exception stands for.

    Nothing of the exception's own text is used: it may repeat the address with its query, and is written for
    programmers.

    Args:
        error: what ``requests``, ``urllib3`` or the socket raised.
        host: the host of the request, for messages.
        service: what should run there, for messages.
    """
    chain = list(_chain(error))
    # Without a connection nothing can have been sent, so a write certainly did not happen.
    sent = not any(isinstance(e, low.NewConnectionError | low.ConnectTimeoutError) for e in chain)
    if failure := _tls(chain, host) or _proxy_or_name(chain, host, service):
        return failure
    if any(isinstance(e, low.IncompleteRead | requests.exceptions.ContentDecodingError) for e in chain):
        return BadAnswerError(f"the answer of `{host}` broke off", kind=AnswerKind.TRUNCATED)
    # ConnectTimeoutError is no NewConnectionError, so a port that drops packets counts as slow and not as
    # closed.
    if any(isinstance(e, low.NewConnectionError) for e in chain):
        message = f"the address of {service} refuses connections: `{host}`"
        hint = f"check the address and port, and whether {service} runs"
        return NoAnswerError(message, kind=ReachKind.REFUSED, hint=hint, sent=False)
    if any(isinstance(e, TimeoutError | low.TimeoutError | requests.Timeout) for e in chain):
        message = f"`{host}` did not answer in time"
        hint = f"try again; when {service} is slow, allow more time"
        return NoAnswerError(message, kind=ReachKind.TIMEOUT, hint=hint, sent=sent)
    return NoAnswerError(f"the connection to `{host}` broke off", kind=ReachKind.RESET, hint="try again")


def _tls(chain: list[BaseException], host: str) -> ServiceError | None:
    for error in chain:
        if isinstance(error, SSLCertVerificationError):
            reason = error.verify_message or "it cannot be verified"
            hint = "give the certificate of its authority with `--ca-cert`"
            message = f"the certificate of `{host}` is not trusted: {reason.rstrip('.')}"
            return NoAnswerError(message, kind=ReachKind.TLS, hint=hint, sent=False)
    if any(isinstance(e, SSLError | low.SSLError | requests.exceptions.SSLError) for e in chain):
        hint = "check whether the server speaks https:// at all, and the client certificate"
        message = f"an encrypted connection to `{host}` cannot be set up"
        return NoAnswerError(message, kind=ReachKind.TLS, hint=hint, sent=False)
    # requests raises a plain OSError for a certificate file that is missing, and says "TLS" in its text only.
    if any(type(e) is OSError and "TLS" in str(e) for e in chain):
        message, hint = "the certificate files cannot be used", "check `--ca-cert` and the client's"
        return NoAnswerError(message, kind=ReachKind.TLS, hint=hint, sent=False)
    return None


def _proxy_or_name(chain: list[BaseException], host: str, service: str) -> ServiceError | None:
    if any(isinstance(e, low.ProxyError | requests.exceptions.ProxyError) for e in chain):
        hint = "check `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`"
        message = f"the proxy in front of `{host}` does not let the request through"
        return NoAnswerError(message, kind=ReachKind.PROXY, hint=hint, sent=False)
    if any(isinstance(e, low.NameResolutionError | gaierror) for e in chain):
        message = f"there is no host named `{host}`"
        hint = f"check the address of {service} and the network"
        return NoAnswerError(message, kind=ReachKind.NAME, hint=hint, sent=False)
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that it wraps, as cause, as context or as an argument."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [e for e in (current.__cause__, current.__context__) if e is not None]
        reason = getattr(current, "reason", None)
        waiting += [e for e in (*current.args, reason) if isinstance(e, BaseException)]
