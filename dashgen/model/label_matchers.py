"""Label matchers of policies: in short form in a spec, as triples in Grafana, and whether one holds."""

from typing import NamedTuple

from dashgen.model.notification_spec import Matches
from dashgen.query.re2_patterns import matches_whole


class LabelMatcher(NamedTuple):
    """A condition on one label; regular expressions match the whole value."""

    label: str
    operator: str
    value: str

    def __str__(self) -> str:
        """The matcher as Alertmanager writes it."""
        escaped = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.label}{self.operator}"{escaped}"'

    def holds(self, value: str) -> bool | None:
        """Whether it holds for a value; None when its regular expression cannot be evaluated.

        A label that an alert does not have is empty (`Matchers.Matches` of Alertmanager's pkg/labels).
        """
        if self.operator in ("=", "!="):
            return (value == self.value) is (self.operator == "=")
        matches = matches_whole(self.value, value)
        return None if matches is None else matches is (self.operator == "=~")

    @property
    def holds_always(self) -> bool:
        """Whether it surely holds for any value."""
        return self.operator == "=~" and self.value == ".*"


def matchers(match: Matches) -> list[LabelMatcher]:
    """Matchers in short form as Alertmanager's triples of label, operator and value."""
    return [LabelMatcher(label, *_matcher(value)) for label, value in match.items()]


def _matcher(value: str | list[str]) -> tuple[str, str]:
    if isinstance(value, list):
        return "=~", "|".join(_escaped(item) for item in value)
    # Longer prefixes first: `!~` and `!=` begin with `!`.
    for prefix, operator in (("!~", "!~"), ("=~", "=~"), ("!=", "!="), ("!", "!="), ("~", "=~"), ("=", "=")):
        if value.startswith(prefix):
            return operator, value[len(prefix) :]
    return "=", value


def _escaped(text: str) -> str:
    return "".join("\\" + c if c in r"\.+*?()|[]{}^$" else c for c in text)
