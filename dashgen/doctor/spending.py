"""What questions cost: the most expensive ones, who and what costs most, and what a cheaper model would save."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dashgen.servers.http.response_values import text
from dashgen.servers.telemetry import Exposition

MOST: Final = 10
_PER: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """One question, as dear as it was at most."""

    text: str
    model: str
    user: str
    cost: float


@dataclass(frozen=True, slots=True)
class Model:
    """What a model cost, and for how many tokens."""

    cost: float
    tokens: float


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent: the dearest questions, users and tools, the dearest first, and each model's share."""

    questions: tuple[Question, ...] = ()
    users: tuple[tuple[str, float], ...] = ()
    tools: tuple[tuple[str, float], ...] = ()
    models: Mapping[str, Model] = field(default_factory=dict)

    @property
    def total(self) -> float:
        """All of it."""
        return sum(one.cost for one in self.models.values())

    @property
    def dearest(self) -> float:
        """The cost of the most expensive question."""
        return max((one.cost for one in self.questions), default=0.0)


@dataclass(frozen=True, slots=True)
class Saving:
    """What the same tokens would have cost with the cheapest model that was used; prices are per million tokens."""

    model: str
    saved: float
    prices: Mapping[str, float]


def spent_of_lines(lines: Iterable[Mapping[str, Any]], cost_field: str) -> Spent:
    """What log lines say was spent.

    Args:
        lines: the lines with their fields.
        cost_field: the field with the cost of a question.
    """
    questions: dict[tuple[str, str, str], float] = {}
    users: defaultdict[str, float] = defaultdict(float)
    tools: defaultdict[str, float] = defaultdict(float)
    costs: defaultdict[str, float] = defaultdict(float)
    tokens: defaultdict[str, float] = defaultdict(float)
    for line in lines:
        cost = number(line.get(cost_field))
        if cost <= 0:
            continue
        model, user = text(line, "model"), str(line.get("user_id") or "")
        key = text(line, "query"), model, user
        questions[key] = max(questions.get(key, 0.0), cost)
        users[user] += cost
        tools[text(line, "tool")] += cost
        costs[model] += cost
        tokens[model] += number(line.get("tokens"))
    models = {model: Model(cost, tokens[model]) for model, cost in costs.items()}
    return Spent(dearest(questions), top(users), top(tools), models)


def dearest(questions: Mapping[tuple[str, str, str], float]) -> tuple[Question, ...]:
    """The most expensive questions, from their text, model and user."""
    found = sorted(questions.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Question(*key, cost) for key, cost in found[:MOST])


def top(costs: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """The names that cost most; what has no name is left out."""
    found = sorted(
        ((name, cost) for name, cost in costs.items() if name), key=lambda item: (-item[1], item[0])
    )
    return tuple(found[:MOST])


def number(value: object) -> float:
    """A number, or 0."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def models_of(exposition: Exposition, cost_metric: str, tokens_metric: str) -> dict[str, Model]:
    """What each model cost since the application started, from its own metrics."""
    costs, tokens = _by_model(exposition, cost_metric), _by_model(exposition, tokens_metric)
    return {
        model: Model(cost, tokens[model]) for model, cost in costs.items() if cost > 0 and tokens.get(model)
    }


def _by_model(exposition: Exposition, metric: str) -> dict[str, float]:
    found: dict[str, float] = {}
    family = exposition.families.get(metric)
    for sample in family.samples if family else ():
        if sample.name == metric and (model := sample.labels.get("model")):
            found[model] = found.get(model, 0.0) + sample.value
    return found


def saving(spent: Mapping[str, Model], priced: Mapping[str, Model]) -> Saving | None:
    """What the cheapest model would have saved; nothing when there is only one, or prices are not known.

    Args:
        spent: what was spent on each model.
        priced: from what the price of a token of each model is worked out.
    """
    prices = {
        model: one.cost / one.tokens * _PER
        for model, one in priced.items()
        if one.tokens > 0 and one.cost > 0
    }
    known = {model: one for model, one in spent.items() if model in prices}
    if len(prices) < 2 or not known:
        return None
    cheapest = min(prices, key=lambda model: (prices[model], model))
    saved = sum(max(0.0, one.cost - one.tokens * prices[cheapest] / _PER) for one in known.values())
    return Saving(cheapest, saved, prices)


def table(spent: Spent, money: str, saved: Saving | None) -> list[str]:
    """Everything in lines for people."""
    lines = [f"the {len(spent.questions)} most expensive questions:"]
    lines += [
        f"  {money}{one.cost:.4f}  {one.model or '?'}  user {one.user or '?'}  {_short(one.text)}"
        for one in spent.questions
    ]
    for word, rows in (("users", spent.users), ("tools", spent.tools)):
        if rows:
            shown = ", ".join(f"{name} {money}{cost:.2f}" for name, cost in rows[:5])
            lines.append(f"{word} that cost most: {shown}")
    if saved is not None:
        prices = ", ".join(f"{model} {money}{price:.2f}" for model, price in sorted(saved.prices.items()))
        lines.append(f"with {saved.model}, the same tokens would have saved {money}{saved.saved:.2f}")
        lines.append(f"  (seen on average per million tokens: {prices})")
    return lines


def as_data(spent: Spent, saved: Saving | None) -> dict[str, object]:
    """Everything for programs."""

    def rows(found: Sequence[tuple[str, float]]) -> list[dict[str, object]]:
        return [{"name": name, "cost": round(cost, 6)} for name, cost in found]

    return {
        "total": round(spent.total, 6),
        "questions": [
            {"query": one.text, "model": one.model, "user": one.user, "cost": one.cost}
            for one in spent.questions
        ],
        "users": rows(spent.users),
        "tools": rows(spent.tools),
        "saving": {"model": saved.model, "saved": round(saved.saved, 6)} if saved else None,
    }


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= 60 else f"{plain[:59]}…"
