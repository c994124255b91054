"""Grafana's variables with the values that a dashboard opens with, put into its queries.

Sources: Grafana's `TemplateSrv` and `FormatRegistry`, and `interpolateQueryExpr` of the Prometheus and Loki
data sources.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any, Final
from urllib.parse import quote

from msgspec import Struct

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.doctor.live.adhoc_filters import AdhocFilter, adhoc_filters
from dashgen.doctor.live.query_moments import seconds
from dashgen.doctor.live.time_window import Window, interval_text, round_interval
from dashgen.doctor.live.variable_options import (
    ALL,
    ALL_TEXT,
    AUTO,
    VariableOption,
    VariableOptions,
    written_options,
)
from dashgen.query.query_context import Reference, references
from dashgen.servers.http.response_values import mapping, objects, text

_LUCENE: Final = lazy_pattern(r"""[!*+\-=<>&|()\[\]{}^~?:/"\\\\]""")
_REGEX: Final = lazy_pattern(r"[\\^$*+?.()|{}\[\]]")


class VariableValue(Struct, frozen=True):
    """The value of a variable.

    Attributes:
        texts: its value, or several.
        several: whether it may have several, which are then inserted as alternatives.
        raw: whether it is inserted without quoting.
        labels: what people see in the place of each value; the values where there is nothing else.
        copies: what a repeated panel has a copy for, where that is not each value.
        auto: how many steps and at least how many seconds a step, where the value is that of an automatic
            interval.
        properties: further values of each value, by their names.
    """

    texts: tuple[str, ...]
    several: bool = False
    raw: bool = False
    labels: tuple[str, ...] = ()
    copies: tuple[VariableOption, ...] = ()
    auto: tuple[int, float] | None = None
    properties: tuple[tuple[tuple[str, str], ...], ...] = ()

    def part(self, name: str) -> "VariableValue | None":
        """One of its further values; None where no option has it."""
        named = [dict(one) for one in self.properties]
        texts = tuple(one[name] for one in named if name in one)
        return VariableValue(texts, self.several) if texts else None

    @property
    def shown(self) -> tuple[str, ...]:
        """What people see."""
        return self.labels or self.texts

    @property
    def repeated(self) -> tuple[VariableOption, ...]:
        """What a repeated panel has a copy for."""
        properties = self.properties or ((),) * len(self.texts)
        return self.copies or tuple(map(VariableOption, self.shown, self.texts, properties))


class VariableValues(Struct, frozen=True):
    """All variables of one dashboard.

    ``unknown`` are those whose first value only a server has: queries without a current value; ``filters``
    are those of the ad hoc variables, which stand in no text.
    """

    by_name: Mapping[str, VariableValue] = {}
    unknown: tuple[str, ...] = ()
    filters: tuple[AdhocFilter, ...] = ()

    def with_value(self, name: str, value: str, shown: str = "") -> "VariableValues":
        """The same with one value for a variable, as a repeated panel has it."""
        before = self.by_name.get(name)
        several = before is not None and before.several
        copies = before.repeated if before is not None else ()
        properties = next((copy.properties for copy in copies if copy.value == value), ())
        labels = (shown,) if shown else ()
        one = VariableValue((value,), several, labels=labels, properties=(properties,))
        unknown = tuple(other for other in self.unknown if other != name)
        return VariableValues({**self.by_name, name: one}, unknown, self.filters)


def values_of(
    dashboard: Mapping[str, Any],
    options: VariableOptions | Mapping[str, Sequence[str]],
    section: Sequence[Mapping[str, Any]] = (),
    chosen: Mapping[str, Sequence[str]] | None = None,
) -> VariableValues:
    """The values that a dashboard opens with, or those that were chosen.

    Args:
        dashboard: its JSON.
        options: the options of query variables by name, where a server was queried for them.
        section: the variables of the rows and tabs around a panel, which hide those of their name.
        chosen: the values that were chosen, by the name of the variable; ``$__all`` for all.
    """
    values: dict[str, VariableValue] = {}
    unknown: list[str] = []
    filters: list[AdhocFilter] = []
    own = {text(variable, "name") for variable in section}
    outer = objects(mapping(dashboard, "templating"), "list")
    for variable in (*(one for one in outer if text(one, "name") not in own), *section):
        name = text(variable, "name")
        if text(variable, "type") == "adhoc":
            filters += adhoc_filters(variable, (chosen or {}).get(name, ()))
            continue
        queried = [_option(one) for one in options.get(name, ())]
        value = variable_value(variable, queried, (chosen or {}).get(name, ()))
        if value is None:
            unknown.append(name)
        else:
            values[name] = value
    return VariableValues(values, tuple(unknown), tuple(filters))


