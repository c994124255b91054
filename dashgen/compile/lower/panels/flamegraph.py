"""Flame graph: where time or memory goes."""

from typing import ClassVar

from dashgen.compile.lower.panel_type import PanelType


class FlameGraph(PanelType, kw_only=True):
    """Where time or memory goes, from a profile."""

    type_id: ClassVar[str] = "flamegraph"
    example: ClassVar[str] = """
    title: Where CPU time goes
    type: flamegraph
    datasource: pyroscope
    queries:
      - raw: {profileTypeId: "process_cpu:cpu:nanoseconds:cpu:nanoseconds", labelSelector: '{service_name="checkout"}'}
    """
