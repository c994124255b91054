"""Units of values: Grafana's ids, and what people write for them.

Source: ``getCategories`` of @grafana/data 12.4.3 (valueFormats/categories.ts); the forms with a colon are
those of ``getValueFormat`` (valueFormats/valueFormats.ts), which shows any other id as it stands, after the
number.
"""

import re
from difflib import get_close_matches

from dashgen.core.lazy_pattern import lazy_pattern

_IDS = """
    none string short sishort percent percentunit humidity dB candela hex0x hex sci locale pixel accMS2
    accFS2 accG degree radian grad arcmin arcsec areaM2 areaF2 areaMI2 acres hectares flops mflops gflops
    tflops pflops eflops zflops yflops ppm conppb conngm3 conngNm3 conμgm3 conμgNm3 conmgm3 conmgNm3 congm3
    congNm3 conmgdL conmmolL currencyUSD currencyGBP currencyEUR currencyJPY currencyRUB currencyUAH
    currencyBRL currencyDKK currencyISK currencyNOK currencySEK currencyCZK currencyCHF currencyPLN
    currencyBTC currencymBTC currencyμBTC currencyZAR currencyINR currencyKRW currencyIDR currencyPHP
    currencyVND currencyTRY currencyMYR currencyXPF currencyBGN currencyPYG currencyUYU currencyILS bytes
    decbytes bits decbits kbytes deckbytes mbytes decmbytes gbytes decgbytes tbytes dectbytes pbytes
    decpbytes pps binBps Bps binbps bps KiBs Kibits KBs Kbits MiBs Mibits MBs Mbits GiBs Gibits GBs Gbits
    TiBs Tibits TBs Tbits PiBs Pibits PBs Pbits dateTimeAsIso dateTimeAsIsoNoDateIfToday dateTimeAsUS
    dateTimeAsUSNoDateIfToday dateTimeAsLocal dateTimeAsLocalNoDateIfToday dateTimeAsSystem dateTimeFromNow
    watt kwatt megwatt gwatt mwatt Wm2 voltamp kvoltamp voltampreact kvoltampreact watth watthperkg kwatth
    kwattm mwatth amph kamph mamph joule ev amp kamp mamp volt kvolt mvolt dBm mohm ohm kohm Mohm farad
    µfarad nfarad pfarad ffarad henry mhenry µhenry lumens flowgpm flowcms flowcfs flowcfm litreh flowlpm
    flowmlpm lux forceNm forcekNm forceN forcekN Hs KHs MHs GHs THs PHs EHs massmg massg masslb masskg masst
    lengthmm lengthin lengthft lengthm lengthkm lengthmi pressurembar pressurebar pressurekbar pressurepa
    pressurehpa pressurekpa pressurehg pressurepsi radbq radci radgy radrad radsv radmsv radusv radrem
    radexpckg radr radsvh radmsvh radusvh rotrpm rothz rotkhz rotmhz rotghz rotrads rotdegs celsius
    fahrenheit kelvin hertz ns µs ms s m h d dtdurationms dtdurations dthms dtdhms timeticks clockms clocks
    cps ops reqps rps wps iops eps mps recps rowsps cpm opm reqpm rpm wpm epm mpm recpm rowspm velocityms
    velocitykmh velocitymph velocityknot mlitre litre m3 Nm3 dm3 gallons bool bool_yes_no bool_on_off
"""
UNITS = frozenset(_IDS.split()) | {"farenheit"}
FORMS = ("prefix", "suffix", "time", "si", "count", "currency", "bool")
_ALIASES = {
    "s": "seconds second sec secs", "ms": "milliseconds millisecond millis msec msecs",
    "µs": "microseconds microsecond us usec micros", "ns": "nanoseconds nanosecond nanos nsec",
    "m": "minutes minute min mins", "h": "hours hour hr hrs", "d": "days day", "dtdurations": "duration",
    "dateTimeAsIso": "date datetime timestamp iso", "dateTimeFromNow": "ago fromnow",
    "percentunit": "ratio fraction share percent_unit percentunits unitinterval",
    "percent": "percents percent100", "short": "count counts integer int items",
    "none": "number num float raw no_unit unitless", "string": "text str",
    "bytes": "byte b iecbytes bytesiec", "decbytes": "bytessi sibytes", "kbytes": "kib kibibytes kibibyte",
    "mbytes": "mib mebibytes mebibyte", "gbytes": "gib gibibytes gibibyte",
    "tbytes": "tib tebibytes tebibyte", "pbytes": "pib pebibytes pebibyte",
    "deckbytes": "kb kilobytes kilobyte", "decmbytes": "mb megabytes megabyte",
    "decgbytes": "gb gigabytes gigabyte", "dectbytes": "tb terabytes terabyte",
    "decpbytes": "pb petabytes petabyte", "bits": "bit",
    "Bps": "bytes/s byte/s bytes/sec b/s bytespersecond bytes_per_second bytesps",
    "bps": "bits/s bit/s bits/sec bitspersecond bits_per_second", "KBs": "kb/s kilobytes/s kbps_bytes",
    "MBs": "mb/s megabytes/s", "GBs": "gb/s gigabytes/s", "KiBs": "kib/s", "MiBs": "mib/s", "GiBs": "gib/s",
    "Kbits": "kbit/s kbps kilobits/s", "Mbits": "mbit/s mbps megabits/s", "Gbits": "gbit/s gbps gigabits/s",
    "reqps": "req/s reqs/s requests/s requests/sec req/sec request/s rq/s requestspersecond "
             "requests_per_second qps queries/s rqps reqs",
    "reqpm": "req/min requests/min req/m", "ops": "ops/s op/s ops/sec operations/s opsps",
    "iops": "io/s ios iops/s", "wps": "writes/s writes/sec", "rps": "reads/s reads/sec",
    "cps": "counts/s counts/sec count/s 1/s /s persecond per_second hz_events",
    "eps": "events/s events/sec event/s", "mps": "messages/s msg/s msgs/s messages/sec",
    "pps": "packets/s packets/sec", "rowsps": "rows/s", "recps": "records/s", "cpm": "counts/min 1/min /min",
    "opm": "ops/min", "epm": "events/min", "mpm": "messages/min msg/min", "rpm": "reads/min",
    "wpm": "writes/min", "celsius": "°c c degc celcius", "fahrenheit": "°f f degf", "kelvin": "k degk",
    "hertz": "hz herz", "watt": "w watts", "kwatt": "kw kilowatt", "kwatth": "kwh", "watth": "wh",
    "volt": "v volts", "amp": "a amps ampere amperes", "joule": "j joules", "dB": "db decibel decibels",
    "bool": "boolean", "bool_yes_no": "yesno yes/no yes_no", "bool_on_off": "onoff on/off on_off",
    "degree": "deg degrees °", "lengthm": "meter meters metre metres", "lengthkm": "km kilometers kilometres",
    "velocitykmh": "km/h kmh", "velocityms": "m/s", "massg": "gram grams", "masskg": "kg kilogram kilograms",
    "litre": "l liter liters litres", "pixel": "px pixels", "rotrpm": "revolutions/min", "hex": "hexadecimal",
    "sci": "scientific", "currencyUSD": "$ us$ dollar dollars", "currencyEUR": "€ euro euros",
    "currencyGBP": "£ pound pounds", "currencyJPY": "¥ yen", "currencyINR": "₹ rupee rupees",
    "currencyBTC": "bitcoin",
}  # fmt: skip
_MEANT = {alias: unit for unit, aliases in _ALIASES.items() for alias in aliases.split()}
_CURRENCIES = {unit.removeprefix("currency").lower(): unit for unit in UNITS if unit.startswith("currency")}
_VARIABLE = lazy_pattern(r"\$\{?\w|\[\[\w")
_PERCENT_SIGN = "write `percentunit` where 1 is everything, `percent` where 100 is"
_LOWER = {unit.lower(): unit for unit in sorted(UNITS)}


