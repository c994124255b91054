"""The JSON in an answer, or what came instead."""

from typing import Any

import orjson

from dashgen.servers.http.http_errors import AnswerKind, BadAnswerError
from dashgen.servers.http.sent_request import RawAnswer


def decoded(answer: RawAnswer, service: str) -> Any:
    """The decoded body; nothing when it is empty.

    Args:
        answer: what the server sent.
        service: what should have answered, for messages.

    Raises:
        BadAnswerError: when it is a web page, broke off, or is not JSON.
    """
    body = answer.body.strip()
    if not body:
        return None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    if body.startswith(b"<"):
        message = f"the answer is a web page instead of {service}'s"
        hint = f"check the address of {service}, its sub-path, and whether a sign-in page is in front of it"
        raise BadAnswerError(message, kind=AnswerKind.NOT_JSON, hint=hint, status=answer.status)
    if body[:1] in b"{[" and body[-1:] not in b"}]":
        # Servers end the connection in the middle when they are stopped; asking again may succeed.
        message = f"{service}'s answer broke off in the middle"
        raise BadAnswerError(message, kind=AnswerKind.TRUNCATED, status=answer.status)
    raise BadAnswerError(f"{service}'s answer is not JSON", kind=AnswerKind.NOT_JSON, status=answer.status)
