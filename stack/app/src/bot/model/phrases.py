"""Results of tools as sentences, for the simulated model's answers."""

from collections.abc import Callable
from typing import Any

Result = dict[str, Any]


def _money(value: float) -> str:
    return f"AED {value:,.0f}"


def _search(result: Result) -> str:
    if not result["found"]:
        return "I found nothing that fits; a higher price or another area would help."
    shown = "; ".join(
        f"{home['id']} in {home['area']}, "
        f"{'studio' if home['bedrooms'] == 0 else str(home['bedrooms']) + ' bed'}, "
        f"{home['size_sqft']:,} sqft, {_money(home['price_aed'])}"
        for home in result["cheapest"]
    )
    return f"I found {result['found']}, the cheapest first: {shown}."


def _details(r: Result) -> str:
    return (
        f"{r['id']} is in {r['area']}, floor {r['floor']}, {r['size_sqft']:,} sqft for {_money(r['price_aed'])}: "
        f"AED {r['price_per_sqft']:,} a square foot, where the area's average is {r['area_average_per_sqft']:,.0f}. "
        f"Service charges are about {_money(r['service_charge_per_year'])} a year."
    )


def _analyze(r: Result) -> str:
    return (
        f"Buying in {r['area']} at {_money(r['price_aed'])} looks {r['verdict']}: {r['net_yield_percent']}% net yield, "
        f"{r['return_per_year_percent']}% a year with growth, worth about {_money(r['value_in_5_years_aed'])} in 5 years."
    )


def _chiller(r: Result) -> str:
    if r["cooling"] == "free":
        return f"In {r['area']} the landlord pays for cooling: no chiller bill."
    return (
        f"Cooling in {r['area']} costs about {_money(r['total_aed_per_month'])} a month "
        f"({_money(r['total_aed_per_year'])} a year), {_money(r['capacity_aed_per_year'])} of it whether you use it or not."
    )


def _compare(r: Result) -> str:
    rows = "; ".join(
        f"{a['area']}: AED {a['aed_per_sqft']:,.0f}/sqft, {a['yield_percent']}% yield, {a['growth_percent']}% growth"
        for a in r["areas"]
    )
    return f"{rows}. Cheapest is {r['cheapest']}, best yield {r['best_yield']}, fastest growth {r['fastest_growth']}."


def _mortgage(r: Result) -> str:
    return (
        f"A loan of {_money(r['loan_aed'])} costs {_money(r['monthly_aed'])} a month; you need "
        f"{_money(r['cash_needed_aed'])} in cash, fees of {_money(r['fees_aed'])} included."
    )


def _yield(r: Result) -> str:
    return (
        f"{r['area']} yields {r['gross_yield_percent']}% gross and {r['net_yield_percent']}% after service charges: "
        f"about {_money(r['rent_aed_per_year'])} of rent a year."
    )


def _trends(r: Result) -> str:
    prices = r["aed_per_sqft_by_quarter"]
    return (
        f"{r['area']} went from AED {prices[0]:,} to {prices[-1]:,} a square foot in two years, "
        f"{r['growth_last_year_percent']}% in the last one: number {r['rank_by_growth']} of {r['of_areas']} areas by growth."
    )


def _plan(r: Result) -> str:
    return (
        f"{_money(r['at_booking_aed'])} at booking, {r['instalments']} instalments of {_money(r['each_aed'])} every "
        f"{r['every_months']} months, and {_money(r['at_handover_aed'])} at handover."
    )


def _guide(r: Result) -> str:
    return (
        f"{r['area']}: {r['character']}. Prices are {r['price_level']} "
        f"(AED {r['aed_per_sqft']:,.0f} a square foot), the metro is {r['metro_minutes']} minutes away."
    )


def _charges(r: Result) -> str:
    return f"Service charges in {r['area']}: {_money(r['aed_per_year'])} a year, {_money(r['aed_per_month'])} a month."


def _visa(r: Result) -> str:
    if r["visa"] == "none":
        return f"That gives no visa; {_money(r['missing_for_next_aed'])} more would give the investor visa."
    return f"{_money(r['property_value_aed'])} gives the {r['visa']} visa for {r['years']} years."


_PHRASES: dict[str, Callable[[Result], str]] = {
    "search_properties": _search,
    "property_details": _details,
    "analyze_investment": _analyze,
    "calculate_chiller_cost": _chiller,
    "compare_areas": _compare,
    "mortgage_estimate": _mortgage,
    "rental_yield": _yield,
    "market_trends": _trends,
    "payment_plan": _plan,
    "area_guide": _guide,
    "service_charges": _charges,
    "visa_eligibility": _visa,
}


def phrase(tool: str, result: Result) -> str:
    """A tool's result as a sentence or two."""
    return _PHRASES[tool](result)
