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


def test_long_and_hostile_texts_are_quick():
    for text in (
        "a" * 50_000,
        "1 " * 25_000,
        "password" * 5_000,
        "-----BEGIN PRIVATE KEY-----" * 500,
        "@." * 20_000,
    ):
        redact(text)
