"""Grafana's server-side expressions (`__expr__`), in dashboards and in rules."""

import re

from msgspec import Struct

from dashgen.check.check_report import Path, Report, entries, text_of
from dashgen.check.field_table import described
from dashgen.core.diagnostics import nearest
from dashgen.core.json_values import Json, mapping
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.formats.json_shapes import names
from dashgen.model.duration import is_go_duration
from dashgen.query.template_variables import is_built_in

EXPRESSION_UIDS = frozenset({"__expr__", "-100"})
TYPES = ("math", "reduce", "resample", "threshold", "classic_conditions", "sql")
REDUCERS = ("sum", "mean", "min", "max", "count", "last", "median")
MODES = ("", "dropNN", "replaceNN")
EVALUATORS = {
    **dict.fromkeys(names("gt lt eq ne gte lte"), 1),
    **dict.fromkeys(names("within_range outside_range within_range_included outside_range_included"), 2),
}
"""How many numbers each comparison needs."""
CLASSIC_EVALUATORS = {**EVALUATORS, "no_value": 0}
CLASSIC_REDUCERS = names(
    "avg min max sum count last median diff diff_abs percent_diff percent_diff_abs count_non_null"
)
_IN_MATH = lazy_pattern(r"\$(?:\{([^}]+)\}|(\w+))")


class Neighbours(Struct, frozen=True):
    """An expression's own refId, those it may refer to, and the variables of its dashboard.

    Grafana fills in variables in dashboards (``ExpressionDatasourceApi.applyTemplateVariables``), and none in
    rules.
    """

    name: str
    references: frozenset[str]
    variables: frozenset[str] | None = None

    def fills_in(self, name: str) -> bool:
        """Whether a name in arithmetic is a variable that Grafana fills in."""
        plain = name.partition(":")[0]
        return self.variables is not None and (plain in self.variables or is_built_in(plain))


def check_expression(report: Report, path: Path, model: Json, neighbours: Neighbours, family: str) -> None:
    """Check one expression.

    Args:
        report: where findings go.
        path: the expression's path.
        model: the expression.
        neighbours: its refId and those of the queries beside it.
        family: the family of the findings' rules.
    """
    kind = text_of(model.get("type"))
    if kind not in TYPES:
        message = (
            f"`{kind}` is not a type of expression" if kind else f"expression `{neighbours.name}` has no type"
        )
        where = (*path, "type") if "type" in model else path
        report.error(f"{family}/expression", where, message, nearest(kind, TYPES))
        return
    _CHECKS[kind](_Expression(report, path, model, neighbours, f"{family}/expression"))


