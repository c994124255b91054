"""Queries for a variable's values, in the form of each data source's editor."""

import re
from typing import Any

from dashgen.core.json_values import Json
from dashgen.core.lazy_pattern import lazy_pattern

PROMETHEUS = {"label_names": 0, "label_values": 1, "metrics": 2, "query_result": 3}
CLASSIC = 5
_CALL = lazy_pattern(r"\s*(\w+)\s*\((.*)\)\s*", re.DOTALL)


def variable_query(text: str, source: str) -> Any:
    """The query of a variable: an object for Prometheus, Loki and Tempo, text for the others."""
    call = _CALL.fullmatch(text)
    name, arguments = (call[1], call[2].strip()) if call else ("", "")
    if source == "prometheus":
        kind = PROMETHEUS.get(name, CLASSIC)
        return {"qryType": kind, "query": text, "refId": "PrometheusVariableQueryEditor-VariableQuery"}
    if source == "loki":
        return _loki(arguments)
    if source == "tempo":
        kind = 1 if arguments else 0
        return {
            "type": kind,
            "label": arguments,
            "refId": "TempoDatasourceVariableQueryEditor-VariableQuery",
        }
    return text


def _loki(arguments: str) -> Json:
    stream, comma, label = arguments.rpartition(",")
    if not comma:
        stream, label = "", arguments
    return {
        "type": 1 if label else 0,
        "label": label.strip(),
        "stream": stream.strip(),
        "refId": "LokiVariableQueryEditor-VariableQuery",
    }
