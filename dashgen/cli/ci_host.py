"""What the environment of a CI job tells about the pages that show its files."""

import json
from collections.abc import Mapping

from dashgen.core.diagnostics.redaction import redacted
from dashgen.core.json_values import mapping


def blob_url(environment: Mapping[str, str]) -> str:
    """The address below which a page shows each file of the repository at the commit that is checked.

    Args:
        environment: the environment variables. ``DASHGEN_BLOB_URL`` has the address itself; else it is made
            of those that GitHub Actions and GitLab CI set.

    Returns:
        The address with a slash at its end; empty outside of CI.
    """
    if own := environment.get("DASHGEN_BLOB_URL"):
        return own.rstrip("/") + "/"
    server, repository = environment.get("GITHUB_SERVER_URL"), environment.get("GITHUB_REPOSITORY")
    if server and repository and (commit := environment.get("GITHUB_SHA")):
        return f"{server}/{repository}/blob/{commit}/"
    project = environment.get("CI_PROJECT_URL")
    if project and (commit := environment.get("CI_COMMIT_SHA")):
        return f"{project}/-/blob/{commit}/"
    return ""


def reference_url(environment: Mapping[str, str]) -> str:
    """The address of the pages of docs/reference/, with a slash at its end; empty when it is unknown.

    It is ``DASHGEN_REFERENCE_URL``, or else that of the repository and commit from which pip installed
    dashgen (PEP 610).
    """
    if own := environment.get("DASHGEN_REFERENCE_URL"):
        return own.rstrip("/") + "/"
    from importlib.metadata import PackageNotFoundError, distribution  # only for reports that link to it

    try:
        source = json.loads(distribution("dashgen").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return ""
    repository, commit = str(source.get("url")), mapping(source.get("vcs_info")).get("commit_id")
    if not commit or not repository.startswith("https://"):
        return ""
    repository = redacted(repository, user="").removesuffix("/").removesuffix(".git")
    return f"{repository}/blob/{commit}/docs/reference/"
