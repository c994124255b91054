"""A running Prometheus, or anything else that answers as it does."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote

from msgspec import Struct

from dashgen.core.json_values import Json
from dashgen.servers.http import ServiceError
from dashgen.servers.http.response_values import mapping, objects, text, texts
from dashgen.servers.telemetry.results import Cost, Result, number, remarks, result_of, whole
from dashgen.servers.telemetry.service import Service

Fields = Mapping[str, str | Sequence[str]]

_LONGEST_ADDRESS: Final = 2000


class ScrapedTarget(Struct, frozen=True):
    """Something that is scraped; ``health`` is up, down or unknown."""

    job: str
    url: str
    health: str
    error: str
    labels: Mapping[str, str]


class Rule(Struct, frozen=True):
    """A rule as it was last evaluated.

    Attributes:
        health: ok, err or unknown.
        state: of an alert: inactive, pending or firing.
        since: when its oldest alert that is active began, as RFC 3339.
        file: the file that it is written in.
    """

    group: str
    name: str
    kind: str
    health: str
    error: str
    state: str = ""
    query: str = ""
    labels: Mapping[str, str] = {}
    annotations: Mapping[str, str] = {}
    since: str = ""
    file: str = ""


class TsdbStatus(Struct, frozen=True):
    """How much the database holds: all series, and how many the largest metrics have."""

    series: int
    by_metric: Mapping[str, int]


class Prometheus(Service):
    """Queries of a Prometheus; each is bounded in time."""

    ready_path: ClassVar[str] = "/-/ready"

    def query(self, expr: str, *, at: float | None = None) -> Result:
        """An expression at one moment, now when absent.

        Raises:
            QueryRefusedError: when the expression is wrong or too expensive.
            ServiceError: when there is no answer.
        """
        fields = {"query": expr, "stats": "all"} | ({} if at is None else {"time": f"{at:.3f}"})
        return self._result("/api/v1/query", fields)

    def query_range(self, expr: str, *, start: float, end: float, step: float) -> Result:
        """An expression over a stretch of time; times and ``step`` in seconds.

        Raises:
            QueryRefusedError: when the expression is wrong or too expensive.
            ServiceError: when there is no answer.
        """
        span = {"start": f"{start:.3f}", "end": f"{end:.3f}", "step": f"{step:.3f}"}
        return self._result("/api/v1/query_range", {"query": expr, "stats": "all", **span})

    def exemplars(self, expr: str, *, start: float, end: float) -> tuple[Json, ...]:
        """The exemplars of the series that an expression reads: `seriesLabels` and `exemplars` of each.

        Raises:
            QueryRefusedError: when the expression is wrong, or there is no storage of exemplars.
            ServiceError: when there is no answer.
        """
        fields = {"query": expr, "start": f"{start:.3f}", "end": f"{end:.3f}"}
        return tuple(objects(self._get_or_post("/api/v1/query_exemplars", "exemplars", fields), "data"))

    def series(
        self, match: Sequence[str], *, start: float, end: float, limit: int = 1000
    ) -> tuple[Mapping[str, str], ...]:
        """The label sets of the series that any of the selectors matches."""
        fields: Fields = {
            "match[]": list(match),
            "start": f"{start:.3f}",
            "end": f"{end:.3f}",
            "limit": str(limit),
        }
        body = self._get_or_post("/api/v1/series", "series", fields)
        return tuple(_labels(item) for item in objects(body, "data")[:limit])

    def label_values(
        self, label: str, match: Sequence[str] = (), *, start: float | None = None, end: float | None = None
    ) -> tuple[str, ...]:
        """The values of a label, of all series or of those that a selector matches."""
        fields: dict[str, str | Sequence[str]] = {"match[]": list(match)} if match else {}
        for name, moment in (("start", start), ("end", end)):
            if moment is not None:
                fields[name] = f"{moment:.3f}"
        path = f"/api/v1/label/{quote(label, safe='')}/values"
        return texts(self.json(path, f"the values of `{label}`", fields), "data")

    def label_names(self, *, start: float, end: float) -> tuple[str, ...]:
        """The names of all labels in a stretch of time, in seconds since 1970."""
        fields = {"start": f"{start:.3f}", "end": f"{end:.3f}"}
        return texts(self.json("/api/v1/labels", "its labels", fields), "data")

    def metric_types(self) -> dict[str, str]:
        """The types of the metrics that its targets export, by name; of a histogram once."""
        data = mapping(self.json("/api/v1/metadata", "the metadata of metrics"), "data")
        return {name: text(entry, "type") for name in data for entry in objects(data, name)[:1]}

    def targets(self) -> tuple[ScrapedTarget, ...]:
        """What is scraped, and how the last time went."""
        body = self.json("/api/v1/targets", "its targets", {"state": "active"})
        return tuple(self._target(item) for item in objects(mapping(body, "data"), "activeTargets"))

    def rules(self) -> tuple[Rule, ...]:
        """Every rule that is loaded."""
        groups = objects(mapping(self.json("/api/v1/rules", "its rules"), "data"), "groups")
        return tuple(self._rule(group, rule) for group in groups for rule in objects(group, "rules"))

    def tsdb_status(self, limit: int = 1000) -> TsdbStatus:
        """How many series there are, and which metrics have most."""
        query = {"limit": str(limit)}
        data = mapping(self.json("/api/v1/status/tsdb", "the state of its database", query), "data")
        counted = objects(data, "seriesCountByMetricName")
        by_metric = {text(item, "name"): whole(item.get("value")) or 0 for item in counted}
        return TsdbStatus(whole(mapping(data, "headStats").get("numSeries")) or 0, by_metric)

    def retention(self) -> str:
        """How long it keeps samples, such as ``15d``, or how many bytes of them; empty when it hides it."""
        data = mapping(self.json("/api/v1/status/runtimeinfo", "how it runs"), "data")
        return self.shown(text(data, "storageRetention"))

    def auto_reload(self) -> str:
        """How often it reads changed files of its configuration and rules by itself; empty when it does not.

        The feature flag and the interval are those of ``cmd/prometheus/main.go`` since Prometheus 3.0; in
        3.14 ``--config.auto-reload`` replaces the feature flag.
        """
        flags = mapping(self.json("/api/v1/status/flags", "its flags"), "data")
        features = text(flags, "enable-feature").replace(" ", "").split(",")
        if text(flags, "config.auto-reload") != "true" and "auto-reload-config" not in features:
            return ""
        return self.shown(text(flags, "config.auto-reload-interval")) or "30s"

    def version(self) -> str:
        """Its version; empty when it hides it."""
        data = mapping(self.json("/api/v1/status/buildinfo", "its version"), "data")
        return self.shown(text(data, "version"))

    def reload(self) -> None:
        """Have the configuration and the rules read again; needs ``--web.enable-lifecycle`` there."""
        self.act("/-/reload", "to read its configuration again")

    def _result(self, path: str, fields: Mapping[str, str]) -> Result:
        # When dashgen does not wait any more, the server need not go on either.
        limit = f"{self.endpoint.limits.total:g}s"
        body = self._get_or_post(path, "the query", {**fields, "timeout": limit})
        data = mapping(body, "data")
        if not text(data, "resultType"):
            raise ServiceError(f"{self.name}'s answer has no result", hint="check its address")
        stats = mapping(data, "stats")
        cost = Cost(
            samples=whole(mapping(stats, "samples").get("totalQueryableSamples")),
            seconds=number(mapping(stats, "timings").get("evalTotalTime")),
        )
        return result_of(data, cost, tuple(self.shown(remark) for remark in remarks(body)))

    def _get_or_post(self, path: str, subject: str, fields: Fields) -> Any:
        """The answer to a GET, or to a POST where the fields are too long for an address."""
        size = sum(len(value) for value in fields.values() if isinstance(value, str))
        if size > _LONGEST_ADDRESS:
            return self.form(path, subject, fields)
        return self.json(path, subject, fields)

    def _target(self, item: Mapping[str, Any]) -> ScrapedTarget:
        labels = _labels(mapping(item, "labels"))
        return ScrapedTarget(
            job=self.shown(labels.get("job", "")),
            url=self.shown(text(item, "scrapeUrl")),
            health=text(item, "health"),
            error=self.shown(text(item, "lastError")),
            labels=labels,
        )

    def _rule(self, group: Mapping[str, Any], item: Mapping[str, Any]) -> Rule:
        # Times of one zone and form are in order as texts.
        since = sorted(text(alert, "activeAt") for alert in objects(item, "alerts"))
        return Rule(
            group=self.shown(text(group, "name")),
            name=self.shown(text(item, "name")),
            kind=text(item, "type"),
            health=text(item, "health"),
            error=self.shown(text(item, "lastError")),
            state=text(item, "state"),
            query=text(item, "query"),
            labels={name: self.shown(value) for name, value in _labels(mapping(item, "labels")).items()},
            annotations={
                name: self.shown(value) for name, value in _labels(mapping(item, "annotations")).items()
            },
            since=next((moment for moment in since if moment), ""),
            file=text(group, "file"),
        )


def _labels(item: Mapping[str, Any]) -> dict[str, str]:
    return {key: value for key, value in item.items() if isinstance(value, str)}
