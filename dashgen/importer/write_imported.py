"""Write an imported dashboard as the text of a spec: folded where that is exact, and built once more."""

from msgspec.structs import replace

from dashgen.compile.compile_dashboards import Compiler
from dashgen.compile.outputs.dashboard_forms import EXTENDED, keeps_dynamic
from dashgen.core.diagnostics import Severity
from dashgen.formats.v2 import without_dynamic
from dashgen.importer.comparing import compare
from dashgen.importer.compiled_keys import with_sources
from dashgen.importer.folding.fold import fold
from dashgen.importer.import_dashboard import ImportedDashboard, Importer
from dashgen.importer.unsupported_keys import with_addresses
from dashgen.model.panel_identity import slug
from dashgen.source.components import read_components
from dashgen.source.load import load_text
from dashgen.source.resolve import resolve
from dashgen.source.spec_text import spec_text, text_of

_LONGEST_NAME = 30


def write_dashboard(imported: ImportedDashboard, importer: Importer) -> str:
    """The text of a spec; the paths at which it builds to something else are noted in ``imported``."""
    compiler = importer.compiler
    if importer.dashboards is not None:
        imported.spec = with_addresses(imported.spec, importer.dashboards)
    if importer.fold:
        name = _short(slug(imported.spec["title"])) or imported.spec.get("uid", "panel")
        documents = fold(
            imported.spec, name, compiler.scope, compiler.defaults.defaults, importer.component_names
        )
        text = text_of(documents)
        imported.differences = verify(text, imported, compiler)
        if not imported.differences and not imported.problems:
            # Components are known in the whole project, so the next dashboard has to call its own otherwise.
            importer.component_names |= {name for one in documents for name in one.get("components", ())}
            return text
    text = spec_text([imported.spec])
    imported.differences = verify(text, imported, compiler)
    return text


def _short(name: str) -> str:
    """The first words of a name."""
    if len(name) <= _LONGEST_NAME:
        return name
    return name[: _LONGEST_NAME + 1].rpartition("-")[0] or name[:_LONGEST_NAME]


def verify(text: str, imported: ImportedDashboard, compiler: Compiler) -> list[str]:
    """The paths at which a written spec builds to something else; `spec` when it does not build."""
    loaded = load_text("imported.yaml", text)
    if loaded.diagnostics:
        return ["spec"]
    *shared, document = loaded.documents
    components, problems = read_components(shared)
    scope = replace(compiler.scope, components={**compiler.scope.components, **components})
    # Whether the project's files can hold all of it is another question, which the report answers.
    form = compiler.form
    compiler = replace(with_sources(compiler, imported.sources), scope=scope, form=EXTENDED)
    resolved, findings = resolve(document, compiler.scope)
    if problems or findings or len(resolved) != 1:
        return ["spec"]
    # As the build does it: what a server refuses of the built dashboard counts too.
    problems = []
    compiled = compiler.one(resolved[0], problems)
    imported.problems = [problem for problem in problems if problem.severity is Severity.ERROR]
    if compiled is None or imported.problems:
        return ["spec"]
    if not keeps_dynamic(form):
        imported.classic_losses = [what for _, what in without_dynamic(compiled.data).notes]
    return compare(compiled.data, imported.goal)
