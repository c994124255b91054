"""Panels like one before: only the rules that found something in that one look at them.

The dashboards of a project repeat each other: panels that differ in the value of a label, such as the
name of a service. What a panel's rules depend on is its key: everything that it has, with such values
left out, and what its dashboard lets its queries use.
"""

from collections.abc import Collection, Iterable, Sequence

import msgspec

from dashgen.check.lint.lint_finding import LintFinding
from dashgen.check.lint.subjects import LintDashboard, LintPanel, LintProject
from dashgen.query.promql.labels import with_common_values

_ENCODER = msgspec.msgpack.Encoder(enc_hook=repr)


class AlikePanels:
    """The rules that found something in a panel, by the panel's key.

    Args:
        project: what is linted, whose contract names the labels whose values matter.
    """

    def __init__(self, project: LintProject) -> None:
        self._rules: dict[bytes, frozenset[str]] = {}
        self._kept = project.contract.listed_labels() if project.contract else frozenset[str]()
        # A rule compares these with their alerts, which name them by the uid of their dashboard.
        self._with_alerts = {rule.panel for rule in project.rules if rule.panel}

    def surroundings(self, dashboard: LintDashboard, marks: Sequence[bool]) -> bytes | None:
        """What the findings about panels depend on besides the panels.

        Args:
            dashboard: the dashboard that they are in.
            marks: for each of the project's patterns of files whether it means the dashboard's: other rules
                may be on.

        Returns:
            The bytes to add to the keys of its panels; None when its panels are not compared.
        """
        if not dashboard.is_spec or any(uid.startswith(f"{dashboard.uid}/") for uid in self._with_alerts):
            return None
        variables = [
            (
                variable.name, variable.type, variable.multi, variable.include_all, variable.all_value,
                variable.regex, variable.refresh, variable.hide, variable.values,
                self._common(variable.query.text) if variable.query else "",
            )
            for variable in dashboard.variables
        ]  # fmt: skip
        facts = (marks, dashboard.time, dashboard.time_to, dashboard.refresh, dashboard.timezone, variables)
        return _ENCODER.encode(facts)

    def key(self, panel: LintPanel, surroundings: bytes) -> bytes:
        """The key of a panel."""
        row = panel.row
        derived = (
            panel.description, panel.unit, panel.thresholds, panel.base_color, panel.grid, panel.datasource_type,
            (row.title, row.collapsed, row.repeat, [one.title for one in row.panels]) if row else None,
            [(query.language, query.datasource, query.legend, query.instant, query.is_table, query.ref)
             for query in panel.queries],
            [(link.title, link.url) for link in panel.links],
        )  # fmt: skip
        spec = _ENCODER.encode((panel.spec, derived))
        for query in panel.queries:
            common = self._common(query.text)
            if common is not query.text:
                spec = spec.replace(query.text.encode(), common.encode())
        return spec + surroundings

    def rules(self, key: bytes | None) -> Collection[str] | None:
        """The names of the rules that found something in a panel with this key; None for a new one."""
        return None if key is None else self._rules.get(key)

    def remember(self, key: bytes | None, findings: Iterable[LintFinding]) -> None:
        """Remember which rules found something in a panel."""
        if key is not None and key not in self._rules:
            self._rules[key] = frozenset(one.diagnostic.rule for one in findings)

    def _common(self, text: str) -> str:
        return with_common_values(text, self._kept)
