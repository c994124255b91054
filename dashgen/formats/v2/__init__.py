"""Dashboards of schema v2, read into the extended classic form and written from it.

The extended classic form is classic JSON at schemaVersion 42 in which ``dynamic`` holds what only schema v2
can hold: tabs, grids that arrange themselves, conditions, variables of sections. ``dynamic`` is no key of
Grafana. Leaving it out gives a fallback that every Grafana reads; `without_dynamic` does, and names what is
lost.

Facts: ``apps/dashboard/kinds/v2/dashboard_spec.cue`` at 0306f21b, ``apps/dashboard/pkg/migration/conversion``
(``v1_to_v2alpha1.go`` at 000803cd, ``v2alpha1_to_v1.go`` at 04e520d5, ``v2alpha1_to_v2beta1.go`` at 0ad2d6d1)
and ``public/app/features/dashboard-scene/serialization/transformSceneToSaveModelSchemaV2.ts`` at 007010e8 of
grafana/grafana.
"""

from dashgen.formats.v2.auto_grid import auto_grid_places
from dashgen.formats.v2.classic_fallback import without_dynamic
from dashgen.formats.v2.v2_dashboard import ClassicDashboard, extended_dashboard, is_v2
from dashgen.formats.v2.v2_layout import DashboardNote
from dashgen.formats.v2.v2_spec import v2_envelope, v2_spec

__all__ = [
    "ClassicDashboard",
    "DashboardNote",
    "auto_grid_places",
    "extended_dashboard",
    "is_v2",
    "v2_envelope",
    "v2_spec",
    "without_dynamic",
]
