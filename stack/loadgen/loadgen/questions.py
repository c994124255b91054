"""Questions as people ask them, one kind at a time."""

import random

from bot.areas import AREAS
from bot.catalog import QueryType

SHARES = {
    QueryType.SEARCH: 0.34,
    QueryType.ANALYSIS: 0.18,
    QueryType.COMPARISON: 0.14,
    QueryType.CALCULATION: 0.18,
    QueryType.MARKET: 0.08,
    QueryType.GENERAL: 0.08,
}
_TEMPLATES = {
    QueryType.SEARCH: (
        "Find a {beds} bedroom flat in {area} under {price} million",
        "Show me villas in {area}",
        "I am looking for a studio in {area} for less than {price} million",
        "Show everything about {code}-10{beds}",
    ),
    QueryType.ANALYSIS: (
        "Is {area} a good investment?",
        "What is the rental yield of {area} for AED {price}m?",
        "Analyze an investment of {price} million in {area}",
    ),
    QueryType.COMPARISON: (
        "Compare {area} and {other}",
        "{area} versus {other} for a family",
        "What is the difference between {area} and {other}?",
    ),
    QueryType.CALCULATION: (
        "What does the chiller cost for {size} sqft in {area}?",
        "Mortgage on AED {price}m with 25% down over 20 years",
        "How high are service charges for {size} sqft in {area}?",
        "Calculate a payment plan for {price} million over 3 years",
    ),
    QueryType.MARKET: (
        "How are market prices in {area} going?",
        "What is the price growth in {area}?",
    ),
    QueryType.GENERAL: (
        "Tell me about {area}",
        "What is it like to live in {area}?",
        "Does a home for {price} million give a visa?",
        "What can you do?",
    ),
}


def ask(rng: random.Random) -> str:
    """A question."""
    kind = rng.choices(list(SHARES), list(SHARES.values()))[0]
    area, other = rng.sample(AREAS, 2)
    return rng.choice(_TEMPLATES[kind]).format(
        area=area.name,
        other=other.name,
        code=area.code,
        beds=rng.randint(1, 4),
        price=rng.choice((0.8, 1.2, 1.5, 1.8, 2, 2.5, 3.5, 5)),
        size=rng.choice((650, 900, 1200, 1650, 2400)),
    )
