"""The metric contract against an exposition, both ways."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from dashgen.core.diagnostics import Diagnostic, Location, Severity, arrange, nearest
from dashgen.core.sentence_parts import first_names
from dashgen.doctor.contract.observed_metrics import Observed, observe, own_families
from dashgen.model.document import SpecDocument
from dashgen.model.genai_conventions import convention_metrics, conventions_of
from dashgen.model.known_series import PassedOver
from dashgen.model.metrics_spec import Bound, LabelValues, Metric, Metrics, series_names
from dashgen.servers.telemetry import Exposition, Family
from dashgen.source.source import Path

_MOST_SHOWN: Final = 5
_MOST_UNDECLARED: Final = 50
_BASE_UNITS: Final[Mapping[str, frozenset[str]]] = {
    "seconds": frozenset({"s"}),
    "bytes": frozenset({"bytes", "decbytes"}),
    "ratio": frozenset({"percentunit"}),
    "celsius": frozenset({"celsius"}),
    "meters": frozenset({"lengthm"}),
    "volts": frozenset({"volt"}),
    "amperes": frozenset({"amp"}),
    "joules": frozenset({"joule"}),
    "grams": frozenset({"massg"}),
    "usd": frozenset({"currencyUSD"}),
    "eur": frozenset({"currencyEUR"}),
}


def compare(
    documents: Sequence[SpecDocument[Metrics]],
    exposition: Exposition,
    source: str,
    ignore: Sequence[str] = (),
) -> list[Diagnostic]:
    """Every difference, at the line of the contract.

    Differences are errors. What a single exposition cannot prove wrong, such as a value that it does not have
    yet, is an info.

    Args:
        documents: the contract, in one or several specs.
        exposition: what the application exposes.
        source: where that comes from, for messages about it.
        ignore: patterns of metrics to pass over, beside those that the contract names.
    """
    families = own_families(exposition)
    differences = [_malformed(source, problem.line, problem.message) for problem in exposition.problems]
    all_declared = [
        _DeclaredMetric(document, name, metric)
        for document in documents
        for name, metric in document.model.metrics.items()
    ]
    declared_names = {name for metric in all_declared for name in metric.names}
    ignored = PassedOver([*ignore, *(pattern for document in documents for pattern in document.model.ignore)])
    undeclared = [
        family for name, family in families.items() if name not in declared_names and name not in ignored
    ]
    undeclared = [*_without_convention(documents, undeclared, differences)]
    for metric in all_declared:
        differences += metric.differences(families, {family.name for family in undeclared})
    missing = {name for document in documents for name in document.model.metrics} - families.keys()
    # A stranger has no line of its own in the contract.
    location = documents[0].resolved.origin(("metrics",)).location(key=True) if documents else None
    differences += [_undeclared(family, missing, location) for family in undeclared[:_MOST_UNDECLARED]]
    return arrange(differences)


def _without_convention(
    documents: Sequence[SpecDocument[Metrics]], undeclared: Sequence[Family], differences: list[Diagnostic]
) -> Iterator[Family]:
    """The metrics that no convention of the contract has; those of another version are a difference."""
    followed = next((one for one in documents if one.model.convention is not None), None)
    if followed is None or (version := followed.model.convention) is None:
        yield from undeclared
        return
    others = conventions_of([family.name for family in undeclared], version)
    if others:
        names = sorted(others)
        listed = ", ".join(f"`{name}`" for name in names[:_MOST_SHOWN])
        versions = sorted({one for of in others.values() for one in of})
        message = f"the contract follows the conventions {version}, and the application exports {listed}"
        location = followed.resolved.origin(("convention",)).location()
        hint = f"write `convention: {versions[-1]}` here and at `std/genai`, or configure the instrumentation"
        differences.append(Diagnostic("contract/convention", message, location, hint))
    conventional = convention_metrics(followed.model)
    yield from (
        family for family in undeclared if family.name not in conventional and family.name not in others
    )


def _malformed(source: str, line: int, message: str) -> Diagnostic:
    where = f"line {line} of {source}" if line else source
    return Diagnostic("contract/exposition", f"{where} cannot be read: {message}")


def _undeclared(family: Family, missing: set[str], location: Location | None) -> Diagnostic:
    kind = f" ({family.type})" if family.type != "unknown" else ""
    message = f"`{family.name}`{kind} is exported but no contract declares it"
    close = nearest(family.name, missing) if missing else ""
    hint = close if close.startswith("did you mean") else "declare it, or name it under `ignore:`"
    return Diagnostic("contract/undeclared", message, location, hint)


class _DeclaredMetric:
    """One declared metric with its location in the specs."""

    def __init__(self, document: SpecDocument[Any], name: str, metric: Metric) -> None:
        self._resolved = document.resolved
        self._path: Path = ("metrics", name)
        self._name = name
        self._metric = metric

    @property
    def names(self) -> set[str]:
        """The names of its series, and its own."""
        return {self._name, *series_names(self._name, self._metric)}

    def differences(self, families: Mapping[str, Family], undeclared: set[str]) -> Iterator[Diagnostic]:
        """What differs between the declaration and the exposition.

        Args:
            families: all that is exposed, by name.
            undeclared: the exposed metrics that no contract declares: one of them may be this one under
                another name.
        """
        family = families.get(self._name)
        if family is None:
            yield from self._absent(families, undeclared)
            return
        yield from self._type(family)
        yield from self._labels(observe(family))
        yield from self._help_and_unit(family)

    def _absent(self, families: Mapping[str, Family], undeclared: set[str]) -> Iterator[Diagnostic]:
        name, metric = self._name, self._metric
        # Without its type a histogram falls apart into three metrics of their own: `x_bucket`, `x_sum` and
        # `x_count`.
        if any(series in families for series in series_names(name, metric) if series != name):
            what = f"so Prometheus does not know that it is a {metric.type}"
            message = f"`{name}` is exported without its type, {what}"
            yield self._error("contract/type", message, (), f"export a line `# TYPE {name} {metric.type}`")
        elif metric.deprecated is not None:
            message = f"`{name}` is deprecated and not exported any more"
            yield self._info("contract/missing", message, (), "remove it from the contract")
        else:
            close = nearest(name, undeclared)
            hint = close if close.startswith("did you mean") else ""
            yield self._error("contract/missing", f"`{name}` is declared but not exported", (), hint)

    def _type(self, family: Family) -> Iterator[Diagnostic]:
        declared_type = self._metric.type
        if family.type == declared_type:
            return
        if family.type == "unknown":
            message = f"`{self._name}` is declared as a {declared_type} and exported without its type"
            hint = f"export a line `# TYPE {self._name} {declared_type}`"
        else:
            message = f"`{self._name}` is declared as a {declared_type} and exported as a {family.type}"
            hint = ""
        yield self._error("contract/type", message, ("type",), hint)

    def _labels(self, seen: Observed) -> Iterator[Diagnostic]:
        if not seen.sets:
            yield self._info(
                "contract/unseen", f"`{self._name}` has no series yet, so its labels are not known"
            )
            return
        for label, values in self._metric.labels.items():
            carriers = seen.carriers.get(label, 0)
            if carriers < seen.sets:
                some = "some series of " if carriers else ""
                message = f"{some}`{self._name}` lack{'' if some else 's'} the label `{label}`"
                yield self._error("contract/label-missing", message, ("labels", label))
            yield from self._values(label, values, seen.values.get(label, set()))
        for label in sorted(seen.values.keys() - self._metric.labels.keys()):
            example = _listed(seen.values[label])
            message = f"`{self._name}` has a label `{label}` that is not declared: {example}"
            hint = nearest(label, self._metric.labels.keys() - seen.values.keys())
            yield self._error("contract/label-extra", message, ("labels",), hint)

    def _values(self, label: str, declared: LabelValues, seen: set[str]) -> Iterator[Diagnostic]:
        what = f"the label `{label}` of `{self._name}`"
        if isinstance(declared, Bound):
            if len(seen) > declared.max:
                message = f"{what} has {len(seen)} values, and at most {declared.max} are declared"
                yield self._error("contract/cardinality", message, ("labels", label))
            return
        for value in sorted(seen - set(declared))[:_MOST_SHOWN]:
            hint = nearest(value, set(declared) - seen)
            yield self._error(
                "contract/label-value", f"{what} has the undeclared value `{value}`", ("labels", label), hint
            )
        unseen = [value for value in declared if value not in seen]
        if unseen and seen:
            yield self._info("contract/unseen", f"{what} has never been {_listed(unseen)}", ("labels", label))

    def _help_and_unit(self, family: Family) -> Iterator[Diagnostic]:
        if family.help and family.help.strip().rstrip(".") != self._metric.help.strip().rstrip("."):
            message = f"the application describes `{self._name}` as: {family.help}"
            yield self._info("contract/help", message, ("help",))
        base_unit = _BASE_UNITS.get(family.unit)
        if base_unit and self._metric.unit is not None and self._metric.unit not in base_unit:
            message = f"`{self._name}` is declared in {self._metric.unit} and exported in {family.unit}"
            yield self._info("contract/unit", message, ("unit",))

    def _error(self, rule: str, message: str, path: Path = (), hint: str = "") -> Diagnostic:
        return self._diagnostic(Severity.ERROR, rule, message, path, hint)

    def _info(self, rule: str, message: str, path: Path = (), hint: str = "") -> Diagnostic:
        return self._diagnostic(Severity.INFO, rule, message, path, hint)

    def _diagnostic(self, severity: Severity, rule: str, message: str, path: Path, hint: str) -> Diagnostic:
        # The type and the labels have defaults: what the contract leaves out has no line.
        written = self._resolved.data["metrics"][self._name]
        location = (*self._path, *path) if path and path[0] in written else self._path
        return self._resolved.diagnostic(rule, message, location, hint, key=True, severity=severity)


def _listed(values: Sequence[str] | set[str]) -> str:
    shown = sorted(values) if isinstance(values, set) else list(values)
    return first_names(shown, _MOST_SHOWN)
