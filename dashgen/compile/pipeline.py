"""The compiler from end to end; every other module of this package is a step of it, or helps one.

```text
specs ─ load ─ resolve ─ parse ─► documents ─ settle ─ lower ─► JSON ─ outputs ─► files in memory
```
"""

from dashgen.compile.compilation import Compilation, CompileRequest, temporary_folder
from dashgen.compile.compile_files import compile_dashboard_files
from dashgen.compile.compile_others import check_others, compile_others, folder_paths
from dashgen.compile.crosschecks import check_dashboards
from dashgen.compile.follow_ups import without_follow_ups
from dashgen.compile.prepare import prepare
from dashgen.compile.suppressions import weighed
from dashgen.compile.unused_components import unused_faults
from dashgen.core.diagnostics import arrange
from dashgen.workspace.build_cache import Cache
from dashgen.workspace.input_files import SpecFile
from dashgen.workspace.workspace import Workspace

__all__ = ["Compilation", "CompileRequest", "compile_project"]


def compile_project(
    workspace: Workspace, files: list[SpecFile], request: CompileRequest, cache: Cache | None = None
) -> Compilation:
    """Compile a project: from its spec files to the files of the output, in memory.

    Args:
        workspace: the project.
        files: its spec files.
        request: how.
        cache: the memory of an earlier build with the same key.

    Raises:
        DashgenError: there is no room for temporary files.
    """
    compilation = Compilation(temporary_folder(), request.present)
    try:
        # load → resolve → parse, for what dashboards depend on: components, data sources, metrics, rules, the
        # project's defaults. A file with nothing but dashboards is only counted here.
        specs = prepare(workspace, files, request.form, cache.files if cache is not None else {})
        documents, sources = specs.documents, specs.compiler.context.sources
        compilation.documents, compilation.shared = documents, specs.digest
        compilation.diagnostics += specs.diagnostics

        # load → resolve → parse → settle → lower → JSON, for one dashboard after the other (`Compiler.one`): a
        # file that did not change comes out of the cache, and many files are shared among processes.
        compile_dashboard_files(specs, request, cache, compilation)
        compilation.diagnostics += check_dashboards(compilation.summaries, folder_paths(documents))

        # settle → outputs, for alert rules, which name panels, for data sources, notifications and the provider.
        compilation.others = compile_others(
            documents, workspace, compilation.summaries, sources, request.lock
        )
        compilation.add_artifacts(compilation.others.artifacts)

        # Findings: without those that only follow from others, with what a server would refuse of the files, at
        # the line of the spec; the project may change how serious each is.
        findings = [*compilation.diagnostics, *compilation.others.diagnostics]
        findings = without_follow_ups(
            findings,
            documents.unread,
            documents.broken,
            [summary.uid for summary in compilation.summaries if summary.partial],
        )
        findings += check_others(compilation.others, documents, compilation.summaries, sources, findings)
        findings += unused_faults(documents.components, files)
        compilation.diagnostics = arrange(weighed(findings, workspace, files))
    except BaseException:
        compilation.close()
        raise
    return compilation
