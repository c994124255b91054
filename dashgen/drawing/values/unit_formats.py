"""The units that are a text beside a number, perhaps with a prefix such as k or Mi.

Source: valueFormats/categories.ts and symbolFormatters.ts of @grafana/data 12.4.3.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from dashgen.drawing.values.formatted_value import FormattedValue
from dashgen.drawing.values.javascript_numbers import fixed_text, grouped_text
from dashgen.drawing.values.number_format import NumberFormat

# A unit's id, its text, and the power of the factor in which its values are given.
_SUFFIXED = """
    humidity %H | dB dB | pixel px | accMS2 m/sec² | accFS2 f/sec² | accG g | degree ° | radian rad | grad
    grad | arcmin arcmin | arcsec arcsec | areaM2 m² | areaF2 ft² | areaMI2 mi² | acres ac | hectares ha |
    ppm ppm | conppb ppb | conngm3 ng/m³ | conngNm3 ng/Nm³ | conμgm3 μg/m³ | conμgNm3 μg/Nm³ | conmgm3 mg/m³
    | conmgNm3 mg/Nm³ | congm3 g/m³ | congNm3 g/Nm³ | conmgdL mg/dL | conmmolL mmol/L | flowgpm gpm |
    flowcms cms | flowcfs cfs | flowcfm cfm | litreh L/h | flowlpm L/min | flowmlpm mL/min | lux lux |
    masslb lb | masst t | lengthin in | lengthft ft | lengthmi mi | pressurehpa hPa | pressurekpa kPa |
    pressurehg "Hg | rotrpm rpm | rotrads rad/s | rotdegs °/s | celsius °C | fahrenheit °F | kelvin K |
    velocityms m/s | velocitykmh km/h | velocitymph mph | velocityknot kn | m3 m³ | Nm3 Nm³ | dm3 dm³ |
    gallons gal
"""
_SCALED = """
    candela cd | flops FLOPS | mflops FLOPS 2 | gflops FLOPS 3 | tflops FLOPS 4 | pflops FLOPS 5 | eflops
    FLOPS 6 | zflops FLOPS 7 | yflops FLOPS 8 | decbytes B | decbits b | deckbytes B 1 | decmbytes B 2 |
    decgbytes B 3 | dectbytes B 4 | decpbytes B 5 | pps p/s | Bps B/s | bps b/s | KBs B/s 1 | Kbits b/s 1 |
    MBs B/s 2 | Mbits b/s 2 | GBs B/s 3 | Gbits b/s 3 | TBs B/s 4 | Tbits b/s 4 | PBs B/s 5 | Pbits b/s 5 |
    watt W | kwatt W 1 | megwatt W 2 | gwatt W 3 | mwatt W -1 | Wm2 W/m² | voltamp VA | kvoltamp VA 1 |
    voltampreact VAr | kvoltampreact VAr 1 | watth Wh | watthperkg Wh/kg | kwatth Wh 1 | kwattm W-Min 1 |
    mwatth Wh 2 | amph Ah | kamph Ah 1 | mamph Ah -1 | joule J | ev eV | amp A | kamp A 1 | mamp A -1 | volt
    V | kvolt V 1 | mvolt V -1 | dBm dBm | mohm Ω -1 | ohm Ω | kohm Ω 1 | Mohm Ω 2 | farad F | µfarad F -2 |
    nfarad F -3 | pfarad F -4 | ffarad F -5 | henry H | mhenry H -1 | µhenry H -2 | lumens Lm | forceNm Nm |
    forcekNm Nm 1 | forceN N | forcekN N 1 | Hs H/s | KHs H/s 1 | MHs H/s 2 | GHs H/s 3 | THs H/s 4 | PHs
    H/s 5 | EHs H/s 6 | massmg g -1 | massg g | masskg g 1 | lengthmm m -1 | lengthm m | lengthkm m 1 |
    pressurembar bar -1 | pressurebar bar | pressurekbar bar 1 | pressurepa Pa | radbq Bq | radci Ci | radgy
    Gy | radrad rad | radsv Sv | radmsv Sv -1 | radusv Sv -2 | radrem rem | radexpckg C/kg | radr R | radsvh
    Sv/h | radmsvh Sv/h -1 | radusvh Sv/h -2 | rothz Hz | rotkhz Hz 1 | rotmhz Hz 2 | rotghz Hz 3 | hertz Hz
    | mlitre L -1 | litre L
"""
_BINARY = """
    bytes B | bits b | kbytes B 1 | mbytes B 2 | gbytes B 3 | tbytes B 4 | pbytes B 5 | binBps B/s | binbps
    b/s | KiBs B/s 1 | Kibits b/s 1 | MiBs B/s 2 | Mibits b/s 2 | GiBs B/s 3 | Gibits b/s 3 | TiBs B/s 4 |
    Tibits b/s 4 | PiBs B/s 5 | Pibits b/s 5
"""
_COUNTED = """
    cps c/s | ops ops/s | reqps req/s | rps rd/s | wps wr/s | iops io/s | eps evt/s | mps msg/s | recps
    rec/s | rowsps rows/s | cpm c/m | opm ops/m | reqpm req/m | rpm rd/m | wpm wr/m | epm evts/m | mpm
    msgs/m | recpm rec/m | rowspm rows/m
