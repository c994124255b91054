"""Traces: spans on a request's own time, sent in the background to whoever collects them."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagate import extract
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer

from bot.redact import redact
from bot.settings import Settings
from bot.timeline import Stopwatch

SERVICE = "dubai-estate-bot"
_QUEUED_SPANS = 2048
_SPANS_A_BATCH = 512
_BATCH_EVERY_MS = 2000


class Tracing:
    """Makes spans. Spans beyond what the queue holds are dropped; nothing waits for the receiver."""

    def __init__(self, settings: Settings, version: str, processor: SpanProcessor | None = None) -> None:
        resource = Resource.create({"service.name": SERVICE, "service.version": version})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._patience = settings.otlp_timeout + 1
        if processor is None and settings.otlp_endpoint:
            processor = _sender(settings.otlp_endpoint, settings.otlp_timeout)
        if processor is not None:
            self._provider.add_span_processor(processor)
        self._tracer: Tracer = self._provider.get_tracer("bot", version)

    @contextmanager
    def span(
        self,
        name: str,
        watch: Stopwatch,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Mapping[str, Any] | None = None,
        parent: Context | None = None,
    ) -> Iterator[Span]:
        """A span around a block; an exception marks it as failed and goes on."""
        span = self._tracer.start_span(
            name, context=parent, kind=kind, attributes=dict(attributes or {}), start_time=watch.now_ns()
        )
        with trace.use_span(span, end_on_exit=False, record_exception=False, set_status_on_exception=False):
            try:
                yield span
            except BaseException as error:
                span.set_attribute("error.type", getattr(error, "error_type", type(error).__name__))
                span.set_status(Status(StatusCode.ERROR, redact(str(error))))
                raise
            finally:
                span.end(end_time=watch.now_ns())

    def close(self) -> None:
        """Send what is left, but wait no longer than a request to the receiver may take."""
        thread = threading.Thread(target=self._provider.shutdown, daemon=True)
        thread.start()
        thread.join(self._patience)


def _sender(endpoint: str, timeout: float) -> SpanProcessor:
    exporter = OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces", timeout=timeout)
    return BatchSpanProcessor(
        exporter,
        max_queue_size=_QUEUED_SPANS,
        max_export_batch_size=_SPANS_A_BATCH,
        schedule_delay_millis=_BATCH_EVERY_MS,
    )


def caller_of(headers: Mapping[str, str]) -> Context:
    """The trace that a request belongs to, if it says so."""
    return extract(headers)


def trace_id(span: Span) -> str:
    """A span's trace, as 32 hexadecimal digits."""
    return trace.format_trace_id(span.get_span_context().trace_id)


def exemplar(span: Span) -> dict[str, str] | None:
    """What an exemplar says; nothing when the trace is not kept."""
    context = span.get_span_context()
    return {"trace_id": trace_id(span)} if context.is_valid and context.trace_flags.sampled else None
