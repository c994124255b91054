"""What kind of question is it, and which tools answer it?"""

import re

from bot.catalog import QueryType

# In this order: "compare the yield of …" is a comparison, "how much is the mortgage of a flat" a calculation.
_KINDS: tuple[tuple[QueryType, str], ...] = (
    (
        QueryType.COMPARISON,
        r"\b(?:compar\w*|versus|vs|better than|difference between|which is (?:better|cheaper))\b",
    ),
    (
        QueryType.CALCULATION,
        r"\b(?:calculat\w*|mortgage|loan|instal?lments?|payment plan|chiller|cooling|service charges?|how much .* (?:pay|cost))\b",
    ),
    (
        QueryType.MARKET,
        r"\b(?:market|trends?|forecast|price (?:growth|history)|prices? (?:rising|falling|going))\b",
    ),
    (QueryType.ANALYSIS, r"\b(?:analy[sz]\w*|invest\w*|yield|roi|returns?|worth (?:buying|it))\b"),
    (
        QueryType.SEARCH,
        r"\b(?:find|search|show|list|looking for|apartments?|flats?|villas?|studios?|bed(?:room)?s?|for sale|[a-z]{2}-\d{3})\b",
    ),
)

_TOOLS: tuple[tuple[str, str], ...] = (
    ("compare_areas", r"\b(?:compar\w*|versus|vs|difference between|better than|which is)\b"),
    ("calculate_chiller_cost", r"\b(?:chillers?|cooling)\b"),
    ("mortgage_estimate", r"\b(?:mortgage|loan|down payment)\b"),
    ("payment_plan", r"\b(?:payment plan|off.?plan|instal?lments?)\b"),
    ("service_charges", r"\bservice charges?\b"),
    ("market_trends", r"\b(?:market|trends?|forecast|growth|prices? (?:rising|falling|going))\b"),
    ("analyze_investment", r"\b(?:analy[sz]\w*|invest\w*|roi|worth)\b"),
    ("rental_yield", r"\b(?:yield|rent(?:al|s)?)\b"),
    ("visa_eligibility", r"\b(?:visa|residenc[ey])\b"),
    ("property_details", r"\b[a-z]{2}-\d{3}\b"),
    (
        "area_guide",
        r"\b(?:like to live|living in|guide|neighbou?rhood|families|schools|area is|tell me about)\b",
    ),
    ("search_properties", r"\b(?:find|search|show|list|looking for|for sale)\b"),
)

_BY_KIND: dict[QueryType, str] = {
    QueryType.SEARCH: "search_properties",
    QueryType.ANALYSIS: "analyze_investment",
    QueryType.COMPARISON: "compare_areas",
    QueryType.CALCULATION: "mortgage_estimate",
    QueryType.MARKET: "market_trends",
}
_MOST_TOOLS = 3
_COMPILED_KINDS = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)
_COMPILED_TOOLS = tuple((tool, re.compile(pattern)) for tool, pattern in _TOOLS)


def classify(text: str) -> QueryType:
    """The kind of a question."""
    lower = text.lower()
    for kind, pattern in _COMPILED_KINDS:
        if pattern.search(lower):
            return kind
    return QueryType.GENERAL


def choose_tools(text: str, kind: QueryType) -> tuple[str, ...]:
    """Names of the tools that a question needs: those it asks for by words, else the one of its kind."""
    lower = text.lower()
    asked = tuple(tool for tool, pattern in _COMPILED_TOOLS if pattern.search(lower))[:_MOST_TOOLS]
    if asked:
        return asked
    return (_BY_KIND[kind],) if kind in _BY_KIND else ()
