"""Scalers with every value settled, and what they refer to."""

from collections.abc import Mapping, Sequence

import msgspec

from dashgen.model.data_source_spec import PlacedDataSource
from dashgen.model.document import SpecDocument
from dashgen.model.scaler_spec import Scaler, ScaleTarget
from dashgen.model.settled_alerts import AlertContext, SettledGroup


class ScalerContext(msgspec.Struct, frozen=True):
    """What scalers refer to.

    Attributes:
        alerts: the data sources, panels and metrics that alert rules may refer to as well.
        sources: the data sources of the specs by uid.
        recorded: the queries of recording rules by the name that they record.
        groups: the rule groups, whose alerts may look at the same load.
        namespace: the namespace of workloads without one; empty for none.
    """

    alerts: AlertContext
    sources: Mapping[str, PlacedDataSource] = {}
    recorded: Mapping[str, str] = {}
    groups: Sequence[SettledGroup] = ()
    namespace: str = ""


class SettledScaler(msgspec.Struct, frozen=True):
    """A scaler with what is derived.

    Attributes:
        document: the scaler and where it is written.
        load: the query of its load.
        series: a metric that the load reads, by which an adapter finds it.
        server: where KEDA asks; empty for a plain autoscaler.
        namespace: the namespace of the workload and of the scaler; empty for none.
    """

    document: SpecDocument[Scaler]
    load: str
    series: str
    server: str
    namespace: str

    @property
    def scaler(self) -> Scaler:
        """The scaler as it is written."""
        return self.document.model

    @property
    def workload(self) -> ScaleTarget:
        """The workload that is scaled."""
        return self.document.model.workload
