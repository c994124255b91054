"""A contact point has the address of an example.

`example.com` and its like belong to nobody: the notification is lost, and no error says so.

Write the address of the people who are to be notified, or a reference to an environment variable.
"""

from collections.abc import Iterator

from dashgen.check.lint import LintProblem, LintProject, Preset, lint_rule
from dashgen.check.lint.places import SpecPlace
from dashgen.check.lint.written_texts import written_texts
from dashgen.core.lazy_pattern import lazy_pattern
from dashgen.model.notification_spec import contact_points

_PLACEHOLDER = lazy_pattern(
    r"(?:[@./]|^)(?:example\.(?:com|org|net)|(?:your|my)-?(?:domain|company)\.\w+)\b|@localhost\b"
)


@lint_rule(
    presets=[Preset.STRICT],
    bad="""
            kind: Notifications
            contact_points: {ops: {email: ops@example.com}}
            policies: {contact_point: ops}
        """,
    good="""
            kind: Notifications
            contact_points: {ops: {email: ops@shop.example}}
            policies: {contact_point: ops}
        """,
)
def check(project: LintProject) -> Iterator[LintProblem]:
    """Yield a problem for each text of a contact point with an address of an example."""
    for named, _ in contact_points(project.documents.get("Notifications", [])):
        place = SpecPlace(named.document.resolved, named.path)
        for keys, text in written_texts(place):
            if _PLACEHOLDER.search(text):
                message = f"`{named.name}` has the address of an example: nobody is notified"
                hint = "write the address of the people who are to be notified"
                yield LintProblem(message, hint=hint, location=place.location(keys))
