"""All lint rules: dashgen's own, and those of a project.

The names of the own ones are the names of files, so listing them imports none of them.
"""

import inspect
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Final, get_type_hints

from dashgen.check.lint.lint_rule import LintRule, LintRuleDraft
from dashgen.core.diagnostics.rule_table import lint_rule_names
from dashgen.core.errors import DashgenError

_PACKAGE: Final = "dashgen.check.lint.rules"


@cache
def own_rules() -> Mapping[str, LintRule]:
    """Dashgen's own lint rules by name."""
    modules = {name: f"{_PACKAGE}.{name.replace('/', '.').replace('-', '_')}" for name in lint_rule_names()}
    return {name: rule_of(name, import_module(modules[name])) for name in sorted(modules)}


def project_rules(root: Path, folders: Sequence[str]) -> Mapping[str, LintRule]:
    """The rules of a project by name: ``checks/no_pie.py`` is ``checks/no-pie``.

    Args:
        root: the project's folder.
        folders: the folders with rules, below it.

    Raises:
        DashgenError: a folder is missing, or a file is not a rule.
    """
    rules = {}
    for folder in folders:
        path = root / folder
        if not path.is_dir():
            raise DashgenError(f"`lint.rules` names the folder `{folder}`, which does not exist")
        for file in sorted(path.glob("[!_]*.py")):
            name = f"{path.name}/{file.stem}".replace("_", "-")
            rules[name] = rule_of(name, _module_of(file))
    return rules


def _module_of(file: Path) -> ModuleType:
    spec = spec_from_file_location(f"dashgen_project_rules_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise DashgenError(f"cannot read the lint rule `{file}`")
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise DashgenError(f"the lint rule `{file}` cannot be imported: {error}") from error
    return module


def rule_of(name: str, module: ModuleType) -> LintRule:
    """The rule that a module defines.

    Raises:
        DashgenError: it defines none, or several.
    """
    drafts = [value for value in vars(module).values() if isinstance(value, LintRuleDraft)]
    if len(drafts) != 1:
        raise DashgenError(f"`{module.__file__}` has {len(drafts)} functions with `@lint_rule`: it needs one")
    draft = drafts[0]
    parameters = list(inspect.signature(draft.check).parameters)
    subject = get_type_hints(draft.check)[parameters[0]]
    text = inspect.cleandoc(module.__doc__ or "")
    return LintRule(
        name,
        subject,
        draft.check,
        draft.severity,
        draft.presets,
        inspect.cleandoc(draft.bad),
        inspect.cleandoc(draft.good),
        draft.safety,
        text,
        len(parameters) > 1,
        draft.needs_server,
    )
