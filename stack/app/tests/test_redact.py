import time
from pathlib import Path

import pytest

from bot.redact import redact

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
