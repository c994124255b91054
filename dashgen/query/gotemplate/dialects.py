"""The functions, variables and data of templates in Prometheus, Loki and Grafana.

Sources: template/template.go of Prometheus 3 (also Loki's ruler), pkg/services/ngalert/state/template of
Grafana 12.4.3 for its rules, template/template.go of Alertmanager 0.28 and templates/ of
github.com/grafana/alerting for notifications.
"""

from collections.abc import Iterator

from msgspec import Struct

from dashgen.core.diagnostics import nearest
from dashgen.query.gotemplate.template_names import Name, ParsedTemplate, TemplateFault
from dashgen.query.gotemplate.template_parser import parse_template


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GO = _names(
    """
    and call html index slice js len not or print printf println urlquery eq ge gt le lt ne
    """
)
_PROMETHEUS = _names(
    """
    query first label value strvalue args reReplaceAll safeHtml match title toUpper toLower graphLink
    tableLink sortByLabel stripPort stripDomain parseDuration humanize humanize1024 humanizeDuration
    humanizePercentage humanizeTimestamp toTime toDuration now pathPrefix externalURL urlQueryEscape
    """
)
_GRAFANA = _names(
    """
    filterLabels filterLabelsRe removeLabels removeLabelsRe mergeLabelValues deduplicateLabels
    """
)
_ALERTMANAGER = _names(
    """
    toUpper toLower title trimSpace join match safeHtml safeUrl urlUnescape reReplaceAll stringSlice date
    tz since humanizeDuration toJson list append dict
    """
)
# functionMap and templateFunctions of loki/pkg/logql/log/fmt.go, 3.7.
_LOKI_LINE = _names(
    """
    ToLower ToUpper Replace Trim TrimLeft TrimRight TrimPrefix TrimSuffix TrimSpace regexReplaceAll
    regexReplaceAllLiteral count urldecode urlencode bytes duration duration_seconds unixEpochMillis
    unixEpochNanos toDateInZone unixToTime alignLeft alignRight b64dec b64enc lower upper title trunc
    substr contains hasPrefix hasSuffix indent nindent replace repeat trim trimAll trimSuffix trimPrefix
    int float64 add sub mul div mod addf subf mulf divf max min maxf minf ceil floor round fromJson date
    toDate now unixEpoch default __line__ __timestamp__
    """
)
_NAMESPACES = frozenset(("tmpl", "data", "coll", "time"))


class Dialect(Struct, frozen=True):
    """The names that a server defines for templates.

    Attributes:
        name: the server's name in messages.
        functions: the names of its functions, Go's own among them.
        variables: the variables that it declares, with their ``$``.
        fields: the fields of the data; None when they are not known.
    """

    name: str
    functions: frozenset[str]
    variables: frozenset[str]
    fields: frozenset[str] | None


PROMETHEUS_RULE = Dialect(
    "Prometheus",
    _GO | _PROMETHEUS,
    frozenset(("$labels", "$value", "$externalLabels", "$externalURL")),
    frozenset(("Labels", "Value", "ExternalLabels", "ExternalURL")),
)
LOKI_RULE = Dialect("Loki", PROMETHEUS_RULE.functions, PROMETHEUS_RULE.variables, PROMETHEUS_RULE.fields)
GRAFANA_RULE = Dialect(
    "Grafana",
    _GO | _PROMETHEUS | _GRAFANA,
    frozenset(("$labels", "$value", "$values")),
    frozenset(("Labels", "Value", "Values")),
)
LOKI_LINE = Dialect("Loki", _GO | _LOKI_LINE, frozenset(), None)
"""``line_format`` and ``label_format``: the fields are the labels of the line, which are not known."""
NOTIFICATION = Dialect(
    "Grafana",
    _GO | _ALERTMANAGER | _NAMESPACES,
    frozenset(),
    _names(
        """
        Receiver Status Alerts GroupLabels CommonLabels CommonAnnotations ExternalURL GroupKey
        TruncatedAlerts Vars ExtraData AppVersion
        """
    ),
)


def check_template(text: str, dialect: Dialect) -> list[TemplateFault]:
    """The faults that keep a server from parsing or running a template.

    Args:
        text: the template.
        dialect: the names that the server defines.
    """
    if "{{" not in text:
        return []
    template = parse_template(text)
    return [*([template.fault] if template.fault else []), *unknown_names(template, dialect)]


def unknown_names(template: ParsedTemplate, dialect: Dialect) -> Iterator[TemplateFault]:
    """The names of a template that a server does not have."""
    for name in template.names:
        fault = unknown_name(name, dialect)
        if fault is not None:
            yield fault


def unknown_name(name: Name, dialect: Dialect) -> TemplateFault | None:
    """The fault of a name that the server does not define; None when it does."""
    if name.kind == "function" and name.name not in dialect.functions:
        hint = _function_hint(name.name, dialect)
        return TemplateFault(f"{dialect.name} has no template function `{name.name}`", hint, name.start)
    if name.kind == "variable" and name.name != "$":
        if name.declared or (name.root and name.name in dialect.variables):
            return None
        return TemplateFault(
            f"{dialect.name} has no template variable `{name.name}`",
            _variable_hint(name, dialect),
            name.start,
        )
    field = name.name if name.kind == "field" else next(iter(name.fields), "") if name.name == "$" else ""
    if field and name.root and dialect.fields is not None and field not in dialect.fields:
        hint = nearest(f".{field}", [f".{dialect_field}" for dialect_field in dialect.fields])
        return TemplateFault(f"the data of a template in {dialect.name} has no `.{field}`", hint, name.start)
    return None


def _variable_hint(name: Name, dialect: Dialect) -> str:
    # A template that is called sees only what it is given, so `$labels` has to be handed over.
    if not name.root and name.name in dialect.variables:
        return f'hand it over, as in `{{{{ template "name" {name.name} }}}}`, and write `.`'
    close = nearest(name.name, dialect.variables)
    return close or f"declare it: `{{{{ {name.name} := … }}}}`"


def _function_hint(name: str, dialect: Dialect) -> str:
    variable = f"${name}"
    if variable in dialect.variables:
        return f"write `{variable}`"
    return nearest(name, dialect.functions) or "remove it"
