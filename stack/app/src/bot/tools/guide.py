"""What areas are like, how the market moves, and who may live there."""

from pydantic import Field

from bot.areas import AREAS, price_quantile
from bot.facts import Facts
from bot.tools.base import Arguments, Result, Tool, ToolError, first_area, need_area

_GOLDEN_VISA_AED = 2_000_000
_INVESTOR_VISA_AED = 750_000
_QUARTERS = 8


class AreasArguments(Arguments):
    """Two to five areas."""

    areas: list[str] = Field(min_length=2, max_length=5)


def _compare(arguments: AreasArguments) -> Result:
    areas = [need_area(name) for name in arguments.areas]
    if len({area.code for area in areas}) < 2:
        raise ToolError("comparing needs two different areas")
    return {
        "areas": [
            {
                "area": area.name,
                "aed_per_sqft": area.price_per_sqft,
                "yield_percent": area.yield_percent,
                "growth_percent": area.growth_percent,
                "metro_minutes": area.metro_minutes,
            }
            for area in areas
        ],
        "cheapest": min(areas, key=lambda area: area.price_per_sqft).name,
        "best_yield": max(areas, key=lambda area: area.yield_percent).name,
        "fastest_growth": max(areas, key=lambda area: area.growth_percent).name,
    }


def _compare_from(facts: Facts) -> AreasArguments:
    named = [area.name for area in facts.areas]
    others = [area.name for area in AREAS if area.name not in named]
    return AreasArguments(areas=(named + others[: max(0, 2 - len(named))])[:5])


class AreaArguments(Arguments):
    """One area."""

    area: str


def _area_guide(arguments: AreaArguments) -> Result:
    area = need_area(arguments.area)
    level = ("low", "middle", "high")[min(int(price_quantile(area) * 3), 2)]
    return {
        "area": area.name,
        "character": area.character,
        "price_level": level,
        "aed_per_sqft": area.price_per_sqft,
        "metro_minutes": area.metro_minutes,
        "cooling": area.cooling,
    }


def _market_trends(arguments: AreaArguments) -> Result:
    area = need_area(arguments.area)
    per_quarter = (1 + area.growth_percent / 100) ** 0.25
    prices = [round(area.price_per_sqft / per_quarter**back) for back in range(_QUARTERS - 1, -1, -1)]
    return {
        "area": area.name,
        "aed_per_sqft_by_quarter": prices,
        "growth_last_year_percent": area.growth_percent,
        "rank_by_growth": sum(other.growth_percent > area.growth_percent for other in AREAS) + 1,
        "of_areas": len(AREAS),
    }


class VisaArguments(Arguments):
    """What somebody owns or wants to buy."""

    property_value_aed: float = Field(gt=0)


def _visa(arguments: VisaArguments) -> Result:
    value = arguments.property_value_aed
    visa, years = ("none", 0)
    if value >= _GOLDEN_VISA_AED:
        visa, years = "golden", 10
    elif value >= _INVESTOR_VISA_AED:
        visa, years = "investor", 2
    following = _GOLDEN_VISA_AED if visa == "investor" else _INVESTOR_VISA_AED if visa == "none" else None
    result: Result = {"property_value_aed": round(value), "visa": visa, "years": years}
    if following is not None:
        result["missing_for_next_aed"] = round(following - value)
    return result


compare_areas = Tool(
    name="compare_areas",
    description="Compare areas by price, yield, growth and metro.",
    arguments=AreasArguments,
    compute=_compare,
    from_facts=_compare_from,
)
area_guide = Tool(
    name="area_guide",
    description="What living in an area is like.",
    arguments=AreaArguments,
    compute=_area_guide,
    from_facts=lambda facts: AreaArguments(area=first_area(facts)),
)
market_trends = Tool(
    name="market_trends",
    description="Prices of an area over the last eight quarters.",
    arguments=AreaArguments,
    compute=_market_trends,
    from_facts=lambda facts: AreaArguments(area=first_area(facts)),
)
visa_eligibility = Tool(
    name="visa_eligibility",
    description="Which residence visa a property's value gives.",
    arguments=VisaArguments,
    compute=_visa,
    from_facts=lambda facts: VisaArguments(property_value_aed=facts.price or 1_000_000),
)
