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
    """The error that an exception stands for; nothing of the exception's own text is used.

    Args:
        error: what ``requests``, ``urllib3`` or the socket raised.
        host: the host that was asked, for the sentence.
        service: what should run there, for the sentence.
    """
    chain = list(_chain(error))
    sent = not any(isinstance(e, low.NewConnectionError | low.ConnectTimeoutError) for e in chain)
    if failure := _tls(chain, host) or _way(chain, host, service):
        return failure
    if any(isinstance(e, low.IncompleteRead | requests.exceptions.ContentDecodingError) for e in chain):
        return BadAnswerError(f"the answer of `{host}` broke off", kind=AnswerKind.TRUNCATED)
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
        hint = "check whether the address starts with https:// rightly, and the client certificate"
        message = f"no encrypted connection to `{host}` comes about"
        return NoAnswerError(message, kind=ReachKind.TLS, hint=hint, sent=False)
    if any(type(e) is OSError and "TLS" in str(e) for e in chain):
        message = "the certificate files cannot be used"
        return NoAnswerError(
            message, kind=ReachKind.TLS, hint="check `--ca-cert` and the client's", sent=False
        )
    return None


def _way(chain: list[BaseException], host: str, service: str) -> ServiceError | None:
    """What is wrong on the way to the host: a proxy or its name."""
    if any(isinstance(e, low.ProxyError | requests.exceptions.ProxyError) for e in chain):
        hint = "check `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`"
        message = f"the proxy before `{host}` does not let the request through"
        return NoAnswerError(message, kind=ReachKind.PROXY, hint=hint, sent=False)
    if any(isinstance(e, low.NameResolutionError | OSError) and _is_name_failure(e) for e in chain):
        message = f"there is no host named `{host}`"
        hint = f"check the address of {service} and the network"
        return NoAnswerError(message, kind=ReachKind.NAME, hint=hint, sent=False)
    return None


def _is_name_failure(error: BaseException) -> bool:
    return isinstance(error, low.NameResolutionError | gaierror)


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
