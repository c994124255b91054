"""Which attributes of OpenTelemetry belong to resources, and which to spans.

Source: https://opentelemetry.io/docs/specs/semconv/ (1.41), registry of attributes.
"""

from typing import Final

OF_RESOURCES: Final = (
    "service.", "deployment.", "k8s.", "host.", "container.", "cloud.", "telemetry.", "os.", "process.",
    "faas.name",
)  # fmt: skip
"""The beginnings of attributes that describe who sends spans."""
OF_SPANS: Final = (
    "http.", "url.", "db.", "rpc.", "messaging.", "net.", "server.", "client.", "network.", "exception.",
    "error.", "gen_ai.", "enduser.", "user.", "session.", "code.", "graphql.",
)  # fmt: skip
"""The beginnings of attributes that describe what a span did."""
