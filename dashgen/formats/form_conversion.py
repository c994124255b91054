"""The two forms of dashboards for the client of a Grafana, which knows neither."""

from collections.abc import Mapping
from typing import Any, Final

from dashgen.core.json_values import Json


class ExtendedForms:
    """Schema v2 as the extended classic form, and back (`dashgen.formats.v2`)."""

    def content(self, spec: Json, uid: str) -> Json:
        """A ``spec`` at ``v2``, ``v2beta1`` or ``v2alpha1`` as extended classic JSON."""
        from dashgen.formats.v2 import extended_dashboard  # most Grafanas store nothing in it

        return extended_dashboard(spec, uid).dashboard

    def spec(self, content: Mapping[str, Any]) -> Json:
        """Extended classic JSON as a ``spec`` at ``v2``."""
        from dashgen.formats.v2 import v2_spec  # as above

        return v2_spec(dict(content))


DASHBOARD_FORMS: Final = ExtendedForms()