class _Expression(Struct, frozen=True):
    """One expression; it has a method for each type of expression."""

    report: Report
    path: Path
    model: Json
    neighbours: Neighbours
    rule: str

    @property
    def name(self) -> str:
        return self.neighbours.name

    @property
    def others(self) -> frozenset[str]:
        return self.neighbours.references - {self.name}

    def error(self, key: str, message: str, hint: str) -> None:
        where = (*self.path, key) if key in self.model else self.path
        self.report.error(self.rule, where, message, hint)

    def math(self) -> None:
        text = text_of(self.model.get("expression"))
        if not text.strip():
            message = f"the math expression `{self.name}` is empty"
            self.error("expression", message, "write it, such as `$A / $B`")
        for match in _IN_MATH.finditer(text):
            name = match[1] or match[2]
            if name in self.others or not self.neighbours.fills_in(name):
                self.refers(name, "expression")

    def reduce(self) -> None:
        self.refers(text_of(self.model.get("expression")).lstrip("$"), "expression")
        self.choice("reducer", self.model.get("reducer"), REDUCERS)
        settings = mapping(self.model.get("settings"))
        mode = text_of(settings.get("mode"))
        if mode not in MODES:
            message = f"`{mode}` is not a mode of reduce: Grafana refuses it"
            hint = "leave the mode out" if mode == "strict" else "use one of: `dropNN`, `replaceNN`"
            self.report.error(self.rule, (*self.path, "settings", "mode"), message, hint)
        elif mode == "replaceNN" and not isinstance(settings.get("replaceWithValue"), (int, float)):
            message = "the mode `replaceNN` needs a number to replace with"
            self.error("settings", message, "add `replaceWithValue: 0`")

    def resample(self) -> None:
        self.refers(text_of(self.model.get("expression")).lstrip("$"), "expression")
        self.choice("downsampler", self.model.get("downsampler"), (*REDUCERS,))
        self.choice("upsampler", self.model.get("upsampler"), ("pad", "backfilling", "fillna"))
        window = text_of(self.model.get("window"))
        if not is_go_duration(window) and not re.fullmatch(r"[0-9]+[dwy]", window):
            self.error("window", f"`{window}` is not the width of a window", "write a duration such as `1m`")

    def threshold(self) -> None:
        text = text_of(self.model.get("expression"))
        # Reduce and resample take `$A` as well as `A`; threshold only the latter.
        if text.startswith("$"):
            message = f"a threshold takes a refId without `$`, not `{text}`"
            self.error("expression", message, f"write `{text.lstrip('$')}`")
        else:
            self.refers(text, "expression")
        conditions = self.model.get("conditions")
        if not isinstance(conditions, list) or len(conditions) != 1:
            count = len(conditions) if isinstance(conditions, list) else 0
            message = f"a threshold has exactly one condition, not {count}"
            self.error("conditions", message, "write one condition")
            return
        condition = mapping(conditions[0])
        for key in ("evaluator", "unloadEvaluator"):
            if key in condition or key == "evaluator":
                self.evaluator(condition.get(key), (*self.path, "conditions", 0, key), EVALUATORS)

    def classic_conditions(self) -> None:
        conditions = self.model.get("conditions")
        if not isinstance(conditions, list) or not conditions:
            self.error("conditions", "classic conditions need at least one condition", "add a condition")
        for index, condition in entries(conditions):
            path: Path = (*self.path, "conditions", index)
            self.evaluator(condition.get("evaluator"), (*path, "evaluator"), CLASSIC_EVALUATORS)
            params = mapping(condition.get("query")).get("params")
            for number, reference in enumerate(params if isinstance(params, list) else []):
                self.known(text_of(reference), (*path, "query", "params", number))
            for key, choices in (("operator", ("and", "or", "logic-or")), ("reducer", CLASSIC_REDUCERS)):
                value = text_of(mapping(condition.get(key)).get("type"))
                if (value or key == "reducer") and value not in choices:
                    message = f"`{value}` is not an {key} of a classic condition"
                    if key == "reducer":
                        message = f"`{value}` is not a reducer of a classic condition"
                    self.report.error(self.rule, (*path, key, "type"), message, nearest(value, choices))

    def sql(self) -> None:
        if not text_of(self.model.get("expression")).strip():
            self.error("expression", f"the SQL expression `{self.name}` is empty", "write `SELECT * FROM A`")

    def choice(self, key: str, value: object, choices: tuple[str, ...]) -> None:
        text = text_of(value)
        if text not in choices:
            message = f"`{text}` is not a {key}" if text else f"the {key} is missing"
            self.error(key, message, nearest(text, choices))

    def refers(self, reference: str, key: str) -> None:
        if reference:
            self.known(reference, (*self.path, key))
        else:
            self.error(key, f"expression `{self.name}` refers to no query", f"add `{key}:` with a refId")

    def known(self, reference: str, path: Path) -> None:
        if reference == self.name:
            message = f"expression `{self.name}` refers to itself"
        elif reference not in self.others:
            message = f"expression `{self.name}` refers to `{reference}`, and no query has this refId"
        else:
            return
        self.report.error(self.rule, path, message, nearest(reference, self.others))

    def evaluator(self, value: object, path: Path, refs: dict[str, int]) -> None:
        kind = text_of(mapping(value).get("type"))
        params = mapping(value).get("params")
        if kind not in refs:
            message = f"`{kind}` is not a comparison" if kind else "the condition has no comparison"
            where = (*path, "type") if kind else path
            self.report.error(self.rule, where, message, nearest(kind, refs))
            return
        numbers = params if isinstance(params, list) else []
        bad = [p for p in numbers if isinstance(p, bool) or not isinstance(p, (int, float))]
        if bad:
            message = f"`{kind}` compares with numbers, not with {described(bad[0])}"
            self.report.error(self.rule, (*path, "params"), message, "write numbers")
        elif len(numbers) < refs[kind]:
            message = f"`{kind}` needs {refs[kind]} number{'s' * (refs[kind] > 1)}, not {len(numbers)}"
            self.report.error(self.rule, (*path, "params"), message, "complete `params`")


_CHECKS = {
    "math": _Expression.math,
    "reduce": _Expression.reduce,
    "resample": _Expression.resample,
    "threshold": _Expression.threshold,
    "classic_conditions": _Expression.classic_conditions,
    "sql": _Expression.sql,
}
