"""Write a ledger as OpenMetrics text with timestamps."""

from typing import TextIO

from loadgen.history.ledger import Labels, Ledger, Series

_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def write_openmetrics(ledger: Ledger, more_labels: tuple[tuple[str, str], ...], out: TextIO) -> int:
    """Write all series that ever had a value but 0, one after the other; how many samples these are."""
    samples = 0
    for family in ledger.families():
        series = _worth_writing(ledger, family)
        if series:
            out.write(f"# TYPE {series[0].family} {series[0].kind}\n")
        for one in series:
            samples += _write_series(ledger, one, more_labels, out)
    out.write("# EOF\n")
    return samples


def _worth_writing(ledger: Ledger, family: list[Series]) -> list[Series]:
    """Counters that never counted are left out; the bot exports them with 0 when it starts."""
    if family[0].kind == "gauge":
        return family
    # A histogram that counted keeps its empty buckets too: without them it is incomplete.
    alive = {_without_bound(series) for series in family if ledger.last(series) > 0}
    return [series for series in family if _without_bound(series) in alive]


def _without_bound(series: Series) -> Labels:
    return tuple(label for label in series.labels if label[0] != "le")


def _write_series(
    ledger: Ledger, series: Series, more_labels: tuple[tuple[str, str], ...], out: TextIO
) -> int:
    times, values = ledger.column(series)
    labels = ",".join(
        f'{name}="{value.translate(_ESCAPES)}"' for name, value in (*more_labels, *series.labels)
    )
    begin = f"{series.name}{{{labels}}} " if labels else f"{series.name} "
    out.writelines(f"{begin}{_number(value)} {time}\n" for time, value in zip(times, values, strict=True))
    return len(times)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else f"{value:.6f}"
