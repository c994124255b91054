"""The index page: what the bot can do, a form to ask it, and the way to its dashboards."""

from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from bot import __version__
from bot.assembly import Bot
from bot.catalog import PLANS, Tier
from bot.record import Outcome
from bot.web.asking import LimitReached, ask, invalid
from bot.web.words import LONGEST_QUESTION, QueryBody, explain

VISITOR = "visitor"
DASHBOARDS = (
    ("mission-control", "Mission Control", "What is happening right now, and is it all right?"),
    ("user-analytics", "User Analytics & Business", "Who uses the bot, who pays for it, who leaves?"),
    ("ai-cost", "AI & Cost Analytics", "What does the model cost, and is it worth it?"),
)
EXAMPLES = (
    ("Search", "Find a 2 bedroom flat in Dubai Marina under 2.5 million"),
    ("Compare", "Compare JVC and Downtown"),
    ("Invest", "Is Dubai South a good investment?"),
    ("Cooling", "What does the chiller cost for 1,200 sqft in JLT?"),
    ("Mortgage", "Mortgage on AED 1.8m with 25% down over 20 years"),
    ("Market", "How are market prices in Dubai Hills going?"),
    ("Yield", "What is the rental yield of Business Bay?"),
    ("Visa", "Do I get a visa with a home for 2 million?"),
)
_HEADERS = {
    # All that the page needs is in it; the form may go nowhere else.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "img-src data:; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PAGE = Template(files("bot.web").joinpath("page.html").read_text(encoding="utf-8"))


def page(bot: Bot) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.get("/")
    async def index(ask: str = "") -> HTMLResponse:
        """The page; `?ask=` fills in the form."""
        return _html(bot, ask[:LONGEST_QUESTION], "")

    @routes.post("/")
    async def asked(request: Request) -> HTMLResponse:
        """The page with an answer."""
        if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return _html(bot, "", _note("Please ask on this page itself."), 403)
        form = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
        text = form.get("text", [""])[0]
        try:
            body = QueryBody(text=text, user=VISITOR, tier=Tier.FREE)
        except ValidationError as error:
            message = explain(error.errors())
            invalid(bot, message)
            return _html(bot, text[:LONGEST_QUESTION], _note(f"That did not work: {message}."), 422)
        try:
            outcome = await ask(bot, body, request.state.watch)
        except LimitReached as refusal:
            return _html(bot, text, _note(f"All visitors share one free account, and {refusal}."), 429)
        return _html(bot, body.text, _answer(bot, outcome))

    return routes


def _html(bot: Bot, text: str, answer: str, status: int = 200) -> HTMLResponse:
    simulated = bot.client.provider == "simulated"
    html = _PAGE.substitute(
        version=escape(__version__),
        text=escape(text),
        longest=LONGEST_QUESTION,
        answer=answer,
        examples="".join(_example(*example) for example in EXAMPLES),
        dashboards="".join(_dashboard(bot.settings.grafana_url, *item) for item in DASHBOARDS),
        plans="".join(_plan(tier) for tier in Tier),
        model="Answers come from a simulated model, with figures from the bot's own tools."
        if simulated
        else "Answers come from Claude, with figures from the bot's own tools.",
    )
    return HTMLResponse(html, status, headers=_HEADERS)


def _example(kind: str, text: str) -> str:
    return f'<button name="text" value="{escape(text)}"><b>{escape(kind)}</b>{escape(text)}</button>'


def _dashboard(grafana: str, uid: str, title: str, text: str) -> str:
    return (
        f'<a href="{escape(grafana)}/d/{uid}"><span aria-hidden="true">→</span>'
        f"<b>{escape(title)}</b>{escape(text)}</a>"
    )


def _plan(tier: Tier) -> str:
    plan = PLANS[tier]
    models = ", ".join(model.capitalize() for model in plan.models)
    return (
        f"<tr><th scope=row>{tier.capitalize()}<td>${plan.usd_per_month:g} a month"
        f"<td>{plan.queries_per_day:,} questions a day<td>{models}"
    )


def _note(text: str) -> str:
    return f'<section class="answer note" role="status"><p>{escape(text)}</section>'


def _answer(bot: Bot, outcome: Outcome) -> str:
    if outcome.error_type:
        return _note(f"No answer this time: {outcome.error}. Please ask again.")
    facts = [
        outcome.model.capitalize(),
        f"{outcome.duration:.1f} s",
        f"${bot.recorder.cost(outcome):.3f}",
        f"{outcome.input_tokens + outcome.output_tokens:,} tokens",
        *(tool.replace("_", " ") for tool in dict.fromkeys(outcome.tools)),
    ]
    items = "".join(f"<li>{escape(fact)}" for fact in facts)
    return f'<section class="answer" role="status"><p>{escape(outcome.answer)}<ul>{items}</ul></section>'
