"""The documentation of lint rules: for `dashgen rule`, reports, and the reference."""

from collections.abc import Mapping

from dashgen.check.lint.lint_rule import LintRule, Preset
from dashgen.check.lint.rule_registry import own_rules
from dashgen.core.diagnostics.rule_texts import RuleText
from dashgen.core.lazy_pattern import lazy_pattern

_LINE_BREAK = lazy_pattern(r"(?<!\n)\n(?!\n)")


def readers(rule: LintRule) -> str:
    """Who a rule is for, in a sentence."""
    if Preset.RECOMMENDED in rule.presets:
        who = "recommended"
    else:
        who = "strict only" if Preset.STRICT in rule.presets else "only when selected"
    return f"{who}; also for files of others" if Preset.COMMUNITY in rule.presets else who


def fix_text(rule: LintRule) -> str:
    """How the fixes of a rule are made; empty when it has none."""
    if rule.safety is None:
        return ""
    return "`dashgen lint --fix` mends it" if rule.safety == "safe" else "`--unsafe-fixes` mends it"


def lint_rule_text(rule: LintRule) -> RuleText:
    """A rule in the form in which the rules of builds are documented."""
    *reasons, fix = rule.text.split("\n\n")
    why = "\n\n".join(reasons)
    return RuleText(rule.name, rule.severity, _flowing(why), rule.bad, rule.good, _flowing(fix))


def own_lint_texts() -> Mapping[str, RuleText]:
    """The texts of dashgen's own lint rules."""
    return {name: lint_rule_text(rule) for name, rule in own_rules().items()}


def _flowing(text: str) -> str:
    return _LINE_BREAK.sub(" ", text.strip())


def rule_page(rule: LintRule) -> str:
    """The page of a rule in the reference, as Markdown."""
    text = lint_rule_text(rule)
    facts = [str(rule.severity), readers(rule), fix_text(rule)]
    if rule.needs_server:
        facts.append("needs `--against-prometheus`")
    parts = [
        f"# {rule.name}",
        f"*{', '.join(fact for fact in facts if fact)}*",
        text.why,
        text.fix,
        f"## Instead of\n\n```yaml\n{rule.bad}\n```",
        f"## Write\n\n```yaml\n{rule.good}\n```",
    ]
    return "\n\n".join(parts) + "\n"


def index_page(rules: Mapping[str, LintRule]) -> str:
    """The list of all rules, grouped by who they are for."""
    groups = (
        ("Recommended", "For every project: these run when nothing else is chosen.", Preset.RECOMMENDED),
        ("Strict", "What a team may want to insist on: with `preset: strict`, beside the recommended ones.", Preset.STRICT),
        ("Community", "What holds for dashboards and rules that others wrote: with `preset: community`.", Preset.COMMUNITY),
    )  # fmt: skip
    parts = [
        "# Lint rules",
        (
            "`dashgen lint` runs them; `dashgen rule RULE` prints one of these pages. "
            "[lint.md](../lint.md) has the options, and how findings are silenced."
        ),
    ]
    for title, intro, preset in groups:
        rows = [_row(rule) for rule in rules.values() if preset in rule.presets]
        table = "\n".join(["| rule | | fix | finds |", "|---|---|---|---|", *rows])
        parts += [f"## {title} ({len(rows)})", intro, table]
    return "\n\n".join(parts) + "\n"


def _row(rule: LintRule) -> str:
    page = f"lint/{rule.name}.md"
    summary = rule.summary.replace("|", "\\|")
    return f"| [{rule.name}]({page}) | {rule.severity} | {rule.safety or ''} | {summary} |"
