"""dashgen: YAML specs become Grafana dashboards, alert rules and provisioning files.

`load` reads a spec file with a position for every value; `compile_project` does what ``dashgen build`` does.
"""

from dashgen.core.version import VERSION

# The name that type checkers know; importing `typing` for it would be felt in every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from dashgen.project.build import BuildReport
    from dashgen.source.load import Loaded

__version__ = VERSION
__all__ = ["__version__", "compile_project", "load"]


def load(path: "Path") -> "Loaded":
    """Read a spec file: its documents, and what is wrong with it as YAML.

    Args:
        path: the file.

    Returns:
        Documents as plain data, the place of every value in them, and diagnostics.
    """
    # Imported when called: the command line imports this package to print its help.
    from dashgen.source.load import load_file

    return load_file(path, path.as_posix())


def compile_project(project: "Path", output: "Path | None" = None, *, check: bool = False) -> "BuildReport":
    """Compile a project's specs.

    Args:
        project: its folder, or one inside it.
        output: the folder to write; the project file's when absent.
        check: write nothing, only say what differs.

    Returns:
        What was written or differs, and all findings; nothing is written when a finding is an error.

    Raises:
        dashgen.core.errors.DashgenError: files cannot be written.
    """
    from dashgen.project.build import BuildOptions, build

    return build(BuildOptions(project, output, check=check))