def _option(option: VariableOption | str) -> VariableOption:
    return VariableOption(option, option) if isinstance(option, str) else option


def variable_value(
    variable: Mapping[str, Any], queried: Sequence[VariableOption], chosen: Sequence[str] = ()
) -> VariableValue | None:
    """The value of a variable; nothing when only a server has one.

    Args:
        variable: its JSON.
        queried: the options that a server gave.
        chosen: the values or texts that somebody chose; that of the dashboard when there are none.
    """
    options = list(queried) or written_options(variable)
    includes_all = variable.get("includeAll") is True
    picked = list(chosen) or _current(variable)
    if picked in ([ALL], [ALL_TEXT]) and (includes_all or picked == [ALL]):
        return _everything(variable, options)
    kind = text(variable, "type")
    # Grafana replaces a value that no option has by the first option, unless somebody chose it.
    if queried and not chosen:
        choices = {text for option in queried for text in (option.text, option.value)}
        picked = [value for value in picked if value in choices]
    # An empty current value is a choice where people type one; elsewhere nothing was chosen yet.
    if picked and (picked != [""] or kind in {"textbox", "constant", "switch"}):
        return _picked(variable, picked, options)
    if includes_all:
        return _everything(variable, options)
    if options:
        return _picked(variable, [options[0].value], options)
    return VariableValue((text(variable, "query"),)) if kind in {"textbox", "constant"} else None


def _current(variable: Mapping[str, Any]) -> list[str]:
    current = mapping(variable, "current").get("value")
    return [str(value) for value in (current if isinstance(current, list) else [current]) if _is_text(value)]


def _picked(
    variable: Mapping[str, Any], picked: Sequence[str], options: Sequence[VariableOption]
) -> VariableValue:
    several = variable.get("multi") is True or variable.get("includeAll") is True
    by_value = {option.value: option for option in reversed(options)}
    by_text = {option.text: option for option in reversed(options)}
    written = mapping(variable, "current").get("text")
    written_texts = written if isinstance(written, list) else [written]
    current = dict(zip(_current(variable), written_texts, strict=False))
    chosen = []
    for value in picked:
        option = by_value.get(value) or by_text.get(value)
        shown = current.get(value)
        chosen.append(option or VariableOption(str(shown) if _is_text(shown) and shown else value, value))
    values = tuple(option.value for option in chosen)
    labels = tuple(option.text for option in chosen)
    return VariableValue(
        values,
        several,
        labels=labels if labels != values else (),
        auto=_automatic(variable, values),
        properties=tuple(option.properties for option in chosen),
    )


def _automatic(variable: Mapping[str, Any], values: tuple[str, ...]) -> tuple[int, float] | None:
    is_auto = values == (AUTO,) or values == (f"$__auto_interval_{text(variable, 'name')}",)
    if not is_auto or text(variable, "type") != "interval":
        return None
    count = variable.get("auto_count")
    return count if isinstance(count, int) and count > 0 else 30, seconds(text(variable, "auto_min")) or 10.0


def _everything(variable: Mapping[str, Any], options: Sequence[VariableOption]) -> VariableValue:
    """All values: the ``allValue`` of the dashboard, else every option, else any text."""
    written = text(variable, "allValue")
    copies = tuple(options)
    if written or not options:
        return VariableValue((written or ".*",), several=True, raw=True, labels=(ALL_TEXT,), copies=copies)
    values = tuple(option.value for option in options)
    properties = tuple(option.properties for option in options)
    return VariableValue(values, several=True, labels=(ALL_TEXT,), copies=copies, properties=properties)


