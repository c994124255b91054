"""Go templates: their grammar, their scopes, and what each server offers to them."""

from dashgen.query.gotemplate.dialects import (
    ALERTMANAGER_NOTIFICATION,
    GRAFANA_RULE,
    LOKI_LINE,
    LOKI_RULE,
    NOTIFICATION,
    PROMETHEUS_RULE,
    Dialect,
    check_template,
    template_faults,
    unknown_name,
)
from dashgen.query.gotemplate.template_names import Name, ParsedTemplate, TemplateFault
from dashgen.query.gotemplate.template_parser import parse_template

__all__ = [
    "ALERTMANAGER_NOTIFICATION",
    "GRAFANA_RULE",
    "LOKI_LINE",
    "LOKI_RULE",
    "NOTIFICATION",
    "PROMETHEUS_RULE",
    "Dialect",
    "Name",
    "ParsedTemplate",
    "TemplateFault",
    "check_template",
    "parse_template",
    "template_faults",
    "unknown_name",
]
