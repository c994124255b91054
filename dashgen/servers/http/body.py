"""The JSON in an answer, or what came instead."""

from typing import Any

import orjson

from dashgen.servers.http.exchange import RawAnswer
from dashgen.servers.http.http_errors import AnswerKind, BadAnswerError


def decoded(answer: RawAnswer, service: str) -> Any:
    """The decoded body; nothing when it is empty.

    Args:
        answer: what the server sent.
        service: what should have answered, for the sentence.

    Raises:
        BadAnswerError: when it is a web page, broke off, or is no JSON.
    """
    body = answer.body.strip()
    if not body:
        return None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    if body.startswith(b"<"):
        message = f"a web page came where {service}'s answer should be"
        hint = f"check the address of {service}, its sub-path, and whether a sign-in page stands before it"
        raise BadAnswerError(message, kind=AnswerKind.NOT_JSON, hint=hint, status=answer.status)
    cut = body[:1] in b"{[" and body[-1:] not in b"}]"
    kind, message = (
        (AnswerKind.TRUNCATED, f"{service}'s answer broke off in the middle")
        if cut
        else (AnswerKind.NOT_JSON, f"{service}'s answer is not JSON")
    )
    raise BadAnswerError(message, kind=kind, status=answer.status)
