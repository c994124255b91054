"""The invented listings: 12 in each area, always the same."""

import random
from dataclasses import dataclass
from functools import cache

from pydantic import Field

from bot.areas import AREAS, Area, area_named
from bot.facts import Facts
from bot.tools.base import Arguments, Result, Tool, ToolError, first_area

_SIZES = {0: 450, 1: 780, 2: 1240, 3: 1800, 4: 2700}
_PER_AREA = 12
_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A flat or house for sale."""

    listing_id: str
    area: Area
    bedrooms: int
    size_sqft: int
    price: int
    floor: int
    furnished: bool

    def summary(self) -> Result:
        """What a list of results says about it."""
        return {
            "id": self.listing_id,
            "area": self.area.name,
            "bedrooms": self.bedrooms,
            "size_sqft": self.size_sqft,
            "price_aed": self.price,
        }


@cache
def listings() -> tuple[Listing, ...]:
    """All listings; made from a fixed seed."""
    return tuple(_listing(area, number) for area in AREAS for number in range(_PER_AREA))


def _listing(area: Area, number: int) -> Listing:
    rng = random.Random(f"{area.code}-{number}")  # noqa: S311  # invented flats, no secrets
    bedrooms = number % len(_SIZES)
    size = round(_SIZES[bedrooms] * rng.uniform(0.85, 1.2))
    price = round(size * area.price_per_sqft * rng.uniform(0.9, 1.15), -3)
    return Listing(
        listing_id=f"{area.code}-{101 + number}",
        area=area,
        bedrooms=bedrooms,
        size_sqft=size,
        price=int(price),
        floor=rng.randint(1, 40),
        furnished=rng.random() < 0.4,
    )


class SearchArguments(Arguments):
    """What to look for."""

    area: str | None = Field(None, description="Name of an area; all areas if left out.")
    bedrooms: int | None = Field(None, ge=0, le=10, description="0 for a studio.")
    max_price_aed: float | None = Field(None, gt=0)


def _search(arguments: SearchArguments) -> Result:
    area = area_named(arguments.area) if arguments.area else None
    if arguments.area and area is None:
        raise ToolError(f"{arguments.area!r} is no area I know")
    fitting = [
        listing
        for listing in listings()
        if (area is None or listing.area == area)
        and (arguments.bedrooms is None or listing.bedrooms == arguments.bedrooms)
        and (arguments.max_price_aed is None or listing.price <= arguments.max_price_aed)
    ]
    fitting.sort(key=lambda listing: (listing.price, listing.listing_id))
    return {"found": len(fitting), "cheapest": [listing.summary() for listing in fitting[:_SHOWN]]}


class DetailsArguments(Arguments):
    """Which listing."""

    property_id: str = Field(description="For example DM-101.")


def _details(arguments: DetailsArguments) -> Result:
    wanted = arguments.property_id.upper()
    for listing in listings():
        if listing.listing_id == wanted:
            return {
                **listing.summary(),
                "price_per_sqft": round(listing.price / listing.size_sqft),
                "area_average_per_sqft": listing.area.price_per_sqft,
                "service_charge_per_year": round(listing.size_sqft * listing.area.service_charge_per_sqft),
                "floor": listing.floor,
                "furnished": listing.furnished,
                "metro_minutes": listing.area.metro_minutes,
            }
    raise ToolError(f"there is no property {arguments.property_id}; ids look like DM-101")


def _details_from(facts: Facts) -> DetailsArguments:
    return DetailsArguments(property_id=facts.property_id or f"{(facts.areas or AREAS)[0].code}-101")


search_properties = Tool(
    name="search_properties",
    description="Find properties for sale by area, bedrooms and price.",
    arguments=SearchArguments,
    compute=_search,
    from_facts=lambda facts: SearchArguments(
        area=first_area(facts) if facts.areas else None,
        bedrooms=facts.bedrooms,
        max_price_aed=facts.price,
    ),
)
property_details = Tool(
    name="property_details",
    description="Everything about one property, by its id.",
    arguments=DetailsArguments,
    compute=_details,
    from_facts=_details_from,
)
