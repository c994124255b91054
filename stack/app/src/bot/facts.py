"""Read the figures out of a question: areas, bedrooms, money, sizes, years, per cent."""

import re
from dataclasses import dataclass, field

from bot.areas import Area, find_areas

_AMOUNT = re.compile(
    r"(?P<cur>aed|dhs?|usd|\$)?\s*(?P<num>\d[\d,]*(?:\.\d+)?)\s*(?P<mul>million|mn|m|k|thousand)?\b(?P<after>\s*(?:aed|dhs?|dirhams?|usd))?",
    re.IGNORECASE,
)
_BEDROOMS = re.compile(r"\b(\d)\s*-?\s*(?:br\b|bhk\b|bed(?:room)?s?\b)", re.IGNORECASE)
_SIZE = re.compile(
    r"(\d[\d,]*(?:\.\d+)?)\s*(sq\.?\s*ft|sqft|square feet|sq\.?\s*m|sqm|m2|square met(?:er|re)s)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|per ?cent)", re.IGNORECASE)
_YEARS = re.compile(r"(\d+)\s*-?\s*(?:years?|yrs?)\b", re.IGNORECASE)
_PROPERTY = re.compile(r"\b[A-Z]{2,4}-\d{3}\b")
_MULTIPLES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6}
_SQFT_PER_SQM = 10.7639
_AED_PER_USD = 3.6725
_SMALLEST_PRICE = 10_000


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a question says in figures; empty where it does not."""

    areas: tuple[Area, ...] = ()
    bedrooms: int | None = None
    price: float | None = None
    size_sqft: float | None = None
    percents: tuple[float, ...] = field(default=())
    years: int | None = None
    property_id: str | None = None


def read_facts(text: str) -> Facts:
    """What a question says in figures."""
    found = _PROPERTY.search(text)
    return Facts(
        areas=find_areas(text),
        bedrooms=_bedrooms(text),
        price=_price(text),
        size_sqft=_size(text),
        percents=tuple(float(m[1]) for m in _PERCENT.finditer(text)),
        years=int(m[1]) if (m := _YEARS.search(text)) else None,
        property_id=found[0] if found else None,
    )


def _bedrooms(text: str) -> int | None:
    if match := _BEDROOMS.search(text):
        return int(match[1])
    return 0 if re.search(r"\bstudio\b", text, re.IGNORECASE) else None


def _size(text: str) -> float | None:
    match = _SIZE.search(text)
    if match is None:
        return None
    factor = _SQFT_PER_SQM if re.search("sqm|m2|sq.? ?m|met", match[2], re.IGNORECASE) else 1
    return round(float(match[1].replace(",", "")) * factor, 1)


def _price(text: str) -> float | None:
    """The first amount that has a currency, a multiple, or the size of a price."""
    rest = _PROPERTY.sub(" ", _SIZE.sub(" ", _PERCENT.sub(" ", text)))
    for match in _AMOUNT.finditer(rest):
        multiple = _MULTIPLES.get((match["mul"] or "").lower(), 1.0)
        amount = float(match["num"].replace(",", "")) * multiple
        currency = f"{match['cur'] or ''}{match['after'] or ''}".lower()
        if "usd" in currency or "$" in currency:
            amount *= _AED_PER_USD
        if amount >= _SMALLEST_PRICE:
            return round(amount, 2)
    return None
