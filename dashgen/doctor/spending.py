"""The costs of questions: the most expensive ones, users and tools, and what a cheaper model would save."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from dashgen.model.project_file import CostFields
from dashgen.servers.http.response_values import text
from dashgen.servers.telemetry import Exposition

MOST: Final = 10
_PER: Final = 1_000_000


class Question(Struct, frozen=True):
    """One question, with its highest cost."""

    text: str
    model: str
    user: str
    cost: float


class ModelCost(Struct, frozen=True):
    """What a model cost, and for how many tokens."""

    cost: float
    tokens: float


class Spending(Struct, frozen=True):
    """The most expensive questions, users and tools, in falling order, and each model's share."""

    questions: tuple[Question, ...] = ()
    users: tuple[tuple[str, float], ...] = ()
    tools: tuple[tuple[str, float], ...] = ()
    models: Mapping[str, ModelCost] = {}

    @property
    def total(self) -> float:
        """The cost of all models."""
        return sum(model.cost for model in self.models.values())

    @property
    def dearest(self) -> float:
        """The cost of the most expensive question."""
        return max((question.cost for question in self.questions), default=0.0)


class Saving(Struct, frozen=True):
    """What the same tokens would have cost with the cheapest model that was used.

    Prices are per million tokens.
    """

    model: str
    saved: float
    prices: Mapping[str, float]


def spending_of_lines(
    lines: Iterable[Mapping[str, Any]], cost_field: str, fields: CostFields | None = None
) -> Spending:
    """Add up what log lines cost.

    Args:
        lines: the lines with their fields.
        cost_field: the field with the cost of a question.
        fields: the other fields.
    """
    names = fields or CostFields()
    questions: dict[tuple[str, str, str], float] = {}
    users: defaultdict[str, float] = defaultdict(float)
    tools: defaultdict[str, float] = defaultdict(float)
    costs: defaultdict[str, float] = defaultdict(float)
    tokens: defaultdict[str, float] = defaultdict(float)
    for line in lines:
        cost = number(line.get(cost_field))
        if cost <= 0:
            continue
        model, user = text(line, names.model), str(line.get(names.user) or "")
        key = text(line, names.question), model, user
        questions[key] = max(questions.get(key, 0.0), cost)
        users[user] += cost
        tools[text(line, names.tool)] += cost
        costs[model] += cost
        tokens[model] += number(line.get(names.tokens))
    models = {model: ModelCost(cost, tokens[model]) for model, cost in costs.items()}
    return Spending(dearest(questions), top(users), top(tools), models)


def dearest(questions: Mapping[tuple[str, str, str], float]) -> tuple[Question, ...]:
    """The most expensive questions, from their text, model and user."""
    ranking = sorted(questions.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Question(*key, cost) for key, cost in ranking[:MOST])


def top(costs: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """The names with the highest costs; the empty name is left out."""
    ranking = sorted(
        ((name, cost) for name, cost in costs.items() if name), key=lambda item: (-item[1], item[0])
    )
    return tuple(ranking[:MOST])


def number(value: object) -> float:
    """A number, or 0."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def models_of(
    exposition: Exposition, cost_metric: str, tokens_metric: str, label: str
) -> dict[str, ModelCost]:
    """What each model cost since the application started, from the application's own metrics.

    Args:
        exposition: what the application exports.
        cost_metric: the counter of costs.
        tokens_metric: the counter of tokens.
        label: the label of both with the model.
    """
    costs, tokens = _sums(exposition, cost_metric, label), _sums(exposition, tokens_metric, label)
    return {
        model: ModelCost(cost, tokens[model])
        for model, cost in costs.items()
        if cost > 0 and tokens.get(model)
    }


def _sums(exposition: Exposition, metric: str, label: str) -> dict[str, float]:
    """The sum of a metric for each value of a label."""
    sums: dict[str, float] = {}
    family = exposition.families.get(metric)
    for sample in family.samples if family else ():
        if sample.name == metric and (value := sample.labels.get(label)):
            sums[value] = sums.get(value, 0.0) + sample.value
    return sums


def saving(spent: Mapping[str, ModelCost], priced: Mapping[str, ModelCost]) -> Saving | None:
    """What the cheapest model would have saved; None when there is only one, or prices are unknown.

    Args:
        spent: the cost and tokens of each model.
        priced: the usage that the price of a token of each model is computed from.
    """
    prices = {
        model: usage.cost / usage.tokens * _PER
        for model, usage in priced.items()
        if usage.tokens > 0 and usage.cost > 0
    }
    comparable = [usage for model, usage in spent.items() if model in prices]
    if len(prices) < 2 or not comparable:
        return None
    cheapest = min(prices, key=lambda model: (prices[model], model))
    saved = sum(max(0.0, usage.cost - usage.tokens * prices[cheapest] / _PER) for usage in comparable)
    return Saving(cheapest, saved, prices)


def table(spending: Spending, money: str, saved: Saving | None) -> list[str]:
    """The report in lines for people; ``money`` is the sign of the currency."""
    lines = [f"the {len(spending.questions)} most expensive questions:"]
    for question in spending.questions:
        user = f"user {question.user or '?'}"
        lines.append(
            f"  {money}{question.cost:.4f}  {question.model or '?'}  {user}  {_short(question.text)}"
        )
    for heading, rows in (("users", spending.users), ("tools", spending.tools)):
        if rows:
            shown = ", ".join(f"{name} {money}{cost:.2f}" for name, cost in rows[:5])
            lines.append(f"{heading} that cost most: {shown}")
    if saved is not None:
        prices = ", ".join(f"{model} {money}{price:.2f}" for model, price in sorted(saved.prices.items()))
        lines.append(f"with {saved.model}, the same tokens would have saved {money}{saved.saved:.2f}")
        lines.append(f"  (seen on average per million tokens: {prices})")
    return lines


def as_data(spending: Spending, saved: Saving | None) -> dict[str, object]:
    """The report for programs: ``total``, ``questions``, ``users``, ``tools`` and ``saving``."""

    def rows(ranking: Sequence[tuple[str, float]]) -> list[dict[str, object]]:
        return [{"name": name, "cost": round(cost, 6)} for name, cost in ranking]

    return {
        "total": round(spending.total, 6),
        "questions": [
            {"query": question.text, "model": question.model, "user": question.user, "cost": question.cost}
            for question in spending.questions
        ],
        "users": rows(spending.users),
        "tools": rows(spending.tools),
        "saving": {"model": saved.model, "saved": round(saved.saved, 6)} if saved else None,
    }


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
