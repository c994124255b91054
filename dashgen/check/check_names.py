"""Names and uids that Grafana refuses."""

from dashgen.check.check_report import Path, Report, text_of
from dashgen.check.provisioning_references import is_reference
from dashgen.core.lazy_pattern import lazy_pattern

MAX_UID = 40
_UID = lazy_pattern(r"[A-Za-z0-9_-]+\Z")


def uid_problem(uid: str) -> str:
    """Why a text cannot be a uid; empty when it can."""
    if len(uid) > MAX_UID:
        return f"is {len(uid)} characters long: {MAX_UID} are allowed"
    if not _UID.match(uid):
        return "has characters other than letters, digits, `-` and `_`"
    return ""


def check_uid(report: Report, path: Path, uid: object, rule: str, what: str) -> None:
    """Report a uid that Grafana refuses; an absent one is for the caller to judge."""
    text = text_of(uid)
    problem = uid_problem(text) if text and not is_reference(text) else ""
    if problem:
        hint = "use at most 40 letters, digits, `-` and `_`"
        report.error(rule, path, f"the uid of {what} {problem}", hint)


def check_length(report: Report, path: Path, text: object, limit: int, what: str) -> None:
    """Report a text that is longer than Grafana's limit."""
    length = len(text_of(text))
    if length > limit:
        message = f"{what} is {length} characters long: {limit} are allowed"
        report.error("name/too-long", path, message, "shorten it")
