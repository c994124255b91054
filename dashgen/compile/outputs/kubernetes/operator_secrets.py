"""References to the environment as references to keys of a Secret, which is how the operator gets secrets."""

from typing import Any, Final

from dashgen.core.diagnostics import Diagnostic, Location
from dashgen.core.json_values import Json
from dashgen.model.environment_references import counts, is_reference, references
from dashgen.source.provenance import SpecPart
from dashgen.source.source import Path

_UNNAMED: Final = "name the Secret in dashgen.yaml: `kubernetes: {operator: {secret: grafana-credentials}}`"
_FILE: Final = "write `$NAME`, the name of a key of the Secret"


class OperatorSecrets:
    """Turns the references of provisioning files into ``valuesFrom``.

    Args:
        secret: the name of the Secret whose keys are called as the variables; None when there is none.

    Attributes:
        diagnostics: the references that the operator cannot follow.
    """

    def __init__(self, secret: str | None) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._secret = secret

    def whole_values(self, settings: Json, part: SpecPart | None) -> tuple[Json, list[Json]]:
        """Settings without those that come from the Secret as a whole, and where these come from."""
        values: list[Json] = []
        filled = self._walk(settings, (), part, values, inside=False)
        return filled, values

    def inside_texts(self, data: Json, part: SpecPart | None) -> tuple[Json, list[Json]]:
        """Data with ``${KEY}`` in its texts, and where the values of these keys come from."""
        values: list[Json] = []
        return self._walk(data, (), part, values, inside=True), values

    def plain(self, value: object, part: SpecPart | None) -> Any:
        """A value that can have no reference: of doubled dollar signs one is left."""
        if isinstance(value, str):
            if any(counts(match) for match in references(value)):
                message = f"`{value}` refers to the environment, and names are no secrets"
                self._report(message, "write the name itself", part)
            return value.replace("$$", "$")
        if isinstance(value, dict):
            return {key: self.plain(item, part) for key, item in value.items()}
        return [self.plain(item, part) for item in value] if isinstance(value, list) else value

    def _walk(
        self, value: Any, path: Path, part: SpecPart | None, values: list[Json], *, inside: bool
    ) -> Any:
        if isinstance(value, dict):
            walked = {
                key: self._walk(item, (*path, key), part, values, inside=inside)
                for key, item in value.items()
            }
            return {key: item for key, item in walked.items() if item is not _FROM_SECRET}
        if isinstance(value, list):
            return [self._walk(item, (*path, i), part, values, inside=inside) for i, item in enumerate(value)]
        return self._text(value, path, part, values, inside=inside) if isinstance(value, str) else value

    def _text(self, text: str, path: Path, part: SpecPart | None, values: list[Json], *, inside: bool) -> Any:
        names = [match["bare"] or match["braced"] for match in references(text) if counts(match)]
        if not names:
            return text.replace("$$", "$")
        problem = self._problem(text, path, names, inside=inside)
        if problem is not None:
            self._report(*problem, part)
            return text
        target = ".".join(map(str, path))
        for name in dict.fromkeys(names):
            key = {"name": self._secret, "key": name}
            values.append({"targetPath": target, "valueFrom": {"secretKeyRef": key}})
        return _with_braces(text) if inside else _FROM_SECRET

    def _problem(
        self, text: str, path: Path, names: list[str | None], *, inside: bool
    ) -> tuple[str, str] | None:
        where = ".".join(map(str, path))
        if None in names:
            return f"the Grafana operator cannot read the file that `{where}` comes from", _FILE
        if any(isinstance(step, int) for step in path):
            return (
                f"the Grafana operator fills in no item of a list, and `{where}` is one",
                "write the value itself",
            )
        if not inside and not is_reference(text):
            message = f"the Grafana operator fills in whole settings, and `{where}` has more than a reference"
            return message, "let one variable hold all of it"
        if self._secret is None:
            return f"`{where}` refers to the environment, which the Grafana operator has not", _UNNAMED
        return None

    def _report(self, message: str, hint: str, part: SpecPart | None) -> None:
        location = part.location() if part is not None else Location("dashgen.yaml")
        # That there is no Secret at all is one mistake, wherever it is needed.
        if hint == _UNNAMED and any(one.hint == _UNNAMED for one in self.diagnostics):
            return
        self.diagnostics.append(Diagnostic("kubernetes/secret", message, location, hint))


class _FromSecret:
    """Stands for a setting that the operator fills in."""


_FROM_SECRET: Final = _FromSecret()


def _with_braces(text: str) -> str:
    parts, end = [], 0
    for match in references(text):
        if counts(match):
            # Pairs of dollar signs before the reference are text.
            pairs = "$" * (len(match["dollars"]) // 2)
            parts += [
                text[end : match.start()].replace("$$", "$"),
                pairs,
                f"${{{match['bare'] or match['braced']}}}",
            ]
            end = match.end()
    return "".join([*parts, text[end:].replace("$$", "$")])
