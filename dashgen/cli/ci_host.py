"""What the environment of a CI job tells about the pages that show its files."""

from collections.abc import Mapping


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


def rules_url(environment: Mapping[str, str]) -> str:
    """The address of the page that lists all rules, from ``DASHGEN_RULES_URL``; empty without it."""
    return environment.get("DASHGEN_RULES_URL", "")
