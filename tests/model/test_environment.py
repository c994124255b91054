import pytest

from dashgen.model.environment_references import is_reference, variables


@pytest.mark.parametrize("text", ["$SLACK_URL", "${SLACK_URL}", "${X}", "$__file{/run/secrets/x}"])
def test_a_reference_names_a_variable_or_a_file(text: str) -> None:
    assert is_reference(text)


@pytest.mark.parametrize(
    "text",
    ["", "secret", "$slack_url", "x$SLACK_URL", "$A_B c", "${__value.raw}", "$SLACKurl", "https://$HOST/x"],
)
def test_anything_else_is_text(text: str) -> None:
    assert not is_reference(text)


def test_variables_are_found_anywhere() -> None:
    assert list(
        variables({"a": ["https://$HOST/x", {"b": "${PORT}"}], "c": "${__value.raw} $labels", "d": 5})
    ) == ["HOST", "PORT"]
