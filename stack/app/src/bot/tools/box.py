"""All tools by name."""

from typing import Any

from bot.tools.base import Tool
from bot.tools.costs import calculate_chiller_cost, mortgage_estimate, payment_plan, service_charges
from bot.tools.guide import area_guide, compare_areas, market_trends, visa_eligibility
from bot.tools.listings import property_details, search_properties
from bot.tools.returns import analyze_investment, rental_yield

TOOLS: dict[str, Tool[Any]] = {
    tool.name: tool
    for tool in (
        search_properties,
        property_details,
        analyze_investment,
        calculate_chiller_cost,
        compare_areas,
        mortgage_estimate,
        rental_yield,
        market_trends,
        payment_plan,
        area_guide,
        service_charges,
        visa_eligibility,
    )
}
