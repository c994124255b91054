"""Values of labels that nobody lists: those that are usual for a label, and texts that a pattern matches."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.evaluate.server_patterns import ForeignPatternError, server_pattern

_USUAL: Final[dict[str, tuple[str, ...]]] = {
    "instance": ("10.0.0.11:9100", "10.0.0.12:9100", "10.0.0.13:9100"),
    "node": ("node-1", "node-2", "node-3"),
    "host": ("host-1", "host-2", "host-3"),
    "job": ("app",),
    "cluster": ("prod",),
    "env": ("prod", "staging"),
    "environment": ("prod", "staging"),
    "region": ("eu-west-1", "us-east-1"),
    "namespace": ("shop", "monitoring", "kube-system"),
    "pod": ("web-7d9f8c6b5-x2kqp", "worker-5b8c9d7f4-l9z7m", "db-0"),
    "container": ("web", "worker", "db"),
    "deployment": ("web", "worker"),
    "service": ("web", "worker", "search"),
    "app": ("web", "worker"),
    "workload": ("web", "worker"),
    "workload_type": ("deployment", "statefulset"),
    "device": ("sda", "nvme0n1", "eth0"),
    "interface": ("eth0", "eth1"),
    "mountpoint": ("/", "/data"),
    "fstype": ("ext4",),
    "cpu": ("0", "1", "2", "3"),
    "mode": ("idle", "user", "system", "iowait"),
    "code": ("200", "404", "500"),
    "status": ("200", "404", "500"),
    "status_code": ("200", "404", "500"),
    "response_code": ("200", "404", "500"),
    "method": ("GET", "POST"),
    "verb": ("GET", "LIST", "POST"),
    "handler": ("/", "/api/items", "/login"),
    "path": ("/", "/api/items", "/login"),
    "route": ("/", "/api/items", "/login"),
    "uri": ("/", "/api/items", "/login"),
    "phase": ("Running", "Pending"),
    "level": ("info", "warn", "error"),
    "severity": ("info", "warning", "error"),
    "version": ("1.4.2",),
    "quantile": ("0.5", "0.9", "0.99"),
    "client": ("gateway", "web"),
    "server": ("web", "search"),
    "resource": ("cpu", "memory"),
    "unit": ("core", "byte"),
    "area": ("heap", "nonheap"),
    "database": ("shop", "users"),
    "datname": ("shop", "users"),
    "topic": ("orders", "payments"),
    "queue": ("orders", "mails"),
}  # fmt: skip
_LIKE: Final = (
    ("status", "status_code"), ("instance", "instance"), ("namespace", "namespace"), ("node", "node"),
    ("host", "host"), ("pod", "pod"), ("service", "service"), ("job", "job"), ("cluster", "cluster"),
    ("device", "device"), ("interface", "interface"),
)  # fmt: skip
_SPECIAL: Final = lazy_pattern(r"[\\^$.|?*+()\[\]{}]")
_GROUP: Final = lazy_pattern(r"\((?:\?:|\?P?<\w+>)?([^()|]*)(?:\|[^()]*)?\)")
_CLASSES: Final = (
    (lazy_pattern(r"\[\^[^\]]*\]"), "x"),
    (lazy_pattern(r"\[\\?(.)[^\]]*\]"), r"\1"),
    (lazy_pattern(r"\\d"), "1"),
)
_REPEATED: Final = lazy_pattern(r"(\w)\{(\d{1,3})(?:,\d*)?\}")
_MOST_REPEATED: Final = 32
_PARTS: Final = (
    (lazy_pattern(r"\\[wS]"), "x"),
    (lazy_pattern(r"(?<!\\)\.(?=[*+{])"), "x"),
    (lazy_pattern(r"(?<!\\)\."), "0"),
    (lazy_pattern(r"(?:[+*?]|\{[^}]*\})\??"), ""),
    (lazy_pattern(r"[\^$]"), ""),
    (lazy_pattern(r"\\(.)"), r"\1"),
)
_DEPTH: Final = 8


def usual_values(label: str) -> tuple[str, ...]:
    """Some values of a label."""
    usual_texts = _USUAL.get(label.lower())
    if usual_texts is None:
        usual_texts = next((_USUAL[usual] for part, usual in _LIKE if part in label.lower()), None)
    name = label.replace("_", "-").lower()
    return usual_texts or (f"{name}-1", f"{name}-2", f"{name}-3")


def matching_values(pattern: str, candidates: Sequence[str]) -> list[str]:
    """Values that a regular expression of a matcher matches: alternatives, candidates, or one made for it."""
    texts = alternatives(pattern)
    if texts:
        return texts
    fitting = [one for one in [*candidates, *_all_usual()] if _matches(pattern, one)][:4]
    if fitting:
        return fitting
    example = example_text(pattern)
    return [example] if _matches(pattern, example) else []


def alternatives(pattern: str) -> list[str]:
    """The texts of a pattern that is nothing but alternatives of them; none for others."""
    plain = pattern.removeprefix("^").removesuffix("$")
    if plain.startswith("(") and plain.endswith(")") and plain.count("(") == 1:
        plain = plain[1:-1].removeprefix("?:")
    parts = [part.replace("\\\\", "\\") for part in plain.split("|")]
    unescaped = [_unescaped(part) for part in parts]
    return [part for part in unescaped if part] if all(part is not None for part in unescaped) else []


def _unescaped(part: str) -> str | None:
    plain = part.replace("\\.", "\0").replace("\\-", "-").replace("\\/", "/")
    return None if _SPECIAL.search(plain) else plain.replace("\0", ".")


@lru_cache(maxsize=1)
def _all_usual() -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for values in _USUAL.values() for value in values))


def _matches(pattern: str, value: str) -> bool:
    try:
        return server_pattern(pattern).fullmatch(value) is not None
    except ForeignPatternError:
        return False


def is_excluded(value: str, matchers: Iterable[tuple[str, str]]) -> bool:
    """Whether negative matchers, each an operator and a value, exclude a value."""
    return any(
        value == other if sign == "!=" else _matches(other, value)
        for sign, other in matchers
        if sign in {"!=", "!~"}
    )


def example_text(pattern: str) -> str:
    """A text that a simple regular expression most likely matches."""
    text = pattern
    for _ in range(_DEPTH):
        shorter = _GROUP.sub(r"\1", text)
        if shorter == text:
            break
        text = shorter
    text = text.split("|")[0]
    for kind, replacement in _CLASSES:
        text = kind.sub(replacement, text)
    text = _REPEATED.sub(lambda match: match[1] * min(int(match[2]), _MOST_REPEATED), text)
    for part, replacement in _PARTS:
        text = part.sub(replacement, text)
    return text
