import json
import logging
import re
import time
from pathlib import Path

import pytest

from bot.logs import JsonLines
from bot.redact import redact
from bot.secret_shapes import SHAPES

CORPUS = Path(__file__).parent / "corpus"


def cases(name):
    return [line for line in (CORPUS / name).read_text().splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("line", cases("secrets.txt"))
def test_secrets_are_taken_out(line):
    text, secret = (part.strip().replace("\\n", "\n").replace("~", "") for part in line.split("|||"))
    assert secret in text
    assert secret not in redact(text)
    assert "redacted" in redact(text)


@pytest.mark.parametrize("line", cases("harmless.txt"))
def test_what_only_looks_similar_stays(line):
    assert redact(line) == line


@pytest.mark.parametrize("line", cases("secrets.txt"))
def test_redacting_twice_changes_nothing(line):
    once = redact(line.replace("~", ""))
    assert redact(once) == once


@pytest.mark.parametrize(
    "part",
    [
        "a",
        "1 ",
        "password",
        "-----BEGIN PRIVATE KEY-----",
        "@.",
        "a@",
        "a.",
        "sk-",
        "eyJ",
        "+1 ",
        "AE12 1234 ",
        "a_",
        "x://",
        'k="',
    ],
)
def test_time_grows_with_length_only_linearly(part):
    def seconds(length):
        text = part * (length // len(part))
        began = time.process_time()
        redact(text)
        return time.process_time() - began

    # Quadratic would be a factor of 100.
    assert seconds(50_000) < 40 * max(seconds(5_000), 0.001)


def test_a_secret_with_a_tilde_in_it_is_taken_out():
    secret = "ab1" + "8Q~" + "sH55SJfshgPzxtx6EJLC93p9KiqbIaUyip"
    assert redact(f"the client of Azure: {secret}") == "the client of Azure: [redacted]"


@pytest.mark.parametrize("name", sorted(set(SHAPES) - {"Azure, a client"}))
def test_every_shape_has_an_example(name):
    examples = [line.split("|||")[0].replace("~", "") for line in cases("secrets.txt")]
    assert any(re.search(SHAPES[name], line) for line in examples)


@pytest.mark.parametrize("field", ["message", "query", "stack", "user_id", "error_type"])
def test_each_field_of_a_line_is_redacted(field):
    record = logging.makeLogRecord({"msg": "m", "fields": {}, "event": "query", "levelno": logging.INFO})
    text = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    if field == "message":
        record.msg = text
    else:
        record.fields = {field: text}
    assert json.loads(JsonLines().format(record))[field] == "[redacted]"
