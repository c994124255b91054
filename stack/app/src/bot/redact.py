"""Take out of a text whatever looks like a secret, before it is logged.

Better a harmless word too many than a key in the logs; but prices, sizes, property ids and trace ids have to stay
readable, or the logs are worth nothing. tests/corpus has examples of both.
"""

import re
from collections.abc import Callable

_NAMES = (
    r"(?:api|access|secret|private|auth|client|session|bearer|refresh|signing|encryption)[ _-]?(?:key|token|secret|id_token)"
    r"|pass(?:word|wd|phrase|code)?|pwd|secret|token|credentials?|authorization|cookie|set-cookie|cvv|cvc|pin|otp"
)
_HIDDEN = "[redacted]"


def _card(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    return "[redacted card]" if _luhn(digits) else match[0]


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and len(set(digits)) > 1


def _iban(match: re.Match[str]) -> str:
    text = re.sub(r"\s", "", match[0]).upper()
    moved = text[4:] + text[:4]
    number = int("".join(str(int(char, 36)) for char in moved))
    return "[redacted iban]" if number % 97 == 1 else match[0]


_RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (
        re.compile(
            r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\Z)", re.DOTALL
        ),
        "[redacted private key]",
    ),
    # Passwords inside URLs: user:password@host.
    (
        re.compile(r"\b([a-z][a-z0-9+.-]{1,20}://)[^\s/:@]{0,200}:[^\s/@]{1,200}@", re.IGNORECASE),
        rf"\1{_HIDDEN}@",
    ),
    # Keys that can be told by their beginning.
    (
        re.compile(
            r"\b(?:sk|pk|rk)-(?:ant-|proj-|live-|test-)?[\w-]{16,}|\b(?:sk|pk|rk)_(?:live|test)_\w{8,}"
            r"|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}|\bgl(?:c|sa)_\w{16,}[=\w]*"
            r"|\bxox[abeoprs]-[\w-]{8,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{30,}|\bya29\.[\w-]{16,}"
            r"|\bnpm_\w{30,}|\bpypi-[\w-]{16,}|\bhf_\w{20,}|\bSG\.[\w-]{16,}\.[\w-]{16,}|\b\d{8,10}:AA[\w-]{30,}"
        ),
        _HIDDEN,
    ),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?"), _HIDDEN),
    (
        re.compile(r"\b(bearer|basic)(\s+)(?=[\w.~+/=-]*[\d=._~+/-])[\w.~+/=-]{8,}", re.IGNORECASE),
        rf"\1\2{_HIDDEN}",
    ),
    (re.compile(r"\bhooks\.slack\.com/services/\S+", re.IGNORECASE), f"hooks.slack.com/services/{_HIDDEN}"),
    # name = value, name: value, "name": "value", and "my password is value".
    (
        re.compile(
            rf"(?<![\w])((?:\w{{1,40}}[_-])?(?:{_NAMES})[\"']?(?:\s*(?:=>|[=:](?!>))\s*|\s+is:?\s+))"
            r"(?:\"[^\"]*\"|'[^']*'|(?!\[redacted)(?:(?:bearer|basic|token)\s+)?[^\s,;&\"']+)",
            re.IGNORECASE,
        ),
        rf"\1{_HIDDEN}",
    ),
    (re.compile(r"\b784-?\d{4}-?\d{7}-?\d\b"), "[redacted id]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"), _iban),
    (re.compile(r"(?<![\w.,-])\d(?:[ -]?\d){12,18}(?![\w-]|[.,]\d)"), _card),
    (
        re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[A-Za-z]{2,24}\b"),
        "[redacted e-mail]",
    ),
    (re.compile(r"(?<![\w+])\+\d{1,3}[ -]?(?:\(?\d{1,4}\)?[ -]?){2,4}\d{2,4}\b"), "[redacted phone]"),
)


def redact(text: str) -> str:
    """The text without anything that looks like a secret."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
