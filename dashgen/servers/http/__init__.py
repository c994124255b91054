"""HTTP with bounds on time, size and number, to hosts that the user named."""

from dashgen.servers.http.endpoint import Endpoint, Limits
from dashgen.servers.http.exchange import Exchange, Query, RawAnswer, Request
from dashgen.servers.http.http_errors import (
    AnswerKind,
    BadAnswerError,
    ExchangeError,
    NoAnswerError,
    ReachKind,
)
from dashgen.servers.http.secret import Redactor, Secret

__all__ = [
    "AnswerKind",
    "BadAnswerError",
    "Endpoint",
    "Exchange",
    "ExchangeError",
    "Limits",
    "NoAnswerError",
    "Query",
    "RawAnswer",
    "ReachKind",
    "Redactor",
    "Request",
    "Secret",
]
