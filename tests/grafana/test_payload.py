from typing import Any

import pytest

from dashgen.servers.grafana.payload import Cause, Payload, parse_payload


@pytest.mark.parametrize(
    ("body", "payload"),
    [
        ({"status": "empty-name", "message": "no title"}, Payload("no title", "empty-name")),
        ({"message": "folder not found"}, Payload("folder not found")),
        (
            {"message": "Invalid API key", "messageId": "api-key.invalid", "statusCode": 401, "extra": None},
            Payload("Invalid API key", "api-key.invalid"),
        ),
        (
            {"message": "bad template", "messageId": "x", "extra": {"Error": "line 1"}},
            Payload("bad template (line 1)", "x"),
        ),
        (
            {
                "kind": "Status",
                "message": "is invalid",
                "reason": "Invalid",
                "details": {"causes": [{"field": "spec.tags", "message": "not a list"}, 7]},
            },
            Payload("is invalid", "Invalid", (Cause("spec.tags", "not a list"),)),
        ),
        ({"kind": "Status", "code": 403}, Payload()),
        ([{"message": "in a list"}], Payload("in a list")),
        ("text", Payload("text")),
        (None, Payload()),
        ({"message": ["not text"], "error": "said so"}, Payload("said so")),
        ({"title": "Access denied"}, Payload("Access denied")),
    ],
)
def test_all_shapes_of_error_answers_are_read(body: Any, payload: Payload) -> None:
    assert parse_payload(body) == payload


def test_the_permissions_that_are_needed_are_found() -> None:
    said = (
        "You'll need additional permissions. Permissions needed: any of dashboards:create, alert.rules:read"
    )
    assert Payload(said).permissions == ("dashboards:create", "alert.rules:read")
    assert Payload("no").permissions == ()
