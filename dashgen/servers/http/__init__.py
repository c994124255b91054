"""HTTP with bounds on time, size and number, to hosts that the user named."""

from dashgen.servers.http.endpoint import Endpoint, Limits
from dashgen.servers.http.http_errors import (
    AnswerKind,
    BadAnswerError,
    NoAnswerError,
    QueryRefusedError,
    ReachKind,
    ServiceError,
)
from dashgen.servers.http.secret import Redactor, Secret
from dashgen.servers.http.sent_request import Query, RawAnswer, Request
from dashgen.servers.http.server_session import ServerSession

__all__ = [
    "AnswerKind",
    "BadAnswerError",
    "Endpoint",
    "Limits",
    "NoAnswerError",
    "Query",
    "QueryRefusedError",
    "RawAnswer",
    "ReachKind",
    "Redactor",
    "Request",
    "Secret",
    "ServerSession",
    "ServiceError",
]
