"""What the data of templates is made of: fields, elements, and how many arguments functions take.

Sources: template/template.go of Prometheus 3 (also Loki's ruler), pkg/services/ngalert/state/template of
Grafana 12.4.3, template/template.go of Alertmanager 0.28 and templates/template_data.go and
templates/gomplate of github.com/grafana/alerting, pkg/logql/log/fmt.go of Loki 3.7 with sprig 3.3, and
text/template/funcs.go of Go 1.26.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from msgspec import Struct


class Arguments(NamedTuple):
    """How many arguments a function takes; ``most`` is None when there is no limit."""

    least: int
    most: int | None

    def __str__(self) -> str:
        if self.most == self.least:
            return f"{self.least} argument{'s' if self.least != 1 else ''}"
        if self.most is None:
            return f"at least {self.least} argument{'s' if self.least != 1 else ''}"
        return f"{self.least} to {self.most} arguments"


class DataType(Struct, frozen=True):
    """A kind of value.

    Attributes:
        fields: the type of each field and method; an empty type is one that is not followed further.
        element: the type of its elements, empty when that is not known.
        is_map: whether any other field is a key with an element as its value.
    """

    fields: Mapping[str, str] = {}
    element: str = ""
    is_map: bool = False


def arities(text: str) -> dict[str, Arguments]:
    """A table of functions: a name, a slash, and the number of arguments each, with ``+`` for more."""
    table: dict[str, Arguments] = {}
    for entry in text.split():
        name, _, count = entry.rpartition("/")
        least = int(count.rstrip("+"))
        table[name] = Arguments(least, None if count.endswith("+") else least)
    return table


GO: Final = arities(
    """
    and/1+ call/1+ html/0+ index/1+ slice/1+ js/0+ len/1 not/1 or/1+ print/0+ printf/1+ println/0+
    urlquery/0+ eq/2+ ge/2 gt/2 le/2 lt/2 ne/2
    """
)
PROMETHEUS: Final = arities(
    """
    query/1 first/1 label/2 value/1 strvalue/1 args/0+ reReplaceAll/3 safeHtml/1 match/2 title/1 toUpper/1
    toLower/1 graphLink/1 tableLink/1 sortByLabel/2 stripPort/1 stripDomain/1 parseDuration/1 humanize/1
    humanize1024/1 humanizeDuration/1 humanizePercentage/1 humanizeTimestamp/1 toTime/1 toDuration/1 now/0
    pathPrefix/0 externalURL/0 urlQueryEscape/1
    """
)
GRAFANA: Final = arities(
    """
    filterLabels/2 filterLabelsRe/2 removeLabels/2 removeLabelsRe/2 mergeLabelValues/1 deduplicateLabels/1
    """
)
ALERTMANAGER_DEFAULTS: Final = [
    "discord",
    "email",
    "jira",
    "msteams",
    "msteamsv2",
    "opsgenie",
    "pagerduty",
    "pushover",
    "rocketchat",
    "slack",
    "sns",
    "telegram",
    "victorops",
    "webex",
    "wechat",
    "mattermost",
]
"""The receivers whose default templates Alertmanager has, such as ``slack.default.title``
(template/default.tmpl)."""
ALERTMANAGER: Final = arities(
    """
    toUpper/1 toLower/1 title/1 trimSpace/1 join/2 match/2 safeHtml/1 safeUrl/1 urlUnescape/1 reReplaceAll/3
    stringSlice/0+ date/2 tz/2 since/1 humanizeDuration/1 toJson/1 list/0+ append/1+ dict/0+
    """
)
NAMESPACES: Final = {
    "tmpl": arities("Exec/1+ Inline/2"),
    "data": arities("JSON/1 ToJSON/1 ToJSONPretty/2"),
    "coll": arities("Dict/0+ Slice/0+ Append/2"),
    "time": arities("Now/0"),
}
"""Functions that only have methods, such as ``coll.Dict``."""
LOKI_LINE: Final = arities(
    """
    ToLower/1 ToUpper/1 Replace/4 Trim/2 TrimLeft/2 TrimRight/2 TrimPrefix/2 TrimSuffix/2 TrimSpace/1
    regexReplaceAll/3 regexReplaceAllLiteral/3 count/2 urldecode/1 urlencode/1 bytes/1 duration/1
    duration_seconds/1 unixEpochMillis/1 unixEpochNanos/1 toDateInZone/3 unixToTime/1 alignLeft/2
    alignRight/2 b64dec/1 b64enc/1 lower/1 upper/1 title/1 trunc/2 substr/3 contains/2 hasPrefix/2
    hasSuffix/2 indent/2 nindent/2 replace/3 repeat/2 trim/1 trimAll/2 trimSuffix/2 trimPrefix/2 int/1
    float64/1 add/0+ sub/2 mul/1+ div/2 mod/2 addf/0+ subf/1+ mulf/1+ divf/1+ max/1+ min/1+ maxf/1+ minf/1+
    ceil/1 floor/1 round/2+ fromJson/1 date/2 toDate/2 now/0 unixEpoch/1 default/1+ __line__/0
    __timestamp__/0
    """
)

TEXTS: Final = DataType(element="text", is_map=True)
_COMMON: Final = {
    "text": DataType(),
    "number": DataType(),
    "labels": TEXTS,
    "samples": DataType(element="sample"),
    "sample": DataType({"Labels": "labels", "Value": "number"}),
}
PROMETHEUS_TYPES: Final[Mapping[str, DataType]] = {
    **_COMMON,
    "data": DataType(
        {"Labels": "labels", "Value": "number", "ExternalLabels": "labels", "ExternalURL": "text"}
    ),
}
GRAFANA_TYPES: Final[Mapping[str, DataType]] = {
    **_COMMON,
    "value": DataType({"Labels": "labels", "Value": "number"}),
    "values": DataType(element="value", is_map=True),
    "data": DataType({"Labels": "labels", "Value": "text", "Values": "values"}),
}
RESULTS: Final = {"query()": "samples", "first()": "sample", "sortByLabel()": "samples", "value()": "number"}
"""The types of what functions return."""
_ALERT: Final = {
    **dict.fromkeys(
        ("Status", "GeneratorURL", "Fingerprint", "SilenceURL", "DashboardURL", "PanelURL", "ValueString"),
        "text",
    ),
    **dict.fromkeys(("ImageURL", "EmbeddedImage"), "text"),
    **dict.fromkeys(("Labels", "Annotations"), "pairs map"),
    **dict.fromkeys(("StartsAt", "EndsAt", "OrgID", "ExtraData"), ""),
    "Values": "numbers",
}
NOTIFICATION_TYPES: Final[Mapping[str, DataType]] = {
    "text": DataType(),
    "number": DataType(),
    "numbers": DataType(element="number", is_map=True),
    "texts": DataType(element="text"),
    "pair": DataType({"Name": "text", "Value": "text"}),
    "pairs": DataType({"Names": "texts", "Values": "texts", "String": "text"}, element="pair"),
    # The methods of alertmanager's `KV`; any other field is a key.
    "pairs map": DataType(
        {
            "SortedPairs": "pairs",
            "Remove": "pairs map",
            "Names": "texts",
            "Values": "texts",
            "String": "text",
        },
        element="text",
        is_map=True,
    ),
    "alert": DataType(_ALERT),
    "some alerts": DataType(element="alert"),
    "alerts": DataType({"Firing": "some alerts", "Resolved": "some alerts"}, element="alert"),
    "data": DataType(
        {
            **dict.fromkeys(("Receiver", "Status", "ExternalURL", "GroupKey", "AppVersion"), "text"),
            **dict.fromkeys(("GroupLabels", "CommonLabels", "CommonAnnotations"), "pairs map"),
            **dict.fromkeys(("TruncatedAlerts", "Vars", "ExtraData"), ""),
            "Alerts": "alerts",
        }
    ),
}

_GRAFANAS_OWN: Final = frozenset(
    [
        "SilenceURL",
        "DashboardURL",
        "PanelURL",
        "ValueString",
        "Values",
        "ImageURL",
        "EmbeddedImage",
        "OrgID",
        "ExtraData",
    ]
)
ALERTMANAGER_TYPES: Final[Mapping[str, DataType]] = {
    name: DataType(
        {
            field: kind
            for field, kind in one.fields.items()
            if field not in _GRAFANAS_OWN or name not in ("alert", "data")
        },
        one.element,
        one.is_map,
    )
    for name, one in NOTIFICATION_TYPES.items()
}
"""The data of Alertmanager's own templates: without what grafana/alerting adds to an alert."""
