"""Checks that several kinds of provisioning files share."""

from dashgen.check.check_report import Path, Report, text_of
from dashgen.check.field_table import described
from dashgen.check.provisioning_references import is_reference
from dashgen.core.json_values import Json
from dashgen.model.duration import duration_problem

NO_START = "Grafana does not start"


def organization(value: Json) -> str:
    """The organization that an entry belongs to; the first one unless it says another."""
    number = text_of(value.get("orgId"))
    return number if number not in ("", "0") else "1"


def check_version(report: Report, consequence: str, *, fatal: bool = True) -> None:
    """Report an absent or odd `apiVersion`."""
    version = report.data.get("apiVersion")
    if version is None:
        add = report.error if fatal else report.warning
        message = f"there is no `apiVersion`: {consequence}"
        add("provisioning/api-version", (), message, "add `apiVersion: 1`")
    elif not (isinstance(version, int) and version > 0):
        message = f"`apiVersion` has to be 1, not `{text_of(version) or described(version)}`: {consequence}"
        report.error("provisioning/api-version", ("apiVersion",), message, "write `apiVersion: 1`")


def check_duration(report: Report, path: Path, value: object, what: str) -> bool:
    """Report a text that is not a duration, with Grafana's own reason; whether it is one."""
    text = text_of(value)
    problem = "" if is_reference(text) else duration_problem(text)
    if problem:
        message = f"{NO_START}: failed to parse {what}: {problem}"
        report.error(
            "provisioning/duration", path, message, "write a number and a unit, such as `5m` or `1h30m`"
        )
    return not problem


def check_choice(report: Report, path: Path, value: object, choices: tuple[str, ...], message: str) -> None:
    """Report a value that is none of the choices."""
    if text_of(value) not in choices and not is_reference(text_of(value)):
        report.error(
            "provisioning/unknown-value",
            path,
            message,
            "use one of: " + ", ".join(f"`{choice}`" for choice in choices),
        )