"""
_CURRENCIES = """
    currencyUSD $ | currencyGBP £ | currencyEUR € | currencyJPY ¥ | currencyRUB ₽ | currencyUAH ₴ |
    currencyBRL R$ | currencyDKK kr after | currencyISK kr after | currencyNOK kr after | currencySEK kr
    after | currencyCZK czk | currencyCHF CHF | currencyPLN PLN | currencyBTC ฿ | currencymBTC mBTC |
    currencyμBTC μBTC | currencyZAR R | currencyINR ₹ | currencyKRW ₩ | currencyIDR Rp | currencyPHP PHP |
    currencyVND đ after | currencyTRY ₺ after | currencyMYR RM | currencyXPF XPF | currencyBGN BGN |
    currencyPYG ₲ | currencyUYU UYU | currencyILS ₪
"""
SI_PREFIXES: Final = ("f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E", "Z", "Y")
_BASE = SI_PREFIXES.index("")
_BINARY_PREFIXES = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi")
_COUNTS = ("", "K", "M", "B", "T")
_SHORT = ("", " K", " Mil", " Bil", " Tri", " Quadr", " Quint", " Sext", " Sept")


class _Scale(NamedTuple):
    factor: float
    suffixes: Sequence[str]
    offset: int = 0


def scaled_value(value: float, decimals: int | None, scale: _Scale) -> FormattedValue:
    """A number divided by the power of a factor that makes it short: `scaledUnits`."""
    if not math.isfinite(value):
        return FormattedValue(grouped_text(value))
    last = len(scale.suffixes) - 1
    power = 0 if value == 0 else math.floor(math.log10(abs(value)) / math.log10(scale.factor))
    power = min(max(power, -scale.offset), last - scale.offset)
    text = fixed_text(value / scale.factor**power, decimals)
    return FormattedValue(text, suffix=scale.suffixes[scale.offset + power])


def _scaled(scale: _Scale) -> NumberFormat:
    description = {
        "kind": "scaled", "factor": scale.factor, "suffixes": list(scale.suffixes), "offset": scale.offset
    }  # fmt: skip
    return NumberFormat(lambda value, decimals: scaled_value(value, decimals, scale), description)


def suffixed(unit: str) -> NumberFormat:
    """A number with a text after it."""
    suffix = f" {unit}" if unit else ""
    return NumberFormat(
        lambda value, decimals: FormattedValue(fixed_text(value, decimals), suffix=suffix),
        {"kind": "fixed", "suffix": suffix},
    )


def prefixed(unit: str) -> NumberFormat:
    """A number with a text before it."""
    return NumberFormat(
        lambda value, decimals: FormattedValue(fixed_text(value, decimals), prefix=unit),
        {"kind": "fixed", "prefix": unit},
    )


def si_scaled(unit: str, power: int = 0) -> NumberFormat:
    """A number with a prefix of the SI; values are given in the power of 1000."""
    return _scaled(_Scale(1000, [f" {prefix}{unit}" for prefix in SI_PREFIXES], _BASE + power))


def _binary_scaled(unit: str, power: int = 0) -> NumberFormat:
    return _scaled(_Scale(1024, [f" {prefix}{unit}" for prefix in _BINARY_PREFIXES], power))


def counted(unit: str) -> NumberFormat:
    """A number with K, M, B or T and a text after it."""
    return _scaled(_Scale(1000, [f"{count} {unit}" for count in _COUNTS]))


def currency(symbol: str, *, is_after: bool = False) -> NumberFormat:
    """An amount of money with its symbol before or after it, and the sign before both."""

    def written(value: float, decimals: int | None) -> FormattedValue:
        text, _, suffix = _amount(abs(value), decimals)
        sign = "-" if value < 0 else ""
        if is_after and math.isinf(value):
            return FormattedValue(text, sign)
        if is_after:
            return FormattedValue(text, sign, suffix + symbol)
        return FormattedValue(text, sign + symbol, suffix)

    return NumberFormat(written, {**_amount.description, "symbol": symbol, "isAfter": is_after})


_amount = _scaled(_Scale(1000, _COUNTS))


def _rows(table: str) -> Iterator[tuple[str, str, str]]:
    for row in table.split("|"):
        unit, text, *rest = row.split()
        yield unit, text, rest[0] if rest else ""


BINARY_UNITS: Final = frozenset(unit for unit, _, _ in _rows(_BINARY))
"""The units whose prefixes are powers of 1024: an axis has its ticks at powers of two."""
SYMBOL_FORMATS: Final[dict[str, NumberFormat]] = {
    **{unit: suffixed(text) for unit, text, _ in _rows(_SUFFIXED)},
    **{unit: si_scaled(text, int(power or 0)) for unit, text, power in _rows(_SCALED)},
    **{unit: _binary_scaled(text, int(power or 0)) for unit, text, power in _rows(_BINARY)},
    **{unit: counted(text) for unit, text, _ in _rows(_COUNTED)},
    **{unit: currency(text, is_after=bool(after)) for unit, text, after in _rows(_CURRENCIES)},
    "short": _scaled(_Scale(1000, _SHORT)),
    "sishort": si_scaled(""),
    "pressurepsi": _scaled(_Scale(1000, ("psi", "ksi", "Mpsi"))),
}
"""The format of each unit that is a text beside the number."""
