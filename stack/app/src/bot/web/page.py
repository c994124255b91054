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
from bot.catalog import PLANS, Rating, Tier
from bot.record import Outcome
from bot.users import UnknownUserError
from bot.votes import SecondVoteError, UnknownAnswerError
from bot.web.asking import LimitReached, ask, invalid
from bot.web.feedback import vote
from bot.web.words import LONGEST_QUESTION, FeedbackBody, QueryBody, explain

VISITOR = "visitor"
DASHBOARDS = (
    ("mission-control", "Mission Control", "What is happening right now, and is it all right?"),
    ("user-analytics", "User Analytics & Business", "Who uses the bot, who pays for it, who leaves?"),
    ("ai-cost", "AI & Cost Analytics", "What does the model cost, and is it worth it?"),
    ("product-analytics", "Product Analytics", "Do users stay, and which of two ideas is better?"),
    ("scale-forecast", "Scale & Forecast", "Where is this going, and what is unusual?"),
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
        if _is_foreign(request):
            return _html(bot, "", _note("Please ask on this page itself."), 403)
        text = (await _form(request)).get("text", [""])[0]
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

    @routes.post("/rate")
    async def rated(request: Request) -> HTMLResponse:
        """The page with thanks for a vote."""
        if _is_foreign(request):
            return _html(bot, "", _note("Please vote on this page itself."), 403)
        return await _voted(bot, await _form(request))

    return routes


async def _voted(bot: Bot, form: dict[str, list[str]]) -> HTMLResponse:
    fields = {name: form.get(name, [""])[0] for name in ("query_id", "rating")}
    try:
        await vote(bot, FeedbackBody.model_validate({"user": VISITOR, **fields}))
    except ValidationError as error:
        return _html(bot, "", _note(f"That did not work: {explain(error.errors())}."), 422)
    except (UnknownUserError, UnknownAnswerError):
        return _html(bot, "", _note("That answer is not known here any more."), 404)
    except SecondVoteError:
        return _html(bot, "", _note("That answer has been rated already."), 409)
    return _html(bot, "", _note("Thank you, that helps."))


def _is_foreign(request: Request) -> bool:
    return request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}


async def _form(request: Request) -> dict[str, list[str]]:
    return parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)


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
        f"{outcome.usage.total_tokens:,} tokens",
        *(tool.replace("_", " ") for tool in dict.fromkeys(outcome.tools)),
    ]
    items = "".join(f"<li>{escape(fact)}" for fact in facts)
    return (
        f'<section class="answer" role="status"><p>{escape(outcome.answer)}<ul>{items}</ul>'
        f"{_thumbs(outcome.query_id)}</section>"
    )


def _thumbs(query_id: str) -> str:
    """Two buttons; none for an answer that could not be remembered."""
    if not query_id:
        return ""
    buttons = "".join(
        f'<button name="rating" value="{rating}" title="{title}" aria-label="{title}">{sign}</button>'
        for rating, title, sign in (
            (Rating.UP, "This helped", "👍"),
            (Rating.DOWN, "This did not help", "👎"),
        )
    )
    return (
        f'<form class="thumbs" method="post" action="/rate">'
        f'<input type="hidden" name="query_id" value="{escape(query_id)}">{buttons}</form>'
    )
