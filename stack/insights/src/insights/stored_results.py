"""The results of the last night in a file, so that a restart neither loses nor repeats them."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from insights.outcome import Figure, Model, Outcome, Reason

_VERSION: Final = 1


class StoredResult(NamedTuple):
    """What one model came to, and when.

    Attributes:
        night: the night to which the run belongs, in days since 1970.
        finished: when it ended, in seconds since 1970.
        seconds: how long it took.
        last_success: when the model last made a prediction; None when it never did.
        outcome: figures, or the reason why there are none; without the users at risk, who are in the log only.
    """

    night: int
    finished: float
    seconds: float
    last_success: float | None
    outcome: Outcome


def write_results(path: Path, results: Mapping[Model, StoredResult]) -> None:
    """Write results in one step: a reader sees the old ones or the new ones.

    Raises:
        OSError: they cannot be written.
    """
    models = {
        model: {
            "night": stored.night,
            "finished": stored.finished,
            "seconds": stored.seconds,
            "last_success": stored.last_success,
            "reason": stored.outcome.reason,
            "detail": stored.outcome.detail,
            "figures": [
                [figure.name, dict(figure.labels), figure.value] for figure in stored.outcome.figures
            ],
        }
        for model, stored in results.items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.part")
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump({"version": _VERSION, "models": models}, file)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def read_results(path: Path) -> dict[Model, StoredResult]:
    """The results of a file; none when there is no file.

    Raises:
        ValueError: the file is not one of this job, or of another version.
        OSError: it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    try:
        content = json.loads(text)
        if content["version"] != _VERSION:
            raise ValueError(f"{path} has version {content['version']}")
        return {Model(name): _result(stored) for name, stored in content["models"].items()}
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is not a file of this job: {error!r}") from None


def _result(stored: Mapping[str, Any]) -> StoredResult:
    figures = tuple(
        Figure(str(name), dict(labels), float(value)) for name, labels, value in stored["figures"]
    )
    last = stored["last_success"]
    return StoredResult(
        int(stored["night"]),
        float(stored["finished"]),
        float(stored["seconds"]),
        None if last is None else float(last),
        Outcome(Reason(stored["reason"]), str(stored["detail"]), figures),
    )