def _is_text(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


class Interpolation:
    """Replaces variables in the texts of one panel's query.

    Args:
        values: the dashboard's variables.
        window: the time of the query.
        dashboard: the dashboard's JSON.
        language: the type of the data source, which decides how several values are written; for texts that
            people read the format itself, `text`, `glob` or `html`.
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
        self._uid = text(dashboard, "uid")
        self._plain = {**_constants(dashboard), **_times(window, language)}
        is_form = language in _FORMATS
        self._default = language if is_form else "" if language in {"prometheus", "loki"} else "pipe"
        self.unfilled: list[str] = []

    def __call__(self, template: str) -> str:
        """A text with every variable replaced; one without a value stays, and is added to ``unfilled``."""
        parts: list[str] = []
        last = 0
        for ref in references(template):
            written = template[ref.start : ref.end]
            filled = self._part(ref) if ref.field else None
            parts += template[last : ref.start], filled or self._filled(ref.name, ref.form, written)
            last = ref.end
        return "".join([*parts, template[last:]])

    def tree(self, data: object) -> Any:
        """Plain data with every text filled."""
        if isinstance(data, str):
            return self(data)
        if isinstance(data, dict):
            return {key: self.tree(value) for key, value in data.items()}
        return [self.tree(value) for value in data] if isinstance(data, list) else data

    def _part(self, ref: Reference) -> str | None:
        """What stands for `${name.field}`; None where the field is none of the value's."""
        if ref.name == "__dashboard":
            return self._uid if ref.field == "uid" else None
        value = self._values.by_name.get(ref.name)
        part = value.part(ref.field) if value is not None else None
        return None if part is None else self._formatted(part, ref.form or self._default)

    def _filled(self, name: str, form: str, written: str) -> str:
        if name in {"__from", "__to"} and form.startswith("date"):
            return self._date(name, form)
        if name in self._plain:
            return self._plain[name]
        if name.startswith("__auto_interval_"):
            auto = self._values.by_name.get(name.removeprefix("__auto_interval_"), VariableValue(())).auto
            return self._interval(*(auto or (30, 0.0)))
        if name == "__all_variables":
            return "&".join(self._in_address(name) for name in self._values.by_name)
        value = self._values.by_name.get(name)
        if value is None:
            self.unfilled.append(name)
            return written
        if form == "queryparam":
            return self._in_address(name)
        return self._formatted(value, form or self._default)

    def _formatted(self, value: VariableValue, form: str) -> str:
        if form == "text":
            return " + ".join(value.shown)
        if value.auto is not None:
            return self._interval(*value.auto)
        if value.raw:
            return value.texts[0]
        write = _FORMATS.get(form.partition(":")[0])
        return _regex_value(value) if write is None else write(value.texts)

    def _interval(self, steps: int, least: float) -> str:
        length = max(round_interval(self._window.length * 1000 / steps) / 1000, least)
        return interval_text(length)

    def _in_address(self, name: str) -> str:
        value = self._values.by_name[name]
        chosen = (ALL,) if value.shown == (ALL_TEXT,) else value.texts
        return "&".join(f"var-{quote(name, safe='')}={quote(one, safe='')}" for one in chosen)

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


def _lucene(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return _LUCENE.sub(lambda match: "\\" + match.group(), texts[0])
    return (
        "(" + " OR ".join('"' + _LUCENE.sub(lambda m: "\\" + m.group(), text) + '"' for text in texts) + ")"
    )


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
    "uriencode": lambda texts: quote(_glob(texts), safe="!#$&'()*+,/:;=?@~"),
    "html": lambda texts: escape(", ".join(texts)),
    "lucene": _lucene,
    "sqlstring": lambda texts: ",".join("'" + text.replace("'", "''") + "'" for text in texts),
}


def _constants(dashboard: Mapping[str, Any]) -> dict[str, str]:
    return {
        "__dashboard": text(dashboard, "title"),
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
        "__url_time_range": f"from={round(window.start * 1000)}&to={round(window.end * 1000)}",
        **{name: str(round(value * 1000)) for name, value in milliseconds.items()},
    }
