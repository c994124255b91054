"""The job itself: which models are due, their runs, and what is exported in between."""

import logging
import math
import time
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from insights.churn import predict_churn
from insights.database import DAY, BotData, DatabaseUnusableError, read_database
from insights.forecast import predict_daily
from insights.job_log import JobLog
from insights.job_settings import JobSettings
from insights.outcome import Figure, Model, NoPredictionError, Outcome, Reason
from insights.stored_results import StoredResult, read_results, write_results

_HOUR: Final = 3_600.0
_LONGEST_RUN: Final = _HOUR / 2


class _Start(NamedTuple):
    night: int
    today: int


class NightlyJob:
    """Runs each model at start and then once a night; a model that could not predict is tried again sooner.

    Args:
        settings: where the database and the state are, and when the night begins.
        log: where it writes what it did, and who is at risk.
        now: the clock, in seconds since 1970.
    """

    def __init__(self, settings: JobSettings, log: JobLog, now: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._log = log
        self._now = now
        self._results: dict[Model, StoredResult] = {}
        self._looked = time.monotonic()
        try:
            self._results = read_results(settings.state)
        except (OSError, ValueError) as error:
            log.write("state", f"the results of the last night cannot be used: {error}", logging.WARNING)

    def run_due(self) -> list[Model]:
        """Run what is due; gives the models that ran."""
        self._looked = time.monotonic()
        due = self._due()
        if not due:
            return []
        data = self._read(due)
        if data is not None:
            for model in due:
                self._run(model, data)
        try:
            write_results(self._settings.state, self._results)
        except OSError as error:
            # The results are exported all the same; only a restart would repeat the night.
            self._log.failure("state", error)
        return due

    def is_well(self) -> bool:
        """Whether the job looked for work in the last half hour; a run that takes longer hangs."""
        return time.monotonic() - self._looked < _LONGEST_RUN

    def figures(self) -> Iterable[Figure]:
        """What is exported at this moment."""
        for model in Model:
            result = self._results.get(model)
            reason = result.outcome.reason if result else Reason.STARTING
            for state in Reason:
                labels = {"model": str(model), "reason": str(state)}
                yield Figure("insights_state", labels, float(state is reason))
            if result:
                labels = {"model": str(model)}
                yield Figure("insights_last_run_duration_seconds", labels, result.seconds)
                if result.last_success is not None:
                    yield Figure("insights_last_success_timestamp_seconds", labels, result.last_success)
                yield from result.outcome.figures

    def _due(self) -> list[Model]:
        now, night = self._now(), self._start().night
        patience = self._settings.retry_minutes * 60
        return [
            model
            for model in Model
            if (result := self._results.get(model)) is None
            or result.night != night
            or (result.outcome.reason is not Reason.OK and not 0 <= now - result.finished < patience)
        ]

    def _start(self) -> _Start:
        now = self._now()
        return _Start(math.floor((now - self._settings.hour * _HOUR) / DAY), math.floor(now / DAY))

    def _read(self, due: list[Model]) -> BotData | None:
        try:
            return read_database(self._settings.database)
        except DatabaseUnusableError as error:
            for model in due:
                self._store(model, Outcome(Reason.NO_DATABASE, str(error)), 0.0)
            return None

    def _run(self, model: Model, data: BotData) -> None:
        began = time.perf_counter()
        today, seed = self._start().today, self._settings.seed
        try:
            if model is Model.CHURN:
                outcome = predict_churn(data, today, seed)
            else:
                outcome = predict_daily(data, model, today, seed)
        except NoPredictionError as error:
            outcome = Outcome(error.reason, error.detail)
        except Exception as error:  # noqa: BLE001  # one model's fault must not take the others' results away
            self._log.failure("failure", error, model=str(model))
            outcome = Outcome(Reason.FAILED, f"{type(error).__name__}: {error}")
        self._store(model, outcome, time.perf_counter() - began)

    def _store(self, model: Model, outcome: Outcome, seconds: float) -> None:
        """Export an outcome from now on, and log it with the users at risk."""
        before, finished = self._results.get(model), self._now()
        success = finished if outcome.reason is Reason.OK else before and before.last_success
        night = self._start().night
        self._results[model] = StoredResult(night, finished, seconds, success, outcome._replace(at_risk=()))
        level = logging.INFO if outcome.reason is Reason.OK else logging.WARNING
        self._log.write(
            "run",
            outcome.detail,
            level,
            model=str(model),
            reason=str(outcome.reason),
            duration=round(seconds, 3),
        )
        for user in outcome.at_risk:
            self._log.write(
                "churn_risk",
                f"{user.risk} risk to churn within 30 days",
                user_id=str(user.user_id),
                tier=user.tier,
                risk=user.risk,
                probability=user.probability,
            )
