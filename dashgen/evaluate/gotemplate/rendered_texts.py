"""The labels and annotations of an alert, rendered.

Sources: ``Expand`` in pkg/services/ngalert/state/template/template.go of Grafana 12.4, and rules/alerting.go
of Prometheus 3.14.
"""

from collections.abc import Mapping

from msgspec import Struct

from dashgen.evaluate.gotemplate.go_values import GoValue, Missing, RefValue, TemplateRunError
from dashgen.evaluate.gotemplate.render_template import render_template
from dashgen.evaluate.samples import Labels, UnsupportedError
from dashgen.evaluate.server_patterns import ForeignPatternError
from dashgen.query.gotemplate import parse_template

_NOTHING = "no value"


class TemplateData(Struct, frozen=True):
    """What the texts of an alert show: its labels, the values of its refs, and `$value` in Grafana."""

    labels: Labels
    values: Mapping[str, RefValue]
    value: str = ""


class RenderedText(Struct, frozen=True):
    """A text, why it could not be rendered, and what the renderer lacks for it.

    A text that cannot be rendered is sent as it was written.
    """

    text: str
    fault: str = ""
    unsupported: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether everything in it had a value."""
        return not self.fault and not self.unsupported and f"[{_NOTHING}]" not in self.text


def rendered_texts(texts: Mapping[str, str], data: TemplateData) -> dict[str, RenderedText]:
    """The texts of an alert as Grafana sends them."""
    values: dict[str, GoValue] = dict(data.values)
    root: dict[str, GoValue] = {"Labels": dict(data.labels), "Values": values, "Value": data.value}
    variables = {f"${name.lower()}": value for name, value in root.items()}
    return {name: _rendered(text, root, variables, Missing(f"<{_NOTHING}>")) for name, text in texts.items()}


def rendered_rule_texts(texts: Mapping[str, str], labels: Labels, value: float) -> dict[str, RenderedText]:
    """The texts of an alert as Prometheus and Loki send them; a label that is not there is empty."""
    root: dict[str, GoValue] = {
        "Labels": dict(labels),
        "Value": value,
        "ExternalLabels": {},
        "ExternalURL": "",
    }
    names = {
        "$labels": "Labels",
        "$value": "Value",
        "$externalLabels": "ExternalLabels",
        "$externalURL": "ExternalURL",
    }
    variables = {variable: root[name] for variable, name in names.items()}
    return {name: _rendered(text, root, variables, "") for name, text in texts.items()}


def _rendered(
    text: str, data: Mapping[str, GoValue], variables: Mapping[str, GoValue], missing: GoValue
) -> RenderedText:
    if "{{" not in text:
        return RenderedText(text)
    fault = parse_template(text).fault
    if fault is not None:
        return RenderedText(text, fault.message)
    try:
        return RenderedText(
            render_template(text, data, variables, missing).replace(f"<{_NOTHING}>", f"[{_NOTHING}]")
        )
    except TemplateRunError as error:
        return RenderedText(text, str(error))
    except (UnsupportedError, ForeignPatternError) as error:
        return RenderedText(text, unsupported=str(error))
