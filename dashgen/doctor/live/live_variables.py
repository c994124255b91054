"""Grafana's variables with the values that a dashboard opens with, put into its queries.

Sources: Grafana's `TemplateSrv` and `FormatRegistry`, and `interpolateQueryExpr` of the Prometheus and Loki
data sources.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.live.time_window import Window, interval_text, round_interval
from dashgen.query.query_context import references
from dashgen.servers.http.response_values import mapping, objects, text

ALL: Final = "$__all"
_REGEX: Final = lazy_pattern(r"[\\^$*+?.()|{}\[\]]")


class VariableValue(Struct, frozen=True):
    """The value of a variable: one text or several, ``raw`` when it is inserted without quoting."""

    texts: tuple[str, ...]
    several: bool = False
    raw: bool = False


class VariableValues(Struct, frozen=True):
    """All variables of one dashboard.

    ``unknown`` are those whose first value only a server has: queries without a current value.
    """

    by_name: Mapping[str, VariableValue] = {}
    unknown: tuple[str, ...] = ()

    def with_value(self, name: str, value: str) -> "VariableValues":
        """The same with one value for a variable, as a repeated panel has it."""
        return VariableValues({**self.by_name, name: VariableValue((value,))}, self.unknown)


def values_of(
    dashboard: Mapping[str, Any],
    options: Mapping[str, Sequence[str]],
    section: Sequence[Mapping[str, Any]] = (),
) -> VariableValues:
    """The values that a dashboard opens with.

    Args:
        dashboard: its JSON.
        options: the options of query variables by name, where a server was queried for them.
        section: the variables of the rows and tabs around a panel, which hide those of their name.
    """
    values: dict[str, VariableValue] = {}
    unknown: list[str] = []
    own = {text(variable, "name") for variable in section}
    outer = objects(mapping(dashboard, "templating"), "list")
    for variable in (*(one for one in outer if text(one, "name") not in own), *section):
        name = text(variable, "name")
        value = _value(variable, options.get(name, ()))
        if value is None:
            unknown.append(name)
        else:
            values[name] = value
    return VariableValues(values, tuple(unknown))


def _value(variable: Mapping[str, Any], options: Sequence[str]) -> VariableValue | None:
    current = mapping(variable, "current").get("value")
    chosen = [value for value in (current if isinstance(current, list) else [current]) if _is_text(value)]
    several = variable.get("multi") is True or variable.get("includeAll") is True
    if chosen == [ALL]:
        return _everything(variable, options)
    kind = text(variable, "type")
    # An empty current value is a choice where people type one; elsewhere it means that nothing was chosen
    # yet.
    if chosen and (chosen != [""] or kind in {"textbox", "constant", "switch"}):
        return VariableValue(tuple(map(str, chosen)), several)
    first = next(iter([*options, *_written_options(variable)]), None)
    if first is not None:
        return VariableValue((first,), several)
    if variable.get("includeAll") is True:
        return _everything(variable, options)
    return VariableValue((text(variable, "query"),)) if kind in {"textbox", "constant"} else None


def _everything(variable: Mapping[str, Any], options: Sequence[str]) -> VariableValue:
    """All values: the ``allValue`` of the dashboard, else every option, else any text."""
    written = text(variable, "allValue")
    if written:
        return VariableValue((written,), several=True, raw=True)
    choices = [*options, *_written_options(variable)]
    return (
        VariableValue(tuple(choices), several=True)
        if choices
        else VariableValue((".*",), several=True, raw=True)
    )


def _written_options(variable: Mapping[str, Any]) -> list[str]:
    listed = [text(option, "value") for option in objects(variable, "options")]
    options = [value for value in listed if value and value != ALL]
    if options or text(variable, "type") not in {"custom", "interval"}:
        return options
    query = text(variable, "query")
    return [part.split(" : ")[-1].strip() for part in query.split(",") if part.strip()]


def _is_text(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


class Interpolation:
    """Replaces variables in the texts of one panel's query.

    Args:
        values: the dashboard's variables.
        window: the time of the query.
        dashboard: the dashboard's JSON.
        language: the type of the data source, which decides how several values are written.
    """

    def __init__(
        self,
        values: VariableValues,
        window: Window,
        dashboard: Mapping[str, Any],
        language: str = "prometheus",
    ) -> None:
        self._values = values
        self._window = window
        self._plain = {**_constants(dashboard), **_times(window, language)}
        self._default = "" if language in {"prometheus", "loki"} else "pipe"
        self.unfilled: list[str] = []

    def __call__(self, template: str) -> str:
        """A text with every variable replaced; one without a value stays, and is added to ``unfilled``."""
        parts: list[str] = []
        last = 0
        for ref in references(template):
            written = template[ref.start : ref.end]
            parts += template[last : ref.start], self._filled(ref.name, ref.form, written)
            last = ref.end
        return "".join([*parts, template[last:]])

    def tree(self, data: object) -> Any:
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

    def _formatted(self, value: VariableValue, form: str) -> str:
        if value.raw:
            return value.texts[0]
        write = _FORMATS.get(form.partition(":")[0])
        return _regex_value(value) if write is None else write(value.texts)

    def _date(self, name: str, form: str) -> str:
        at = self._window.start if name == "__from" else self._window.end
        if form == "date:seconds":
            return str(int(at))
        moment = datetime.fromtimestamp(at, UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def _regex_value(value: VariableValue) -> str:
    """A value as the Prometheus and Loki data sources insert it: several texts as alternatives of a regex."""
    if not value.several:
        return value.texts[0].replace("\\", "\\\\").replace("'", "\\\\'") if value.texts else ""
    # The regex is inside a string of the query, so each of its backslashes is written twice.
    return _alternatives([_escaped(text).replace("\\", "\\\\") for text in value.texts])


def _escaped(literal: str) -> str:
    return _REGEX.sub(lambda match: "\\" + match.group(), literal)


def _alternatives(patterns: Sequence[str]) -> str:
    return patterns[0] if len(patterns) == 1 else f"({'|'.join(patterns)})"


def _glob(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else "{" + ",".join(texts) + "}"


_FORMATS: Final[Mapping[str, Callable[[Sequence[str]], str]]] = {
    "raw": ",".join,
    "text": " + ".join,
    "csv": ",".join,
    "pipe": "|".join,
    "regex": lambda texts: _alternatives([_escaped(text) for text in texts]),
    "glob": _glob,
    "json": lambda texts: json.dumps(texts[0] if len(texts) == 1 else list(texts)),
    "doublequote": lambda texts: ",".join('"' + text.replace('"', '\\"') + '"' for text in texts),
    "singlequote": lambda texts: ",".join("'" + text.replace("'", "\\'") + "'" for text in texts),
    "percentencode": lambda texts: quote(_glob(texts), safe=""),
}


def _constants(dashboard: Mapping[str, Any]) -> dict[str, str]:
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
    # Loki has no scrapes, so its `$__rate_interval` is just the step.
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
