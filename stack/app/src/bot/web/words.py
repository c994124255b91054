"""What requests and answers look like, and how a wrong request is explained."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any

from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bot.catalog import ErrorType, Model, Rating, Tier

LONGEST_QUESTION = 2000
STATUS_OF = {
    ErrorType.TIMEOUT: HTTPStatus.GATEWAY_TIMEOUT,
    ErrorType.RATE_LIMITED: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorType.MODEL_ERROR: HTTPStatus.BAD_GATEWAY,
    ErrorType.TOOL_ERROR: HTTPStatus.BAD_GATEWAY,
    ErrorType.INVALID_REQUEST: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorType.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _number_as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _clean(text: str) -> str:
    text = _CONTROL.sub(" ", text).strip()
    if not text:
        raise ValueError("is empty; ask something")
    return text


Handle = Annotated[str, BeforeValidator(_number_as_text), Field(pattern=r"^[\w.@+-]{1,64}$")]
Question = Annotated[str, Field(max_length=LONGEST_QUESTION), AfterValidator(_clean)]


class Body(BaseModel):
    """A request's body; misspelt fields are errors."""

    model_config = ConfigDict(extra="forbid")


class QueryBody(Body):
    """POST /query."""

    text: Question
    user: Handle
    tier: Tier = Tier.FREE
    model: Model | None = None


class CommandBody(Body):
    """POST /command/{name}."""

    user: Handle
    tier: Tier = Tier.FREE
    text: Question | None = None


class TierBody(Body):
    """POST /signup and /upgrade."""

    user: Handle
    tier: Tier = Tier.FREE


class UserBody(Body):
    """POST /cancel."""

    user: Handle


class FeedbackBody(Body):
    """POST /feedback."""

    user: Handle
    query_id: Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]
    rating: Rating


class Account(BaseModel):
    """A user, as answers show one."""

    user_id: int
    tier: Tier


class Answer(BaseModel):
    """The answer to a question."""

    answer: str
    query_id: str
    user_id: int
    tier: Tier
    model: Model
    query_type: str
    tools: list[str]
    cost_usd: float
    tokens: int
    seconds: float
    trace_id: str


def problem(status: int, kind: str, message: str, **more: Any) -> JSONResponse:
    """An error as JSON, in words."""
    return JSONResponse({"error": {"type": kind, "message": message, **more}}, status_code=status)


def explain(errors: Sequence[Any]) -> str:
    """What is wrong with a body, in one line."""
    return "; ".join(dict.fromkeys(_explain_one(error) for error in errors))


def _explain_one(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"] if part not in {"body", "path"})
    kind = error["type"]
    if kind == "json_invalid" or (not place and kind in {"model_attributes_type", "missing"}):
        return "the body must be a JSON object"
    if place == "query_id" and kind == "string_pattern_mismatch":
        return "query_id: must be the one that came with the answer"
    words = {
        "missing": "is missing",
        "extra_forbidden": "is no field of this request",
        "string_pattern_mismatch": "may have letters, digits and . _ @ + -, at most 64",
        "string_too_long": f"is longer than {LONGEST_QUESTION} characters",
        "string_type": "must be text",
    }
    message = words.get(kind) or error["msg"].removeprefix("Value error, ").lower()
    return f"{place}: {message}" if place else message
