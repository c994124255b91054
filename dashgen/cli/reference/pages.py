"""The pages of the reference: specs of each kind, panels, variables, commands, rules, and more."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashgen.check.lint.lint_texts import index_page, rule_page
from dashgen.check.lint.rule_registry import own_rules
from dashgen.cli.options import EXIT_CODES
from dashgen.cli.reference.command_texts import CommandText, commands
from dashgen.cli.reference.library_pages import library_pages
from dashgen.cli.reference.markdown_tables import CALCULATION, escaped_cell, key_table
from dashgen.cli.reference.output_page import output_page
from dashgen.cli.reference.panel_pages import panel_sections
from dashgen.cli.reference.permissions_page import permissions_page
from dashgen.compile.lower.panels import panel_types
from dashgen.compile.project_documents import COMPONENTS
from dashgen.core.diagnostics.rule_texts import rule_texts
from dashgen.model.project_file import Defaults
from dashgen.project.schema import PROJECT
from dashgen.project.schema.control_keys import CONTROLS
from dashgen.project.schema.json_schema import DOCUMENTS, definitions_of_specs, project_schema
from dashgen.project.schema.schema_definitions import Definitions, plain_name, references
from dashgen.project.schema.schema_shapes import Schema
from dashgen.source.other_keys import KEYS
from dashgen.source.other_words import PANEL_TYPES, VALUES

_MADE = "<!-- Written by `python -m dashgen.cli.reference`; change the code that it describes instead. -->\n"
_FORMS = (".entry", ".looped", ".value", ".item", ".use", ".partial", ".body", ".any", ".overlay")
_BODIES = {
    "row": "Row", "query": "Query", "annotation": "DashboardAnnotation", "link": "DashboardLink",
    "section": "ReportSection", "figure": "ReportFigure", "table": "ReportTable", "chart": "ReportChart",
}  # fmt: skip
_OWN_PAGE = {"panel": "panels.md", "variable": "variables.md", "rule": "alert-rules.md"}

_STREAMS = (
    "Results are printed on stdout, notes and errors on stderr. Findings are the result of `validate`, "
    "`check` and `metrics check`; those of other commands are printed on stderr. The formats `json`, "
    "`github` and `junit` always go to stdout."
)

_FROM_GRAFANA = """\
# Grafana's JSON → dashgen

