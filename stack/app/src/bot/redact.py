"""Take out of a text whatever looks like a secret, before it is logged.

Better a harmless word too many than a key in the logs; but prices, sizes, property ids and trace ids have to stay
readable, or the logs are worth nothing. tests/corpus has examples of both.
"""

import re
from collections.abc import Callable
from itertools import pairwise

from bot.secret_shapes import CONNECTION_KEYS, SHAPES, SIGNED, WEB_HOOKS

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


def _aws_secret(match: re.Match[str]) -> str:
    """Forty letters and digits without order are a secret key of AWS; a hash of git has no capitals, a path has words."""
    text = match[0]
    kinds = [_kind(char) for char in text]
    changes = sum(one != other for one, other in pairwise(kinds))
    return _HIDDEN if {"upper", "lower", "digit"} <= set(kinds) and changes >= _LEAST_CHANGES else text


def _kind(char: str) -> str:
    if char.isdigit():
        return "digit"
    if char.isalpha():
        return "upper" if char.isupper() else "lower"
    return "other"


# Random ones have 22 to 34; words written together have a change or two a word.
_LEAST_CHANGES = 16
_RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (
        re.compile(
            r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}(?:PRIVATE KEY(?: BLOCK)?|PGP MESSAGE|PGP SIGNATURE)-----.*?"
            r"(?:-----END [A-Z0-9 ]{1,60}-----|\Z)",
            re.DOTALL,
        ),
        "[redacted private key]",
    ),
    (re.compile(r"PuTTY-User-Key-File-\d.*?(?:Private-MAC: ?\w+|\Z)", re.DOTALL), "[redacted private key]"),
    # Addresses that let in whoever knows them: web hooks, and parameters that are signatures.
    (re.compile(rf"\b({'|'.join(WEB_HOOKS)})[^\s\"'<>]+", re.IGNORECASE), rf"\1{_HIDDEN}"),
    (re.compile(rf"([?&;](?:{SIGNED})=)(?!\[redacted)[^\s&\"'<>#]{{8,}}", re.IGNORECASE), rf"\1{_HIDDEN}"),
    # Passwords inside URLs: user:password@host, where the password may have any character, and token@host.
    (
        re.compile(
            r"\b([a-z][a-z0-9+.-]{1,20}://)[^\s/:@]{0,200}:(?!\d{1,5}(?:[/?#]|\s|$))[^\s\"'<>]{1,200}@",
            re.IGNORECASE,
        ),
        rf"\1{_HIDDEN}@",
    ),
    (re.compile(r"\b([a-z][a-z0-9+.-]{1,20}://)[\w.~%-]{16,200}@", re.IGNORECASE), rf"\1{_HIDDEN}@"),
    # Keys that can be told by their form.
    (re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(SHAPES.values())})"), _HIDDEN),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?"), _HIDDEN),
    (
        re.compile(r"\b(bearer|basic)(\s+)(?=[\w.~+/=-]*[\d=._~+/-])[\w.~+/=-]{8,}", re.IGNORECASE),
        rf"\1\2{_HIDDEN}",
    ),
    # name = value, name: value, "name": "value", and "my password is value".
    (
        re.compile(
            rf"(?<![\w])((?:\w{{1,40}}[_-])?(?:{_NAMES})[\"']?(?:\s*(?:=>|[=:](?!>))\s*|\s+is:?\s+))"
            r"(?:\"[^\"]*\"|'[^']*'|(?!\[redacted)(?:(?:bearer|basic|token)\s+)?[^\s,;&\"']+)",
            re.IGNORECASE,
        ),
        rf"\1{_HIDDEN}",
    ),
    (re.compile(rf"\b({CONNECTION_KEYS})(=)(?!\[redacted)[^\s;,\"']+", re.IGNORECASE), rf"\1\2{_HIDDEN}"),
    (re.compile(r"(?<![\w/+.=-])[A-Za-z0-9/+]{40}(?![\w/+=-])"), _aws_secret),
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
