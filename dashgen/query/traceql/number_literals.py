"""Numbers and durations as Tempo reads them: Go's literals, and durations of Prometheus or of Go."""

from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.query.scanning import QueryToken, refuse
from dashgen.query.traceql.traceql_tokens import refuse_odd

# Sources: parseDuration of lexer.go (Tempo 3.0.3), prometheus/common model.ParseDuration, Go's time.
_PROMETHEUS: Final = lazy_pattern(
    r"(?:([0-9]+)y)?(?:([0-9]+)w)?(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?(?:([0-9]+)ms)?\Z"
)
_GO: Final = lazy_pattern(r"(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|ms|s|m|h))+\Z")
_GO_PART: Final = lazy_pattern(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|ms|s|m|h)")
_OCTAL: Final = lazy_pattern(r"0[0-9]*[89][0-9]*(?![0-9.])")
_PLAIN: Final = lazy_pattern(r"[0-9]{1,6}(?:ms|[smhd])\Z")
_MILLISECONDS: Final = (31_536_000_000, 604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1)
_NANOSECONDS: Final = {
    "ns": 1, "us": 1e3, "µs": 1e3, "ms": 1e6, "s": 1e9, "m": 6e10, "h": 3.6e12,
}  # fmt: skip
_LARGEST: Final = 2**63 - 1


def check_number(token: QueryToken) -> None:
    """Refuse a number that Go cannot read.

    Raises:
        RefusalError: it is too large, or has digits that are none in its notation.
    """
    text = token.text
    if len(text) < 18 and (text[0] != "0" or len(text) == 1) and "e" not in text:
        return
    if text.isdigit():
        # Thirty digits are enough to know that a number is larger.
        if int(text.lstrip("0")[:30] or "0") > _LARGEST:
            refuse(f"`{text}` is too large for Tempo", "write it with a decimal point", token)
        _check_octal(token)
    elif text[1:2] not in {"x", "X"} and float(text) == float("inf"):
        refuse(f"`{text}` is too large for Tempo", "write a smaller number", token)


def _check_octal(token: QueryToken) -> None:
    """Refuse digits that are none after a zero, which Go's scanner takes for the mark of octal digits."""
    if token.text[0] == "0" and _OCTAL.match(token.text):
        refuse(f"`{token.text}` is no octal number", f"write `{token.text.lstrip('0')}`", token)


def check_duration(token: QueryToken) -> None:
    """Refuse a duration whose units are in no order that Tempo reads, or that is longer than 292 years.

    Raises:
        RefusalError: it is one.
    """
    _check_octal(token)
    if _PLAIN.match(token.text):
        return
    if match := _PROMETHEUS.match(token.text):
        counts = zip(match.groups(), _MILLISECONDS, strict=True)
        nanoseconds: float = sum(int(digits[:30]) * unit for digits, unit in counts if digits) * 1e6
        # Prometheus refuses it, Go's own reader knows neither years nor weeks nor days.
        is_read = nanoseconds <= _LARGEST
    elif _GO.match(token.text):
        parts = _GO_PART.findall(token.text)
        nanoseconds = sum(float(number[:30]) * _NANOSECONDS[unit] for number, unit in parts)
        is_read = nanoseconds <= _LARGEST
    else:
        refuse_odd(token)
    if not is_read:
        refuse(f"`{token.text}` is too long for Tempo", "write less than 292 years", token)
