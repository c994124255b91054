"""An invented data set: areas of Dubai with prices, charges and cooling. The names are real, the figures are not."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Area:
    """One area; money in AED, sizes in square feet."""

    code: str
    name: str
    aliases: tuple[str, ...]
    price_per_sqft: float
    yield_percent: float
    service_charge_per_sqft: float
    cooling: str
    capacity_charge_per_ton: float
    consumption_charge_per_ton_hour: float
    growth_percent: float
    metro_minutes: int
    character: str


def _area(row: str) -> Area:
    code, name, aliases, *numbers, cooling, metro, character = (cell.strip() for cell in row.split("|"))
    price, rent, service, capacity, consumption, growth = map(float, numbers)
    return Area(
        code=code,
        name=name,
        aliases=tuple(alias for alias in aliases.split(",") if alias),
        price_per_sqft=price,
        yield_percent=rent,
        service_charge_per_sqft=service,
        cooling=cooling,
        capacity_charge_per_ton=capacity,
        consumption_charge_per_ton_hour=consumption,
        growth_percent=growth,
        metro_minutes=int(metro),
        character=character,
    )


# code | name | aliases | AED/sqft | yield % | service AED/sqft | AED/ton/year | AED/ton-hour | growth % | cooling | metro | character
AREAS: tuple[Area, ...] = tuple(
    _area(row)
    for row in """
DM|Dubai Marina|marina,jbr|1780|6.4|16.5|750|0.57|7.2|district|6|towers on the water, walkable, lively at night
DT|Downtown Dubai|downtown,burj khalifa|2460|5.3|21.0|820|0.60|6.1|district|8|the centre, views, highest charges
PJ|Palm Jumeirah|palm|3120|4.9|18.5|860|0.62|9.4|district|25|beach living, villas and hotels, scarce
BB|Business Bay|business bay|1890|6.6|15.8|760|0.57|6.8|district|7|canal, offices, many new towers
JV|Jumeirah Village Circle|jvc,village circle|1190|7.9|12.4|0|0|8.1|free|30|family parks, low entry price, much supply
JL|Jumeirah Lake Towers|jlt,lake towers|1420|7.1|14.2|640|0.53|6.5|district|4|lakes, metro, good value beside the Marina
DH|Dubai Hills Estate|dubai hills,hills estate|2050|5.8|15.1|700|0.55|10.2|district|35|golf, schools, mall, villas
AB|Arabian Ranches|ranches|1520|5.2|4.6|0|0|8.8|own|45|villas, quiet, schools
DS|Dubai South|south,expo city|1010|7.4|10.9|520|0.50|11.6|district|20|near the new airport, early prices
DC|Dubai Creek Harbour|creek harbour,creek|2120|5.9|16.0|730|0.56|9.8|district|30|new waterfront, parks, still building
DI|Discovery Gardens|discovery|880|8.4|11.2|0|0|5.4|free|9|low-rise, green, cheap, older
DF|DIFC|financial centre|2680|5.6|22.5|840|0.61|5.9|district|3|finance, galleries, short leases
""".strip().splitlines()
)

_BY_CODE = {area.code: area for area in AREAS}
_PATTERNS = tuple(
    (re.compile(rf"\b(?:{'|'.join(map(re.escape, (area.name.lower(), *area.aliases)))})\b"), area)
    for area in AREAS
)


def find_areas(text: str) -> tuple[Area, ...]:
    """The areas that a text names, in the order it does."""
    lower = text.lower()
    found = [(match.start(), area) for pattern, area in _PATTERNS if (match := pattern.search(lower))]
    return tuple(area for _, area in sorted(found, key=lambda item: (item[0], item[1].code)))


def area_named(name: str) -> Area | None:
    """The area of a name, an alias or a code."""
    if area := _BY_CODE.get(name.upper()):
        return area
    found = find_areas(name)
    return found[0] if found else None


def price_quantile(area: Area) -> float:
    """Where an area's price stands among all, from 0 (cheapest) to 1."""
    return sum(other.price_per_sqft < area.price_per_sqft for other in AREAS) / (len(AREAS) - 1)
