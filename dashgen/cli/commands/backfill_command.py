"""``dashgen backfill``."""

import sys
from pathlib import Path
from typing import Annotated

from dashgen.cli.documents.small_documents import BackfillDocument, RecordingFile
from dashgen.cli.options import (
    Environment,
    Format,
    ListFormat,
    ListOutputFormat,
    ProjectFolder,
    finish,
    usage_error,
)
from dashgen.cli.output import print_json, report
from dashgen.cli.parameters import Argument
from dashgen.core.diagnostics import has_errors
from dashgen.core.errors import DashgenError
from dashgen.core.files.standalone import replace_file
from dashgen.project.inspection import inspect_project
from dashgen.project.recording_levels import level_files, recording_levels


def backfill(
    folder: Annotated[Path, Argument(metavar="DIR", help="Folder for the rule files; created when absent.")],
    project: ProjectFolder = Path(),
    env: Environment = None,
    output_format: ListOutputFormat = ListFormat.TEXT,
) -> None:
    """Write the recording rules in the order in which promtool can compute their past.

    A recording rule has values from the moment it is loaded. `promtool tsdb create-blocks-from rules`
    computes earlier ones, but of a rule that reads another rule's series only after those have their
    past. Each file that is written reads only what the files before it record: run promtool on one after
    the other, and wait in between until Prometheus has loaded the new blocks.

    Example: dashgen backfill /tmp/recordings
    """
    inspection = inspect_project(project, env)
    if has_errors(inspection.diagnostics):
        report(inspection.diagnostics, Format.TEXT, inspection.workspace.root)
        finish(inspection.diagnostics)
        return
    levels = recording_levels(inspection.groups)
    if not levels.levels:
        usage_error(
            "the project has no recording rules for Prometheus", "write `record:` and `query:` in a rule"
        )
    files = level_files(inspection.groups, levels)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = {file.path for file in files}
        for old in folder.glob("level-[0-9][0-9].yaml"):
            if old.name not in names:
                old.unlink()
        for file in files:
            replace_file(folder / file.path, file.content)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DashgenError(f"{folder}: cannot write the rule files: {reason}") from None
    if output_format is ListFormat.JSON:
        listed_files = [
            RecordingFile(str(folder / file.path), sorted(names))
            for file, names in zip(files, levels.levels, strict=True)
        ]
        print_json(BackfillDocument(files=listed_files, circular=sorted(levels.circular)))
        return
    for file, names_of_level in zip(files, levels.levels, strict=True):
        count = len(names_of_level)
        sys.stdout.write(f"{folder / file.path}: {count} recording rule{'s' if count > 1 else ''}\n")
    if levels.circular:
        listed = ", ".join(f"`{name}`" for name in sorted(levels.circular))
        sys.stdout.write(f"{listed} read what they record themselves; their past begins empty\n")
