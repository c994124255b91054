"""What owning costs: cooling, service charges, mortgage, payment plan."""

from pydantic import Field

from bot.facts import Facts
from bot.tools.base import Arguments, Result, Tool, ToolError, first_area, need_area

_SQFT_PER_TON = 230
_FULL_LOAD_HOURS = 2300  # in a year, for a home in Dubai
_OWN_UNIT_AED_PER_SQFT = 5.2  # electricity and upkeep of a unit of one's own
_DEFAULT_SIZE = 1000.0
_DEFAULT_PRICE = 1_500_000.0
_TRANSFER_FEE = 0.04
_MORTGAGE_FEE = 0.0025
_FIRST_HOME_LIMIT = 5_000_000


class SizeArguments(Arguments):
    """A home by area and size."""

    area: str
    size_sqft: float = Field(default=_DEFAULT_SIZE, gt=100, le=50_000)


def _size_from(facts: Facts) -> SizeArguments:
    return SizeArguments(area=first_area(facts), size_sqft=facts.size_sqft or _DEFAULT_SIZE)


def _chiller(arguments: SizeArguments) -> Result:
    area = need_area(arguments.area)
    tons = arguments.size_sqft / _SQFT_PER_TON
    if area.cooling == "free":
        capacity = consumption = 0.0
    elif area.cooling == "own":
        capacity, consumption = 0.0, arguments.size_sqft * _OWN_UNIT_AED_PER_SQFT
    else:
        capacity = tons * area.capacity_charge_per_ton
        consumption = tons * _FULL_LOAD_HOURS * area.consumption_charge_per_ton_hour
    yearly = capacity + consumption
    return {
        "area": area.name,
        "cooling": area.cooling,
        "tons": round(tons, 2),
        "capacity_aed_per_year": round(capacity),
        "consumption_aed_per_year": round(consumption),
        "total_aed_per_year": round(yearly),
        "total_aed_per_month": round(yearly / 12),
    }


def _service_charges(arguments: SizeArguments) -> Result:
    area = need_area(arguments.area)
    yearly = arguments.size_sqft * area.service_charge_per_sqft
    return {
        "area": area.name,
        "aed_per_sqft": area.service_charge_per_sqft,
        "aed_per_year": round(yearly),
        "aed_per_month": round(yearly / 12),
    }


class MortgageArguments(Arguments):
    """A loan for a home."""

    price_aed: float = Field(default=_DEFAULT_PRICE, gt=0)
    down_payment_percent: float = Field(default=20, ge=0, lt=100)
    interest_percent: float = Field(default=4.25, ge=0, le=25)
    years: int = Field(default=25, ge=1, le=25)


def monthly_payment(loan: float, interest_percent: float, years: int) -> float:
    """What an annuity loan costs a month."""
    months, rate = years * 12, interest_percent / 1200
    if rate == 0:
        return loan / months
    return loan * rate / (1 - float((1 + rate) ** -months))


def _mortgage(arguments: MortgageArguments) -> Result:
    least = 20 if arguments.price_aed <= _FIRST_HOME_LIMIT else 30
    if arguments.down_payment_percent < least:
        raise ToolError(f"banks ask for at least {least}% down at this price")
    down = arguments.price_aed * arguments.down_payment_percent / 100
    loan = arguments.price_aed - down
    monthly = monthly_payment(loan, arguments.interest_percent, arguments.years)
    fees = arguments.price_aed * _TRANSFER_FEE + loan * _MORTGAGE_FEE
    return {
        "loan_aed": round(loan),
        "monthly_aed": round(monthly),
        "interest_total_aed": round(monthly * arguments.years * 12 - loan),
        "cash_needed_aed": round(down + fees),
        "fees_aed": round(fees),
    }


def _mortgage_from(facts: Facts) -> MortgageArguments:
    down = next((p for p in facts.percents if p >= 15), 20.0)
    interest = next((p for p in facts.percents if p < 15), 4.25)
    return MortgageArguments(
        price_aed=facts.price or _DEFAULT_PRICE,
        down_payment_percent=min(down, 95),
        interest_percent=interest,
        years=min(max(facts.years or 25, 1), 25),
    )


class PlanArguments(Arguments):
    """A developer's payment plan."""

    price_aed: float = Field(default=_DEFAULT_PRICE, gt=0)
    down_payment_percent: float = Field(default=10, ge=5, le=50)
    during_construction_percent: float = Field(default=50, ge=0, le=90)
    months: int = Field(default=30, ge=6, le=72)


def _payment_plan(arguments: PlanArguments) -> Result:
    handover = 100 - arguments.down_payment_percent - arguments.during_construction_percent
    if handover < 0:
        raise ToolError("down payment and construction payments are more than the price")
    instalments = max(arguments.months // 3, 1)
    per_instalment = arguments.price_aed * arguments.during_construction_percent / 100 / instalments
    return {
        "at_booking_aed": round(arguments.price_aed * arguments.down_payment_percent / 100),
        "instalments": instalments,
        "each_aed": round(per_instalment),
        "every_months": 3,
        "at_handover_aed": round(arguments.price_aed * handover / 100),
    }


calculate_chiller_cost = Tool(
    name="calculate_chiller_cost",
    description="Cost of cooling a home: district cooling's capacity and consumption charges.",
    arguments=SizeArguments,
    compute=_chiller,
    from_facts=_size_from,
)
service_charges = Tool(
    name="service_charges",
    description="Yearly service charges of a home by area and size.",
    arguments=SizeArguments,
    compute=_service_charges,
    from_facts=_size_from,
)
mortgage_estimate = Tool(
    name="mortgage_estimate",
    description="Monthly payment, fees and cash needed for a mortgage.",
    arguments=MortgageArguments,
    compute=_mortgage,
    from_facts=_mortgage_from,
)
payment_plan = Tool(
    name="payment_plan",
    description="Instalments of an off-plan purchase.",
    arguments=PlanArguments,
    compute=_payment_plan,
    from_facts=lambda facts: PlanArguments(
        price_aed=facts.price or _DEFAULT_PRICE,
        months=min(max((facts.years or 3) * 12, 6), 72),
    ),
)