Names of keys and values in Grafana's JSON, in provisioning files and in other tools, and their names in specs. Findings have the
same hints. Keys that differ only in notation are not listed: `displayName` is `display_name`. `dashgen import` applies the table.
"""


def reference_pages() -> dict[str, str]:
    """The text of each page by its name below docs/reference/."""
    book = _Book(definitions_of_specs())
    pages = {"panels.md": book.panels(), "variables.md": book.variables()}
    for kind in DOCUMENTS:
        pages[page_name(kind)] = book.document(kind)
    pages[page_name(COMPONENTS)] = book.document(COMPONENTS)
    pages["project.md"] = _project(definitions_of_specs())
    pages["everywhere.md"] = _everywhere()
    pages["commands.md"] = _commands(commands())
    pages["output.md"] = f"{_MADE}\n{output_page()}"
    pages["permissions.md"] = f"{_MADE}\n{permissions_page()}"
    pages["rules.md"] = _rules()
    rules = own_rules()
    pages["lint.md"] = f"{_MADE}\n{index_page(rules)}"
    pages |= {f"lint/{name}.md": f"{_MADE}\n{rule_page(rule)}" for name, rule in rules.items()}
    pages |= {name: f"{_MADE}\n{text}" for name, text in library_pages()}
    pages["from-grafana.md"] = f"{_MADE}\n{_from_grafana()}"
    pages["README.md"] = _index(pages)
    return dict(sorted(pages.items()))


def page_name(kind: str) -> str:
    """The page of a kind of document."""
    return plain_name(kind).replace(" ", "-") + ".md"


class _Book:
    """Pages that link to each other; a definition is described on the first page that needs it."""

    def __init__(self, definitions: Definitions) -> None:
        self.schemas = definitions.schemas
        self.homes: dict[str, str] = {}

    def panels(self) -> str:
        page = "panels.md"
        types = {
            name.split(".")[1]: self.schemas[name] for name in self.schemas if self._is_variant(name, "panel")
        }

        def table(keys: Mapping[str, Schema], required: Sequence[str]) -> str:
            return key_table(keys, required, self._linker(page))

        sections = panel_sections(types, self._kind("panel"), self._common([*types.values()]), table)
        return self._finished(page, sections)

    def variables(self) -> str:
        page = "variables.md"
        types = [name.split(".")[1] for name in self.schemas if self._is_variant(name, "variable")]
        common = self._common([self.schemas[f"variable.{kind}"] for kind in types])
        intro = "Every variable has these keys; the type's own follow. Without a `type` it is a `query`."
        shared = {"type": self._kind("variable"), **common}
        text = ["# Variables\n", f"{intro}\n", key_table(shared, [], self._linker(page))]
        for name in types:
            schema = self.schemas[f"variable.{name}"]
            own = {
                key: value
                for key, value in schema["properties"].items()
                if key not in CONTROLS and key not in common and key != "type"
            }
            text.append(f"## {name}\n\n{schema['description']}\n")
            if own:
                text.append(key_table(own, schema.get("required", []), self._linker(page)))
        return self._finished(page, text)

    def _is_variant(self, name: str, part: str) -> bool:
        return name.startswith(f"{part}.") and name.count(".") == 1 and not name.endswith(_FORMS)

    def _common(self, variants: list[Schema]) -> dict[str, Schema]:
        first = variants[0]["properties"]
        return {
            key: schema
            for key, schema in first.items()
            if key not in CONTROLS and all(v["properties"].get(key) == schema for v in variants)
        }

    def _kind(self, part: str) -> Schema:
        """The schema of the key `type`, without the list of all types."""
        kind = self.schemas[part]["properties"]["type"]
        return {key: value for key, value in kind.items() if key != "anyOf"} | {"type": "string"}

    def document(self, kind: str) -> str:
        page, schema = page_name(kind), self.schemas[kind]
        keys = {key: value for key, value in schema["properties"].items() if key not in CONTROLS}
        text = [f"# {kind}\n", f"{schema['description']}\n"]
        text.append(key_table(keys, schema.get("required", []), self._linker(page)))
        if kind == "AlertRules":
            for key in ("alert", "record"):
                rule = self.schemas[f"rule.{key}"]
                own = {name: value for name, value in rule["properties"].items() if name not in CONTROLS}
                text.append(f"## {key}\n\n{rule['description']}\n")
                text.append(key_table(own, rule.get("required", []), self._linker(page)))
        return self._finished(page, text)

    def _finished(self, page: str, text: list[str]) -> str:
        """A page with a section for each definition that no earlier page describes."""
        done: set[str] = set()
        while open_ := [name for name, home in self.homes.items() if home == page and name not in done]:
            for name in open_:
                done.add(name)
                schema = self._schema(name)
                keys = {key: value for key, value in schema["properties"].items() if key not in CONTROLS}
                text.append(f"## {plain_name(name)}\n\n{schema['description']}\n")
                text.append(key_table(keys, schema.get("required", []), self._linker(page)))
        return _MADE + "\n" + "\n".join(text)

    def _schema(self, name: str) -> Schema:
        """The definition of a class, in whichever of its forms there is."""
        forms = (name, f"{name}.entry", f"{name}.looped", f"{name}.value", f"{name}.body")
        return next(self.schemas[form] for form in forms if "properties" in self.schemas.get(form, {}))

    def _linker(self, page: str) -> Any:
        def link(reference: str) -> str:
            name = _base(reference)
            if name in _OWN_PAGE:
                return f"[{name}]({_OWN_PAGE[name]})"
            if name in DOCUMENTS:
                return f"keys of {name}"
            if name == CALCULATION:
                return f"[{name}]({'' if page == 'panels.md' else 'panels.md'}#{name})"
            home = self.homes.setdefault(name, page)
            anchor = plain_name(name).replace(" ", "-")
            return f"[{plain_name(name)}]({'' if home == page else home}#{anchor})"

        return link


def _base(reference: str) -> str:
    for form in _FORMS:
        reference = reference.removesuffix(form)
    return _BODIES.get(reference, reference)


def _project(definitions: Definitions) -> str:
    root = project_schema(definitions)
    parts = {name for name in references(root) if name in definitions.schemas}
    parts |= (
        references([definitions.schemas[name] for name in parts if name != Defaults.__name__])
        & definitions.schemas.keys()
    )
    text = ["# dashgen.yaml\n", f"{root['description']}\n", key_table(root["properties"], [], _project_link)]
    for name in sorted(parts):
        schema = definitions.schemas[name]
        text.append(f"## {plain_name(name)}\n\n{schema['description']}\n")
        text.append(key_table(schema["properties"], schema.get("required", []), _project_link))
    return _MADE + "\n" + "\n".join(text)


def _project_link(reference: str) -> str:
    pages = {"panel": "panels.md", "rule": "alert-rules.md", "Dashboard": "dashboard.md"}
    part = reference.split(".", maxsplit=1)[0]
    if part in pages:
        return f"keys of a [{plain_name(part)}]({pages[part]})"
    return f"[{plain_name(reference)}](#{plain_name(reference).replace(' ', '-')})"


def _everywhere() -> str:
    return f"""{_MADE}
