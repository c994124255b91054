"""What provisioning does to dollars."""

import pytest

from dashgen.check.provisioning_references import is_reference, references


@pytest.mark.parametrize(
    ("text", "eaten"),
    [
        ("no dollars", []),
        ("$NAME", ["$NAME"]),
        ("${NAME}/x", ["${NAME}"]),
        ("$$NAME", []),
        ("$$$NAME", ["$NAME"]),
        ("a$", []),
        ("$ 5", []),
        ("$5", ["$5"]),
        ("$(x)", []),
        ("foo$|bar", []),
        ("{{ $labels.team }}", ["$labels"]),
        ("{{ $$labels.team }} $A", ["$A"]),
        ("$__env{X}$__file{/y}", ["$__env{X}", "$__file{/y}"]),
        ("${__value.raw}", ["${__value.raw}"]),
        ("${", ["${"]),
    ],
)
def test_what_is_replaced(text: str, eaten: list[str]) -> None:
    assert [r.text for r in references(text)] == eaten


@pytest.mark.parametrize("text", ["$NAME", "Bearer ${token}", "$__file{/run/x}", "$__env{X}"])
def test_what_reads_like_a_variable_is_meant(text: str) -> None:
    assert is_reference(text)


@pytest.mark.parametrize(
    "text", ["", "$$NAME", "$labels", "{{ $X }}", "$__rate_interval", "${__value.raw}", "$5"]
)
def test_what_reads_like_something_else_is_not(text: str) -> None:
    assert not is_reference(text)


def test_a_reference_says_where_it_stands_and_how_to_keep_it() -> None:
    (reference,) = references("a $$ b $x")
    assert (reference.start, reference.doubled) == (7, "$$x")
