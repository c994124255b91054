import pickle
import traceback

import pytest

from dashgen.servers.http.secret import HIDDEN, Redactor, Secret

TOKEN = "glsa_0123456789abcdef_01234567"  # noqa: S105 - made up


def _failing(secret: Secret) -> None:
    raise ValueError(f"failed with {secret} {secret!r} {secret:>40}")


def test_no_way_of_printing_shows_a_secret() -> None:
    secret = Secret("hunter2")
    shown = [str(secret), repr(secret), f"{secret}", f"{secret!r:>20}", f"{[secret]}", f"{ {'a': secret} }"]
    try:
        _failing(secret)
    except ValueError as error:
        shown += traceback.format_exception(error)
    assert "hunter2" not in "".join(shown)
    assert secret.reveal() == "hunter2"


def test_a_secret_is_not_written_down() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret("hunter2"))


def test_secrets_compare_by_value_and_know_when_they_are_empty() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a")}) == 1
    assert not Secret("")


@pytest.mark.parametrize(
    "said",
    [
        "token hunter2/x is wrong",
        "token hunter2%2Fx is wrong",
        "Basic aHVudGVyMi94 is wrong",
        f"{TOKEN} is wrong",
        "Authorization: Bearer abcdefgh.12345678",
        "https://admin:hunter2@host/x",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.abc",
    ],
)
def test_what_a_server_repeats_is_hidden(said: str) -> None:
    shown = Redactor([Secret("hunter2/x")])(said)
    assert HIDDEN in shown
    for part in ("hunter2", "aHVudGVy", "0123456789abcdef", "abcdefgh.123", "e30.abc"):
        assert part not in shown


def test_secrets_of_one_request_are_hidden_too() -> None:
    assert Redactor()("wrong: s3cret-of-this-one", [Secret("s3cret-of-this-one")]) == f"wrong: {HIDDEN}"


def test_a_server_cannot_steer_the_terminal_or_fill_it() -> None:
    shown = Redactor()("\x1b[2J\x1b]0;x\x07 gone\r\n" + "y" * 100_000)
    assert "\x1b" not in shown
    assert "\n" not in shown
    assert len(shown) <= 2000
