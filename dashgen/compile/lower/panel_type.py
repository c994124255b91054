"""What all panel types share: how the keys of a spec and the derived values become a panel of grafanalib."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import ClassVar

from grafanalib import core

from dashgen.compile.lower import lower_fields
from dashgen.compile.lower.lower_dynamic import panel_dynamic
from dashgen.compile.lower.lower_links import LinkScope, data_link
from dashgen.compile.lower.lower_overrides import overrides
from dashgen.compile.lower.lower_targets import lower_query
from dashgen.compile.lower.objects import PanelObject
from dashgen.compile.lower.panel_keys import FieldKeys, custom_of
from dashgen.compile.lower.panel_problems import PanelProblem
from dashgen.core.json_values import Json
from dashgen.model.base import Spec
from dashgen.model.panel_spec import Panel
from dashgen.model.settled_dashboard import SettledPanel

NEUTRAL = "blue"
"""The colour of a figure that is neither good nor bad: green and red are for those with thresholds."""


class PanelType(Panel, kw_only=True):
    """A panel type: its own keys beside those of every panel, and what they are in a dashboard's JSON.

    A type overrides `panel_options`, and `custom` when the table of `field_keys` is not enough.

    Attributes:
        example: a whole panel of the type, for the reference.
        field_keys: the keys that stand for properties of single fields.
        field_keys_of: the class that has these keys, when it is another one, such as a column.
        color_scheme: how values are coloured by default.
        draws_figures: whether numbers, bars or cells get the colour of their threshold.
    """

    example: ClassVar[str] = ""
    field_keys: ClassVar[FieldKeys] = {}
    field_keys_of: ClassVar[type[Spec] | None] = None
    color_scheme: ClassVar[str] = "thresholds"
    draws_figures: ClassVar[bool] = False

    @classmethod
    @cache
    def synonyms(cls) -> Mapping[str, str]:
        """Grafana's names of its field options."""
        model = cls.field_keys_of or cls
        return {
            key.property: name
            for name, key in cls.field_keys.items()
            if key.property != name and name in model.__struct_fields__ and name in cls.__struct_fields__
        }

    def lower(self, settled: SettledPanel, scope: LinkScope) -> core.Panel:
        """The panel as a grafanalib object."""
        defaults = lower_fields.all_defaults(self, settled.unit, settled.links, scope)
        defaults["color"] = self.field_color()
        return PanelObject(
            panelType=self.type_id,
            options=self.panel_options(settled),
            custom=self.custom(settled),
            defaults=defaults,
            overrides=self.lower_overrides(scope),
            **self.common(settled, scope),
        )

    def panel_options(self, _settled: SettledPanel, /) -> Json:
        """The options of the panel as a whole, ``options`` in its JSON; some types have none."""
        return {}

    def problems(self) -> Iterator[PanelProblem]:
        """Yield what is wrong with its own keys, beyond their types."""
        yield from ()

    def common(self, settled: SettledPanel, scope: LinkScope) -> Json:
        """The arguments of grafanalib's `Panel`; only those that differ from its defaults."""
        grid = settled.grid
        arguments: Json = {
            "id": settled.id,
            "title": self.title,
            "gridPos": core.GridPos(grid.h, grid.w, grid.x, grid.y),
            "maxDataPoints": self.max_points,
        }
        if settled.description:
            arguments["description"] = settled.description
        if self.transparent:
            arguments["transparent"] = True
        if settled.panel_links:
            arguments["links"] = [data_link(link, scope) for link in settled.panel_links]
        if dynamic := panel_dynamic(settled):
            arguments["dynamic"] = dynamic
        if settled.repeat is not None:
            repeat = settled.repeat
            arguments["repeat"] = core.Repeat(repeat.direction[0], repeat.by, repeat.max_per_row)
        if self.takes_queries:
            arguments.update(self._query_arguments(settled))
        return arguments

    def _query_arguments(self, settled: SettledPanel) -> Json:
        arguments: Json = {"targets": [lower_query(query) for query in settled.queries]}
        if settled.datasource is not None:
            arguments["dataSource"] = {"type": settled.datasource.type, "uid": settled.datasource.uid}
        if self.interval:
            arguments["interval"] = self.interval
        if self.time_from:
            arguments["timeFrom"] = self.time_from
        if self.time_compare:
            arguments["timeCompare"] = self.time_compare
        if self.time_shift:
            arguments["timeShift"] = self.time_shift
        if self.hide_time:
            arguments["hideTimeOverride"] = True
        if self.transformations:
            arguments["transformations"] = [_transformation(item) for item in self.transformations]
        thresholds = settled.thresholds
        arguments["thresholds"] = lower_fields.thresholds(thresholds, self.neutral_color())
        if thresholds is not None and thresholds.percentage:
            arguments["thresholdType"] = "percentage"
        return arguments

    def neutral_color(self) -> str:
        """The colour of values without thresholds, where a colour says how good a value is."""
        return NEUTRAL if self.draws_figures else "green"

    def field_color(self) -> Json:
        """The colour of its values: the spec's, else that of its type."""
        return lower_fields.color(self.color or self.color_scheme)

    def lower_overrides(self, scope: LinkScope) -> list[Json]:
        """Its overrides; types with columns add theirs."""
        return overrides(self.overrides, self.field_keys, scope) if self.overrides else []

    def custom(self, _settled: SettledPanel, /) -> Json:
        """Its own field options, ``fieldConfig.defaults.custom`` in its JSON."""
        return custom_of(self, self.field_keys)


def _transformation(item: str | Json) -> Json:
    if isinstance(item, str):
        return {"id": item, "options": {}}
    if "id" in item:
        return {"options": {}, **item}
    name, options = next(iter(item.items()))
    return {"id": name, "options": options or {}}
