"""Log lines: one JSON object a line, to stdout and to a file that the collector reads."""

import json
import logging
import logging.handlers
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TextIO

_FILE_BYTES: Final = 5_000_000
_FILES_KEPT: Final = 2
_LEVELS: Final = {logging.ERROR: "error", logging.WARNING: "warning", logging.INFO: "info"}


class JsonLine(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; a record of a library has the event `library`."""
        moment = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": _LEVELS.get(record.levelno, "error" if record.levelno > logging.ERROR else "debug"),
            "event": getattr(record, "event", "library"),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["stack"] = "".join(traceback.format_exception(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False)


class JobLog:
    """The log of the job; `close` when done."""

    def __init__(self, file: Path | None = None, stream: TextIO | None = None) -> None:
        self._handlers: list[logging.Handler] = [logging.StreamHandler(stream or sys.stdout)]
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._handlers.append(
                logging.handlers.RotatingFileHandler(
                    file, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8"
                )
            )
        self._logger = logging.getLogger("insights")
        self._logger.handlers.clear()
        for handler in self._handlers:
            handler.setFormatter(JsonLine())
            self._logger.addHandler(handler)
        self._logger.setLevel(logging.INFO)
        self._logger.propagate = False

    def write(self, event: str, message: str, level: int = logging.INFO, **fields: object) -> None:
        """One line."""
        self._logger.log(level, "%s", message, extra={"event": event, "fields": fields})

    def failure(self, event: str, error: Exception, **fields: object) -> None:
        """One line about something unexpected, with its stack."""
        extra = {"event": event, "fields": fields}
        self._logger.error("%s", f"{type(error).__name__}: {error}", exc_info=error, extra=extra)

    def close(self) -> None:
        """Let go of the files."""
        for handler in self._handlers:
            self._logger.removeHandler(handler)
            handler.close()
