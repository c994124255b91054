"""The model calls of a made-up question: who answers, what was paid."""

import random

from bot.catalog import PLANS, Model, Tier, Usage
from bot.model.weather import PromptCache, QueryDraw, TurnDraw

_OPUS_SHARE = 0.25  # of what Pro users ask

_MORE_SHARE = 0.35  # of visits with more than one question
_HUNT_SHARE = 0.04  # of visits in which somebody compares all that there is
_HUNT_QUESTIONS = (8, 16)


def draw_questions(rng: random.Random) -> int:
    """How many questions somebody asks in one visit: mostly one, two on average."""
    if rng.random() < _HUNT_SHARE:
        return rng.randint(*_HUNT_QUESTIONS)
    return 2 + int(rng.expovariate(1 / 1.5)) if rng.random() < _MORE_SHARE else 1


def choose_model(rng: random.Random, tier: Tier) -> Model:
    """The model that answers a user of a tier."""
    if tier is Tier.PRO and rng.random() < _OPUS_SHARE:
        return Model.OPUS
    return PLANS[tier].default_model


def paid_turns(draw: QueryDraw) -> tuple[TurnDraw, ...]:
    """The calls that came back: of a question that fails, all but the last."""
    return draw.turns[:-1] if draw.fault else draw.turns


def usage_of(draw: QueryDraw, model: Model, cache: PromptCache, moment: float) -> Usage:
    """What a question used."""
    usage = Usage()
    for turn in paid_turns(draw):
        usage += cache.usage(model, turn, moment)
    return usage
