"""What owning brings: rental yield, and whether an investment is a good one."""

from pydantic import Field

from bot.facts import Facts
from bot.tools.base import Arguments, Result, Tool, first_area, need_area

_TYPICAL_SQFT = 900
_GROWTH_KEPT = 0.6  # of last year's growth, each year: booms do not last
_HORIZON_YEARS = 5


class YieldArguments(Arguments):
    """A home that is let; price and size are the area's typical ones if left out."""

    area: str
    price_aed: float | None = Field(None, gt=0)
    size_sqft: float | None = Field(None, gt=100, le=50_000)


def _yield_from(facts: Facts) -> YieldArguments:
    return YieldArguments(area=first_area(facts), price_aed=facts.price, size_sqft=facts.size_sqft)


def _rental_yield(arguments: YieldArguments) -> Result:
    area = need_area(arguments.area)
    size = arguments.size_sqft or (
        arguments.price_aed / area.price_per_sqft if arguments.price_aed else _TYPICAL_SQFT
    )
    price = arguments.price_aed or size * area.price_per_sqft
    # A rent follows the market's price of a home, not what its owner paid.
    rent = size * area.price_per_sqft * area.yield_percent / 100
    charges = size * area.service_charge_per_sqft
    return {
        "area": area.name,
        "price_aed": round(price),
        "rent_aed_per_year": round(rent),
        "service_charges_aed_per_year": round(charges),
        "gross_yield_percent": round(rent / price * 100, 2),
        "net_yield_percent": round((rent - charges) / price * 100, 2),
    }


def _analyze(arguments: YieldArguments) -> Result:
    area = need_area(arguments.area)
    rent = _rental_yield(arguments)
    growth, value = area.growth_percent, float(rent["price_aed"])
    for _ in range(_HORIZON_YEARS):
        value *= 1 + growth / 100
        growth *= _GROWTH_KEPT
    income = (rent["rent_aed_per_year"] - rent["service_charges_aed_per_year"]) * _HORIZON_YEARS
    total = (value + income) / rent["price_aed"]
    per_year = (total ** (1 / _HORIZON_YEARS) - 1) * 100
    return {
        **rent,
        "growth_last_year_percent": area.growth_percent,
        "value_in_5_years_aed": round(value),
        "return_per_year_percent": round(per_year, 1),
        "verdict": "strong" if per_year >= 9.5 else "fair" if per_year >= 8 else "weak",
    }


rental_yield = Tool(
    name="rental_yield",
    description="Gross and net rental yield of a home.",
    arguments=YieldArguments,
    compute=_rental_yield,
    from_facts=_yield_from,
)
analyze_investment = Tool(
    name="analyze_investment",
    description="Expected return of buying a home in an area: rent, growth, charges.",
    arguments=YieldArguments,
    compute=_analyze,
    from_facts=_yield_from,
)
