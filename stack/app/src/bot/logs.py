"""Log lines: one JSON object a line, with the fields of the contract and no others, and without secrets."""

import json
import logging
import logging.handlers
import queue
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypedDict, Unpack

from bot.redact import redact
from bot.settings import Settings

LOGGER = "bot"
_QUEUE_LINES = 10_000
_QUIET_SECONDS = 300.0
_MOST_KINDS = 1000
_LONGEST_TEXT = 2_000
_LONGEST_STACK = 8_000


class Fields(TypedDict, total=False):
    """What a line can say besides time, level, event and message."""

    user_id: str
    tier: str
    query: str
    query_type: str
    command: str
    tool: str
    model: str
    status: str
    error_type: str
    cost: float
    tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    first_token: float
    stop_reason: str
    retries: int
    duration: float
    segment: str
    query_id: str
    rating: str
    experiment: str
    variant: str
    trace_id: str
    stack: str


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        fields: dict[str, Any] = getattr(record, "fields", {})
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
            "level": _level(record.levelno),
            "event": getattr(record, "event", "exception" if record.exc_info else "library"),
            "message": record.getMessage(),
            **fields,
        }
        if record.exc_info and "stack" not in line:
            line["stack"] = stack_of(record.exc_info[1])
        return json.dumps({name: _clean(name, value) for name, value in line.items()}, ensure_ascii=False)


def _level(number: int) -> str:
    if number >= logging.ERROR:
        return "error"
    return {logging.WARNING: "warning", logging.INFO: "info"}.get(number, "debug")


def _clean(name: str, value: Any) -> Any:
    if not isinstance(value, str) or name in {"time", "trace_id", "query_id"}:
        return value
    longest = _LONGEST_STACK if name == "stack" else _LONGEST_TEXT
    # Redacted first: cutting could leave half a key that is no longer recognised.
    text = redact(value)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def stack_of(error: BaseException | None) -> str:
    """The stack trace of an exception."""
    return "".join(traceback.format_exception(error)) if error else ""


class OncePerWhile(logging.Filter):
    """Lets each kind of line of a library through once in five minutes: a receiver that is down must not fill the log."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is the bot's own, or has not been seen for a while."""
        if record.name == LOGGER:
            return True
        key, now = (record.name, str(record.msg)), self._now()
        if now - self._said.get(key, -_QUIET_SECONDS) < _QUIET_SECONDS:
            return False
        if len(self._said) >= _MOST_KINDS:
            self._said.clear()
        self._said[key] = now
        return True


class DroppingQueueHandler(logging.handlers.QueueHandler):
    """Hands records to another thread. A full disk or a blocked pipe costs lines, never a request."""

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """The record as it is: the formatter runs in the other thread."""
        return record

    def enqueue(self, record: logging.LogRecord) -> None:
        """Queue the record, or drop it."""
        try:
            self.queue.put_nowait(record)
        except queue.Full:
            return


class EventLog:
    """Where the bot says what happened. `open` before, `close` after."""

    def __init__(self, settings: Settings, stream: Any = None) -> None:
        handlers: list[logging.Handler] = [logging.StreamHandler(stream or sys.stdout)]
        if settings.log_file is not None:
            settings.log_file.parent.mkdir(parents=True, exist_ok=True)
            handlers.append(
                logging.handlers.RotatingFileHandler(
                    settings.log_file,
                    maxBytes=settings.log_file_bytes,
                    backupCount=settings.log_file_keep,
                    encoding="utf-8",
                )
            )
        for handler in handlers:
            handler.setFormatter(JsonLines())
        self._handlers = handlers
        lines: queue.Queue[Any] = queue.Queue(_QUEUE_LINES)
        self._entrance = DroppingQueueHandler(lines)
        self._entrance.addFilter(OncePerWhile())
        self._listener = logging.handlers.QueueListener(lines, *handlers)
        self._logger = logging.getLogger(LOGGER)

    def open(self) -> None:
        """Start writing, and take the lines of libraries too (warnings and worse)."""
        root = logging.getLogger()
        root.handlers[:] = [self._entrance]
        root.setLevel(logging.WARNING)
        self._logger.setLevel(logging.INFO)
        self._listener.start()

    def close(self) -> None:
        """Write what is queued, and stop."""
        logging.getLogger().removeHandler(self._entrance)
        self._listener.stop()
        for handler in self._handlers:
            handler.close()

    def write(self, event: str, message: str, level: int = logging.INFO, **fields: Unpack[Fields]) -> None:
        """One line."""
        self._logger.log(level, "%s", message, extra={"event": event, "fields": fields})
