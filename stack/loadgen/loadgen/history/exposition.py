"""Write a ledger as OpenMetrics text with timestamps."""

from typing import TextIO

from loadgen.history.ledger import Labels, Ledger, Series

_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def write_openmetrics(ledger: Ledger, more_labels: tuple[tuple[str, str], ...], out: TextIO) -> int:
    """Write all series that ever had a value but 0, one after the other; how many samples these are."""
    samples = 0
    for family in ledger.families():
        groups = _groups(_worth_writing(ledger, family))
        if groups:
            out.write(f"# TYPE {family[0].family} {family[0].kind}\n")
        for group in groups:
            samples += _write_group(ledger, group, more_labels, out)
    out.write("# EOF\n")
    return samples


def _groups(series: list[Series]) -> list[list[Series]]:
    """The series of one histogram together: the format wants all its samples of a moment before the next moment's."""
    grouped: dict[Labels, list[Series]] = {}
    for one in series:
        grouped.setdefault(_without_bound(one), []).append(one)
    return list(grouped.values())


def _worth_writing(ledger: Ledger, family: list[Series]) -> list[Series]:
    """Counters that never counted are left out; the bot exports them with 0 when it starts."""
    if family[0].kind == "gauge":
        return family
    # A histogram that counted keeps its empty buckets too: without them it is incomplete.
    alive = {_without_bound(series) for series in family if ledger.last(series) > 0}
    return [series for series in family if _without_bound(series) in alive]


def _without_bound(series: Series) -> Labels:
    return tuple(label for label in series.labels if label[0] != "le")


def _write_group(
    ledger: Ledger, group: list[Series], more_labels: tuple[tuple[str, str], ...], out: TextIO
) -> int:
    begins = [_begin(series, more_labels) for series in group]
    times, _ = ledger.column(group[0])
    columns = [ledger.column(series)[1] for series in group]
    for time, *values in zip(times, *columns, strict=True):
        end = f" {time}\n"
        out.writelines(f"{begin}{_number(value)}{end}" for begin, value in zip(begins, values, strict=True))
    return len(times) * len(group)


def _begin(series: Series, more_labels: tuple[tuple[str, str], ...]) -> str:
    labels = ",".join(
        f'{name}="{value.translate(_ESCAPES)}"' for name, value in (*more_labels, *series.labels)
    )
    return f"{series.name}{{{labels}}} " if labels else f"{series.name} "


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else f"{value:.6f}"