def is_unit(text: str) -> bool:
    """Whether Grafana has the unit, or it is one of the forms with a colon, or a variable decides."""
    if text in UNITS or not text or _VARIABLE.search(text):
        return True
    form, colon, _ = text.partition(":")
    return bool(colon) and form in FORMS


def unit_hint(text: str) -> str:
    """The unit of Grafana's that a text most likely means; empty when none is close."""
    plain = text.strip().lower().replace(" per ", "/").replace(" / ", "/")
    if plain in ("%", "percent (%)", "perc", "percentage", "percentages", "pct"):
        return _PERCENT_SIGN
    unit = (
        _MEANT.get(plain) or _CURRENCIES.get(plain) or _LOWER.get(plain) or _MEANT.get(plain.replace(" ", ""))
    )
    if unit is None and re.fullmatch(r"[A-Z]{3}", text):
        return f"write `currency:{text}` if it is a currency, else `suffix:{text}`"
    # Short texts are close to many units; a rate is never meant by what is none.
    if unit is None and len(plain) > 4:
        units = [word for word in (*_MEANT, *_LOWER) if ("/" in word) == ("/" in plain)]
        close = get_close_matches(plain, units, n=1, cutoff=0.85)
        unit = _MEANT.get(close[0]) or _LOWER[close[0]] if close else None
    return f"did you mean `{unit}`?" if unit else ""


def unit_problem(text: str) -> tuple[str, str] | None:
    """Why a text is not a unit of Grafana's, and what to write; None when it is one."""
    if is_unit(text):
        return None
    message = f"Grafana has no unit `{text}`: it would stand after the number as it is"
    return message, unit_hint(text) or f"write `suffix:{text}` if that is meant"
