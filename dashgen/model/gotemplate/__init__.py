"""Go templates: their grammar, their scopes, and what each server offers to them."""

from dashgen.model.gotemplate.dialects import (
    GRAFANA_RULE,
    LOKI_RULE,
    NOTIFICATION,
    PROMETHEUS_RULE,
    Dialect,
    check_template,
    unknown_name,
)
from dashgen.model.gotemplate.template_names import Fault, Name, Template
from dashgen.model.gotemplate.template_parser import parse_template

__all__ = [
    "GRAFANA_RULE",
    "LOKI_RULE",
    "NOTIFICATION",
    "PROMETHEUS_RULE",
    "Dialect",
    "Fault",
    "Name",
    "Template",
    "check_template",
    "parse_template",
    "unknown_name",
]
