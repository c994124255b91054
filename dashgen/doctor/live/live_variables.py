"""Grafana's variables with the values that a dashboard opens with, put into its queries.

Sources: Grafana's `TemplateSrv` and `FormatRegistry`, and `interpolateQueryExpr` of the Prometheus and Loki data sources.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from dashgen.doctor.live.time_window import Window, interval_text, round_interval
from dashgen.query.query_context import references
from dashgen.servers.http.response_values import mapping, objects, text

ALL: Final = "$__all"
_REGEX: Final = re.compile(r"[\\^$*+?.()|{}\[\]]")


@dataclass(frozen=True, slots=True)
class Value:
    """What a variable stands for: one text or several, ``raw`` when it is put in as it is."""

    texts: tuple[str, ...]
    several: bool = False
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Values:
    """All variables of one dashboard.

    ``unknown`` are those whose first value only a server knows: queries without a current value.
    """

    by_name: Mapping[str, Value] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    def with_value(self, name: str, value: str) -> "Values":
        """The same with one value for a variable, as a repeated panel has it."""
        return Values({**self.by_name, name: Value((value,))}, self.unknown)


def values_of(dashboard: Mapping[str, Any], options: Mapping[str, Sequence[str]]) -> Values:
    """The values that a dashboard opens with.

    Args:
        dashboard: its JSON.
        options: the options of query variables by name, where a server was asked.
    """
    values: dict[str, Value] = {}
    unknown: list[str] = []
    for variable in objects(mapping(dashboard, "templating"), "list"):
        name = text(variable, "name")
        value = _value(variable, options.get(name, ()))
        if value is None:
            unknown.append(name)
        else:
            values[name] = value
    return Values(values, tuple(unknown))


def _value(variable: Mapping[str, Any], options: Sequence[str]) -> Value | None:
    current = mapping(variable, "current").get("value")
    chosen = [one for one in (current if isinstance(current, list) else [current]) if _is_text(one)]
    several = variable.get("multi") is True or variable.get("includeAll") is True
    if chosen == [ALL]:
        return _everything(variable, options)
    kind = text(variable, "type")
    if chosen and (chosen != [""] or kind in {"textbox", "constant", "switch"}):
        return Value(tuple(map(str, chosen)), several)
    first = next(iter([*options, *_written_options(variable)]), None)
    if first is not None:
        return Value((first,), several)
    if variable.get("includeAll") is True:
        return _everything(variable, options)
    return Value((text(variable, "query"),)) if kind in {"textbox", "constant"} else None


def _everything(variable: Mapping[str, Any], options: Sequence[str]) -> Value:
    """All values: what the dashboard says for that, else every option, else whatever there is."""
    written = text(variable, "allValue")
    if written:
        return Value((written,), several=True, raw=True)
    choices = [*options, *_written_options(variable)]
    return Value(tuple(choices), several=True) if choices else Value((".*",), several=True, raw=True)


def _written_options(variable: Mapping[str, Any]) -> list[str]:
    listed = [text(option, "value") for option in objects(variable, "options")]
    options = [value for value in listed if value and value != ALL]
    if options or text(variable, "type") not in {"custom", "interval"}:
        return options
    query = text(variable, "query")
    return [part.split(" : ")[-1].strip() for part in query.split(",") if part.strip()]


def _is_text(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


class Filling:
    """Puts values into the texts of one panel's query.

    Args:
        values: the dashboard's variables.
        window: when the query asks.
        dashboard: the dashboard's JSON.
        language: the type of the data source, whose way of writing several values it is.
    """

    def __init__(
        self, values: Values, window: Window, dashboard: Mapping[str, Any], language: str = "prometheus"
    ) -> None:
        self._values = values
        self._window = window
        self._plain = {**_standing(dashboard), **_times(window, language)}
        self._default = "" if language in {"prometheus", "loki"} else "pipe"
        self.unfilled: list[str] = []

    def __call__(self, template: str) -> str:
        """A text with every variable replaced; one that nobody knows stays, and is remembered as unfilled."""
        parts: list[str] = []
        last = 0
        for ref in references(template):
            written = template[ref.start : ref.end]
            parts += template[last : ref.start], self._filled(ref.name, ref.form, written)
            last = ref.end
        return "".join([*parts, template[last:]])

    def tree(self, data: Any) -> Any:
        """Plain data with every text filled."""
        if isinstance(data, str):
            return self(data)
        if isinstance(data, dict):
            return {key: self.tree(value) for key, value in data.items()}
        return [self.tree(value) for value in data] if isinstance(data, list) else data

    def _filled(self, name: str, form: str, written: str) -> str:
        if name in {"__from", "__to"} and form.startswith("date"):
            return self._date(name, form)
        if name in self._plain:
            return self._plain[name]
        if name.startswith("__auto_interval_"):
            return interval_text(round_interval(self._window.length * 1000 / 30) / 1000)
        value = self._values.by_name.get(name)
        if value is None:
            self.unfilled.append(name)
            return written
        return self._formatted(value, form or self._default)

    def _formatted(self, value: Value, form: str) -> str:
        if value.raw:
            return value.texts[0]
        maker = _FORMATS.get(form.partition(":")[0])
        if maker is not None:
            return maker(value.texts)
        return _matched(value)

    def _date(self, name: str, form: str) -> str:
        at = self._window.start if name == "__from" else self._window.end
        if form == "date:seconds":
            return str(int(at))
        moment = datetime.fromtimestamp(at, UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def _matched(value: Value) -> str:
    """As the Prometheus and Loki data sources put a variable in: several values as alternatives of a regex."""
    if not value.several:
        return value.texts[0].replace("\\", "\\\\").replace("'", "\\\\'") if value.texts else ""
    escaped = [_escaped(one).replace("\\", "\\\\") for one in value.texts]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"


def _escaped(one: str) -> str:
    return _REGEX.sub(lambda match: "\\" + match.group(), one)


def _regex(texts: Sequence[str]) -> str:
    escaped = [_escaped(one) for one in texts]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"


_FORMATS: Final[Mapping[str, Callable[[Sequence[str]], str]]] = {
    "raw": ",".join,
    "text": " + ".join,
    "csv": ",".join,
    "pipe": "|".join,
    "regex": _regex,
    "glob": lambda texts: texts[0] if len(texts) == 1 else "{" + ",".join(texts) + "}",
    "json": lambda texts: json.dumps(texts[0] if len(texts) == 1 else list(texts)),
    "doublequote": lambda texts: ",".join('"' + one.replace('"', '\\"') + '"' for one in texts),
    "singlequote": lambda texts: ",".join("'" + one.replace("'", "\\'") + "'" for one in texts),
    "percentencode": lambda texts: quote(
        texts[0] if len(texts) == 1 else "{" + ",".join(texts) + "}", safe=""
    ),
}


def _standing(dashboard: Mapping[str, Any]) -> dict[str, str]:
    return {
        "__dashboard": text(dashboard, "uid"),
        "__org": "1",
        "__name": "",
        "__user": "1",
        "__timezone": text(dashboard, "timezone") or "utc",
        "__searchFilter": ".*",
        "timeFilter": "",
    }


def _times(window: Window, language: str) -> dict[str, str]:
    rate = interval_text(window.rate_interval) if language == "prometheus" else interval_text(window.step)
    milliseconds = {
        "__interval_ms": window.step,
        "__rate_interval_ms": window.rate_interval,
        "__range_ms": window.length,
        "__from": window.start,
        "__to": window.end,
    }
    return {
        "__interval": interval_text(window.step),
        "__auto": interval_text(window.step),
        "__rate_interval": rate,
        "__range": f"{round(window.length)}s",
        "__range_s": str(round(window.length)),
        **{name: str(round(value * 1000)) for name, value in milliseconds.items()},
    }
