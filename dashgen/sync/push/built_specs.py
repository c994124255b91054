"""The resources that the specs of a project define, built in memory."""

from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from dashgen.compile.classic_losses import LOST
from dashgen.compile.outputs.dashboard_forms import EXTENDED
from dashgen.compile.pipeline import CompileRequest
from dashgen.compile.project_documents import Documents
from dashgen.core.diagnostics import Diagnostic, has_errors
from dashgen.project.build import BuildOptions, cache_key
from dashgen.project.environments import compile_soundly
from dashgen.project.full_build import present_outputs
from dashgen.sync.push.desired_items import Desired, desired
from dashgen.workspace.build_cache import Cache, load_cache
from dashgen.workspace.build_records import DashboardSummary
from dashgen.workspace.workspace import open_workspace


class BuiltSpecs(Struct):
    """A project built for one environment; ``desired`` is empty when a spec is wrong."""

    desired: Desired = field(default_factory=Desired)
    documents: Documents = field(default_factory=Documents)
    summaries: list[DashboardSummary] = []
    diagnostics: list[Diagnostic] = []

    @property
    def failed(self) -> bool:
        """Whether anything is wrong, so that nothing may be pushed."""
        return has_errors(self.diagnostics)


def build_for(root: Path, environment: str | None) -> BuiltSpecs:
    """Build a project without writing anything.

    Args:
        root: the project's folder.
        environment: the environment to build for.

    Raises:
        DashgenError: there is no room for temporary files.
    """
    workspace = open_workspace(root, environment)
    output = workspace.output()
    # What the last build knows of dashboards spares compiling them, where it wrote what a push sends.
    key = cache_key(root, BuildOptions(root, environment=environment))
    # A push sends the whole of a dashboard, which files in the classic form have where they lose nothing;
    # of files in another form there is nothing to reuse.
    is_classic = workspace.project.format == CompileRequest().form
    cache = _whole(load_cache(root, key)) if is_classic else None
    present = present_outputs(root, output, key) if is_classic else {}
    request = CompileRequest(form=EXTENDED, present=present)
    compilation = compile_soundly(workspace, workspace.spec_files(), request, cache)
    try:
        built = BuiltSpecs(Desired(), compilation.documents, compilation.summaries, compilation.diagnostics)
        if not built.failed:
            built.desired = desired(compilation, output)
        return built
    finally:
        compilation.close()


def _whole(cache: Cache | None) -> Cache | None:
    """A cache without the files of specs of which the classic form lacks anything."""
    if cache is None:
        return None
    files = {
        name: file
        for name, file in cache.files.items()
        if all(finding.rule != LOST for finding in file.diagnostics)
    }
    return replace(cache, files=files)
