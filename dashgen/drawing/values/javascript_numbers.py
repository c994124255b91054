"""Numbers as JavaScript writes them: `String`, `toFixed`, `toLocaleString`, `toExponential`, `toString(16)`.

Source: ECMA-262 (Number::toString, Math.round) and V8's DoubleToRadixCString.
"""

import math
from decimal import ROUND_HALF_UP, Decimal

_DIGITS = "0123456789ABCDEF"


def number_text(value: float) -> str:
    """The shortest text that reads back as the number: `String(value)`."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    digits, exponent = _digits(abs(value))
    # As in ECMA-262, `point` is the number of digits before the decimal point.
    point = exponent + 1
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{tail}e{exponent:+d}"


def _digits(value: float) -> tuple[str, int]:
    # The significant digits of a positive number, and the power of ten of the first.
    mantissa, _, exponent = f"{Decimal(repr(value)):e}".partition("e")
    return mantissa.replace(".", "").rstrip("0") or "0", int(exponent)


def rounded(value: float) -> float:
    """The nearest whole number, halves upwards: `Math.round`."""
    if not math.isfinite(value):
        return value
    low = math.floor(value)
    return float(low + 1 if value - low >= 0.5 else low)


def automatic_decimals(value: float) -> int:
    """How many decimals Grafana writes when none are set: `getDecimalsForValue`."""
    size = abs(value)
    if not math.isfinite(size) or value % 1 == 0:
        return 0
    decimals = 1 - math.floor(math.log(size) / math.log(10))
    return max(0, decimals + (size / 10.0**-decimals > 2.25))


def fixed_text(value: float, decimals: int | None) -> str:
    """A number with a number of decimals, as `toFixed` of valueFormats.ts writes it."""
    if not math.isfinite(value):
        return grouped_text(value)
    if decimals is None:
        decimals = automatic_decimals(value)
    decimals = max(0, decimals)
    if value == 0:
        return "0." + "0" * decimals if decimals else "0"
    factor = 10.0**decimals
    text = number_text(rounded(value * factor) / factor)
    if "e" in text or not math.isfinite(value * factor):
        return text
    before, _, after = text.partition(".")
    missing = decimals - len(after)
    return f"{before}.{after}{'0' * missing}" if missing > 0 else text


def grouped_text(value: float, most_decimals: int = 3, least_decimals: int = 0) -> str:
    """A number with thousands separated, as `toLocaleString` writes it in English."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-most_decimals), ROUND_HALF_UP)
    whole, _, part = f"{exact:,f}".partition(".")
    part = part.rstrip("0").ljust(least_decimals, "0")
    return f"{whole}.{part}" if part else whole


def significant_text(value: float, digits: int) -> str:
    """A number rounded to some significant digits, as `toLocaleString` writes it."""
    if value == 0 or not math.isfinite(value):
        return grouped_text(value)
    decimals = digits - 1 - Decimal(repr(value)).adjusted()
    return grouped_text(
        float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)), max(decimals, 0)
    )


def scientific_text(value: float, decimals: int | None) -> str:
    """A number with a power of ten: `toExponential`."""
    if not math.isfinite(value):
        return number_text(value)
    if value == 0:
        return f"0{'.' + '0' * decimals if decimals else ''}e+0"
    sign = "-" if value < 0 else ""
    if decimals is None:
        digits, exponent = _digits(abs(value))
    else:
        exact = Decimal(abs(value))
        exponent = exact.adjusted()
        whole = (exact.scaleb(decimals - exponent)).quantize(Decimal(1), ROUND_HALF_UP)
        digits = str(whole)
        if len(digits) > decimals + 1:
            digits, exponent = digits[:-1], exponent + 1
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{tail}e{exponent:+d}"


def hexadecimal_text(value: float) -> str:
    """A number to the base 16 in capitals: `toString(16).toUpperCase()`."""
    if not math.isfinite(value):
        return number_text(value).upper()
    whole = math.floor(abs(value))
    sign = "-" if value < 0 else ""
    return f"{sign}{whole:X}{_hexadecimal_fraction(abs(value), whole)}"


def _hexadecimal_fraction(value: float, whole: int) -> str:
    fraction = value - whole
    # Digits are written until the rest is smaller than half the distance to the next number.
    smallest = max(0.5 * (math.nextafter(value, math.inf) - value), 5e-324)
    digits = []
    while fraction >= smallest:
        fraction *= 16
        smallest *= 16
        digit = int(fraction)
        digits.append(digit)
        fraction -= digit
        if (fraction > 0.5 or (fraction == 0.5 and digit % 2)) and fraction + smallest > 1:
            digits[-1] += 1
            break
    return "." + "".join(_DIGITS[digit] for digit in digits) if digits else ""
