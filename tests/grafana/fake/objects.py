"""Answers in the Kubernetes way."""

from typing import Any

from tests.grafana.fake.wire import Answer, Stop


def failure(code: int, message: str, reason: str, details: dict[str, Any]) -> Stop:
    body = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": reason,
        "details": details,
        "code": code,
    }
    return Stop(Answer(code, body))


def no_such_resource() -> Answer:
    return failure(404, "the server could not find the requested resource", "NotFound", {}).answer


def not_found(kind: str, group: str, name: str) -> Stop:
    details = {"name": name, "group": group, "kind": kind}
    return failure(404, f'{kind}.{group} "{name}" not found', "NotFound", details)


def taken(code: int, message: str) -> Stop:
    body = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "code": code,
    }
    return Stop(Answer(code, body))


def success(kind: str, group: str, name: str, object_uid: str) -> Answer:
    details = {"name": name, "group": group, "kind": kind, "uid": object_uid}
    body = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}
    return Answer(200, body)
