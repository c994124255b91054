import pytest

from bot.catalog import QueryType
from bot.classify import choose_tools, classify
from bot.facts import read_facts
from bot.model.phrases import phrase
from bot.tools.base import ToolError
from bot.tools.box import TOOLS
from bot.tools.costs import monthly_payment
from bot.tools.listings import listings


def run(tool, **arguments):
    return TOOLS[tool].run(arguments)


def test_a_mortgage_follows_the_annuity_formula():
    result = run(
        "mortgage_estimate", price_aed=1_800_000, down_payment_percent=25, interest_percent=4.5, years=20
    )
    assert result["loan_aed"] == 1_350_000
    assert result["monthly_aed"] == 8541
    assert result["cash_needed_aed"] == 450_000 + 72_000 + 3_375


def test_a_loan_without_interest_is_divided_by_its_months():
    assert monthly_payment(120_000, 0, 10) == 1000


def test_paying_a_loan_down_month_by_month_ends_at_zero():
    monthly, rest = monthly_payment(1_000_000, 4.25, 25), 1_000_000.0
    for _ in range(300):
        rest = rest * (1 + 4.25 / 1200) - monthly
    assert rest == pytest.approx(0, abs=0.01)


def test_chiller_cost_is_capacity_plus_consumption():
    result = run("calculate_chiller_cost", area="JLT", size_sqft=1200)
    tons = 1200 / 230
    assert result["capacity_aed_per_year"] == round(tons * 640)
    assert result["consumption_aed_per_year"] == round(tons * 2300 * 0.53)
    assert result["total_aed_per_month"] == round((tons * 640 + tons * 2300 * 0.53) / 12)


def test_chiller_free_areas_cost_nothing_and_villas_their_own_unit():
    assert run("calculate_chiller_cost", area="JVC")["total_aed_per_year"] == 0
    assert run("calculate_chiller_cost", area="Arabian Ranches", size_sqft=1000)["total_aed_per_year"] == 5200


def test_a_search_keeps_to_area_bedrooms_and_price():
    result = run("search_properties", area="marina", bedrooms=2, max_price_aed=2_500_000)
    assert result["found"] == len(result["cheapest"]) == 2
    for home in result["cheapest"]:
        assert (home["area"], home["bedrooms"]) == ("Dubai Marina", 2)
        assert home["price_aed"] <= 2_500_000


def test_listings_are_always_the_same():
    listings.cache_clear()
    first = listings()
    listings.cache_clear()
    assert listings() == first
    assert len({listing.listing_id for listing in first}) == len(first) == 144


def test_yield_is_rent_by_price_and_net_of_charges():
    result = run("rental_yield", area="Business Bay", size_sqft=1000, price_aed=1_890_000)
    assert result["gross_yield_percent"] == 6.6
    assert result["net_yield_percent"] == round((0.066 * 1_890_000 - 15_800) / 18_900, 2)


def test_a_payment_plan_adds_up_to_the_price():
    result = run("payment_plan", price_aed=2_000_000)
    paid = result["at_booking_aed"] + result["instalments"] * result["each_aed"] + result["at_handover_aed"]
    assert paid == 2_000_000


@pytest.mark.parametrize(
    ("value", "visa", "missing"),
    [(700_000, "none", 50_000), (750_000, "investor", 1_250_000), (2_000_000, "golden", None)],
)
def test_visas_begin_at_their_amounts(value, visa, missing):
    result = run("visa_eligibility", property_value_aed=value)
    assert (result["visa"], result.get("missing_for_next_aed")) == (visa, missing)


def test_market_trends_end_at_todays_price_and_grow_by_the_year():
    prices = run("market_trends", area="DH")["aed_per_sqft_by_quarter"]
    assert len(prices) == 8
    assert prices[-1] == 2050
    assert prices[-1] / prices[-5] == pytest.approx(1.102, rel=0.001)


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("area_guide", {"area": "Atlantis"}, "no area I know"),
        ("mortgage_estimate", {"price_aed": 6_000_000, "down_payment_percent": 20}, "at least 30%"),
        ("mortgage_estimate", {"price_aed": -1}, "price_aed"),
        ("compare_areas", {"areas": ["JVC", "jvc"]}, "two different areas"),
        ("property_details", {"property_id": "XX-999"}, "no property"),
        (
            "payment_plan",
            {"down_payment_percent": 50, "during_construction_percent": 60},
            "more than the price",
        ),
        ("search_properties", {"rooms": 2}, "rooms"),
    ],
)
def test_tools_refuse_in_words(tool, arguments, words):
    with pytest.raises(ToolError, match=words):
        run(tool, **arguments)


@pytest.mark.parametrize(
    ("question", "kind", "tools"),
    [
        ("Find a 2 bedroom flat in Marina", QueryType.SEARCH, ("search_properties",)),
        ("Is Dubai South a good investment?", QueryType.ANALYSIS, ("analyze_investment",)),
        ("Compare JVC and Downtown", QueryType.COMPARISON, ("compare_areas",)),
        ("chiller cost for 900 sqft in JLT", QueryType.CALCULATION, ("calculate_chiller_cost",)),
        ("mortgage on AED 1.8m", QueryType.CALCULATION, ("mortgage_estimate",)),
        ("service charges in DIFC", QueryType.CALCULATION, ("service_charges",)),
        ("payment plan for 2 million", QueryType.CALCULATION, ("payment_plan",)),
        ("How are market prices going?", QueryType.MARKET, ("market_trends",)),
        ("rental yield of JVC", QueryType.ANALYSIS, ("rental_yield",)),
        ("Tell me about the Palm", QueryType.GENERAL, ("area_guide",)),
        ("does it give a visa?", QueryType.GENERAL, ("visa_eligibility",)),
        ("More about DM-104", QueryType.SEARCH, ("property_details",)),
        ("hello", QueryType.GENERAL, ()),
    ],
)
def test_questions_have_a_kind_and_tools(question, kind, tools):
    assert classify(question) is kind
    assert choose_tools(question, kind) == tools


@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_answers_a_bare_question_and_its_result_can_be_said(tool):
    facts = read_facts("something")
    sentence = phrase(tool, TOOLS[tool].run(TOOLS[tool].plan(facts)))
    assert sentence.endswith(".")
    assert TOOLS[tool].schema()["input_schema"]["type"] == "object"


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("AED 1,500,000 please", "price", 1_500_000),
        ("under 2.5 million", "price", 2_500_000),
        ("800k", "price", 800_000),
        ("USD 500k", "price", 1_836_250),
        ("in 2026 for 1,200 sqft", "price", None),
        ("900 sqm", "size_sqft", 9687.5),
        ("1,200 sq ft", "size_sqft", 1200),
        ("a studio", "bedrooms", 0),
        ("3br villa", "bedrooms", 3),
        ("over 20 years", "years", 20),
        ("25% down at 4.5 percent", "percents", (25, 4.5)),
    ],
)
def test_figures_are_read_from_questions(text, name, value):
    assert getattr(read_facts(text), name) == value


def test_areas_are_found_by_alias_in_the_order_of_the_question():
    assert [area.code for area in read_facts("JVC or the marina?").areas] == ["JV", "DM"]
