"""Grafana's mute timings in words."""

from dashgen.formats.json_values import Json, items, mapping, mappings, text
from dashgen.formats.upgrade.notes import Notes

_KEYS = {"weekdays": "weekdays", "days_of_month": "days", "months": "months", "years": "years"}


def timing_words(timing: Json, notes: Notes) -> Json:
    """One mute timing in words, empty when it is none."""
    intervals = mappings(timing.get("time_intervals")) or mappings(mapping(timing).get("intervals"))
    found = [words for interval in intervals if (words := _interval(interval))]
    if not found:
        notes.drop(f"the mute timing `{text(timing.get('name'))}`, which names no time")
        return {}
    words = dict(found[0])
    locations = list(dict.fromkeys(text(interval.get("location")) for interval in intervals))
    if locations[0] not in {"", "UTC"}:
        words["location"] = locations[0]
    if len(locations) > 1:
        notes.drop(f"the time zones of the mute timing `{text(timing.get('name'))}` but the first")
    return {**words, "intervals": found[1:]} if len(found) > 1 else words


def _interval(interval: Json) -> Json:
    found: Json = {}
    for theirs, ours in _KEYS.items():
        parts = [_range(str(part)) for part in items(interval.get(theirs))]
        if parts:
            found[ours] = parts[0] if len(parts) == 1 else parts
    times = [
        f"{text(part.get('start_time'))}-{text(part.get('end_time'))}"
        for part in mappings(interval.get("times"))
    ]
    if times:
        found["times"] = times[0] if len(times) == 1 else times
    return found


def _range(part: str) -> str:
    first, colon, last = part.strip().partition(":")
    return f"{first.strip()}..{last.strip()}" if colon else first
