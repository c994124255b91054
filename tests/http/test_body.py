import pytest

from dashgen.servers.http import AnswerKind, BadAnswerError, RawAnswer
from dashgen.servers.http.body import decoded


def _answer(body: bytes) -> RawAnswer:
    return RawAnswer(200, {}, body)


def test_json_is_decoded_and_nothing_stays_nothing() -> None:
    assert decoded(_answer(b' {"a": 1}\n'), "Prometheus") == {"a": 1}
    assert decoded(_answer(b"\n"), "Prometheus") is None


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (b"<html>", AnswerKind.NOT_JSON, "the answer is a web page instead of Prometheus's"),
        (b'{"a": [1,', AnswerKind.TRUNCATED, "Prometheus's answer broke off in the middle"),
        (b"ready", AnswerKind.NOT_JSON, "Prometheus's answer is not JSON"),
        (b"\xff\xfe", AnswerKind.NOT_JSON, "Prometheus's answer is not JSON"),
    ],
)
def test_what_is_no_json_is_named(body: bytes, kind: AnswerKind, message: str) -> None:
    with pytest.raises(BadAnswerError) as caught:
        decoded(_answer(body), "Prometheus")
    assert (caught.value.kind, caught.value.message) == (kind, message)
