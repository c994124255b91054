"""Alert rules with every value settled: what the pass makes, and what every output is made from."""

from collections.abc import Collection, Mapping

from msgspec import Struct, field

from dashgen.model.alert_rules import AlertRule, AlertRules, NoData, Output, PlacedRule, RecordingRule
from dashgen.model.condition import Condition
from dashgen.model.data_source_spec import DataSourceRef
from dashgen.model.document import SpecDocument
from dashgen.model.folder import FolderPlaces
from dashgen.model.series_contract import SeriesContract
from dashgen.model.target_spec import Query
from dashgen.query.required_versions import DEFAULT_TARGETS, TargetServers


class AlertContext(Struct, frozen=True):
    """What rules refer to, the series that the contract allows, and what their links start with.

    ``panel_ids`` are by the dashboard's uid and the panel's key, None where dashboards are not known;
    ``targets`` are the servers of queries.
    """

    datasources: Mapping[str, DataSourceRef]
    panel_ids: Mapping[str, Mapping[str, int]] | None = {}
    contact_points: Collection[str] = ()
    mute_timings: Collection[str] = ()
    folders: FolderPlaces = field(default_factory=FolderPlaces)
    grafana_url: str = ""
    docs_url: str = ""
    contract: SeriesContract | None = None
    targets: TargetServers = DEFAULT_TARGETS


class RuleQuery(Struct, frozen=True):
    """A query of a rule with its ref; an expression has no data source."""

    ref: str
    query: Query
    datasource: DataSourceRef | None


class SettledAlert(Struct, frozen=True):
    """An alert rule with what is derived.

    The condition looks at the query ``subject``; after `reduce` its one number has the ref ``value_ref``, and
    the condition itself is ``condition_ref``.
    """

    placed: PlacedRule
    rule: AlertRule
    uid: str
    condition: Condition
    queries: tuple[RuleQuery, ...]
    subject: str
    value_ref: str
    condition_ref: str
    labels: dict[str, str]
    annotations: dict[str, str]
    no_data: NoData
    contact_point: str | None
    panel_id: int | None
    outputs: frozenset[Output]

    @property
    def expression(self) -> str:
        """The text of the query that the condition looks at."""
        return next(q.query.query for q in self.queries if q.ref == self.subject).strip()


class SettledRecord(Struct, frozen=True):
    """A recording rule with what is derived."""

    placed: PlacedRule
    rule: RecordingRule
    uid: str
    datasource: DataSourceRef
    target: DataSourceRef | None
    labels: dict[str, str]
    outputs: frozenset[Output]


class SettledGroup(Struct, frozen=True):
    """A group with its rules; ``folder`` is a path of titles, empty when nothing of it goes to Grafana."""

    document: SpecDocument[AlertRules]
    name: str
    folder: str
    interval: str
    rules: tuple[SettledAlert | SettledRecord, ...]

    @property
    def alerts(self) -> tuple[SettledAlert, ...]:
        """The rules that fire."""
        return tuple(rule for rule in self.rules if isinstance(rule, SettledAlert))