# Everywhere in specs

## Expressions

`${{{{ … }}}}` is an expression of Jinja2, evaluated after YAML is read, in single values. A value that is one expression
has the expression's type: `${{{{ 2 * 3 }}}}` is the number 6, `${{{{ tiers }}}}` may be a list. Expressions can use the `vars`
of dashgen.yaml, of the environment and of the dashboard, the parameters of a component, and the names of `for_each`;
`env.NAME` is an environment variable that dashgen.yaml declares.
In contact points, policies and data sources, `$NAME` and `${{NAME}}` with a name in capitals refer to Grafana's environment;
`$$NAME` is the text `$NAME`.

## Keys of list items

Items of lists (panels, rows, queries, rules, variables, annotations, links) may have these keys as well; `for_each` and
`when_env` work in documents and in other lists too.

{key_table(CONTROLS, [], str)}
## Environments

A document's `overlays` are merged over its other keys in the named environment: mappings key by key, everything else is
replaced. See [environments](../environments.md).

## Similar keys

| key | where | meaning |
|---|---|---|
| `vars` | dashgen.yaml, environments, dashboards | constants of specs: `${{{{ name }}}}` |
| `variables` | dashboards | Grafana's variables, which the reader chooses: `$name` in queries |
| `env` | dashgen.yaml | variables of the environment that the build runs in: `${{{{ env.NAME }}}}` |
| `environments` | dashgen.yaml | stage, production …, and their differences |
| `when_env` | documents and items of lists | only in these environments |
| `links` | panels, columns, overrides | links on values |
| `panel_links` | panels | links in the panel's header |
| `drill_down` | panels | the dashboard that shows more: a link that keeps time and variables |
| `links` | dashboards | links above the dashboard |
| `ref` | queries | Grafana's refId, by which math, overrides and conditions refer to a query |
| `when: present` | alerts | fires for every value, for a query that returns only what is wrong |
"""


def _commands(commands: Iterable[CommandText]) -> str:
    codes = "\n".join(f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items())
    text = [
        "# Commands\n",
        f"{_STREAMS}\n",
        f"| exit code | |\n|---|---|\n{codes}\n",
    ]
    for command in commands:
        first = [p.written for p in command.parameters if not p.is_option]
        usage = " ".join(
            [
                "dashgen",
                command.name,
                *(["[OPTIONS]"] if any(p.is_option for p in command.parameters) else []),
                *first,
            ]
        )
        text.append(f"## {command.name}\n\n    {usage}\n\n{_help(command.help)}\n")
        if command.parameters:
            rows = [
                f"| `{escaped_cell(p.written)}` | {p.help}{_given(p.default)} |" for p in command.parameters
            ]
            text.append("\n".join(["| | |", "|---|---|", *rows]) + "\n")
    return _MADE + "\n" + "\n".join(text)


def _rules() -> str:
    intro = (
        "Every finding has its rule in brackets; `dashgen rule RULE` prints the texts of one. A comment "
        "`# dashgen: ignore RULE: reason` on the line or above it silences a finding, and `severities:` in "
        "dashgen.yaml changes its severity."
    )
    text = ["# Rules\n", f"{intro}\n"]
    families: dict[str, list[str]] = {}
    for rule, rule_text in sorted(rule_texts().items()):
        cells = [
            f"`{rule}`",
            str(rule_text.severity),
            rule_text.why,
            _code(rule_text.wrong),
            _code(rule_text.right),
            rule_text.fix,
        ]
        families.setdefault(rule.partition("/")[0], []).append(f"| {' | '.join(cells)} |")
    for family, lines in families.items():
        text.append(f"## {family}\n")
        head = ["| rule | | why | instead of | write | what to do |", "|---|---|---|---|---|---|"]
        text.append("\n".join([*head, *lines]) + "\n")
    return _MADE + "\n" + "\n".join(text)


def _code(text: str) -> str:
    return escaped_cell(text if "`" in text else f"`{text}`")


def _help(text: str) -> str:
    head, separator, example = text.partition("Example: ")
    return f"{head.strip()}\n\n    {example.strip()}" if separator else head.strip()


def _given(default: str) -> str:
    return f" Default: `{default}`." if default else ""


def _index(pages: Iterable[str]) -> str:
    titles = {
        "commands.md": "the commands",
        "everywhere.md": "expressions, components, loops and environments",
    }
    titles["output.md"] = "what commands print as JSON"
    titles["permissions.md"] = "what an account of Grafana has to be allowed"
    titles["rules.md"] = "the rules of findings"
    titles["from-grafana.md"] = "names of Grafana's JSON and of other tools, and those in specs"
    titles["project.md"] = f"the {PROJECT} file, dashgen.yaml"
    lines = [
        f"- [{page.removesuffix('.md')}]({page}){': ' + titles[page] if page in titles else ''}"
        for page in sorted(pages)
    ]
    intro = (
        "These pages are written from the code. `dashgen schema` prints the same as a JSON Schema, which "
        "editors show while you type."
    )
    return f"{_MADE}\n# Reference\n\n{intro}\n\n" + "\n".join(lines) + "\n"


def _from_grafana() -> str:
    """The page: panel types, keys by part of the language, field options of panel types, values."""
    parts = [
        _FROM_GRAFANA,
        _names_table(
            "Panel types", {f"`{theirs}`": f"`type: {ours}`" for theirs, ours in PANEL_TYPES.items()}
        ),
    ]
    for part, keys in KEYS.items():
        title = "panel: options of its type" if part == "chart" else part
        parts.append(_names_table(title.capitalize(), {f"`{word.theirs}`": word.hint for word in keys}))
    options = {
        f"`custom.{theirs}`": f"`{ours}:`"
        for model in panel_types().values()
        for theirs, ours in model.synonyms().items()
    }
    parts.append(_names_table("Field options (`fieldConfig.defaults.custom`)", dict(sorted(options.items()))))
    parts.append(_names_table("Values", {f"`{theirs}`": f"`{ours}`" for theirs, ours in VALUES.items()}))
    return "\n".join(parts)


def _names_table(title: str, rows: dict[str, str]) -> str:
    lines = [f"| {theirs} | {escaped_cell(ours)} |" for theirs, ours in rows.items()]
    return "\n".join([f"## {title}\n", "| there | in a spec |", "|---|---|", *lines]) + "\n"
