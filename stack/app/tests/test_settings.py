from pathlib import Path

import pytest

from bot.catalog import Model, Usage
from bot.settings import Settings, SettingsError, describe, read_settings


def test_an_empty_environment_is_enough():
    assert read_settings({}) == Settings()


def test_variables_become_settings():
    settings = read_settings(
        {
            "BOT_PORT": "9000",
            "BOT_SCENARIOS": "yes",
            "BOT_LOG_FILE": "/x/y.log",
            "GRAFANA_URL": "https://g.example/",
        }
    )
    assert (settings.port, settings.scenarios, settings.log_file) == (9000, True, Path("/x/y.log"))
    assert settings.grafana_url == "https://g.example"


def test_proxies_and_names_are_lists():
    settings = read_settings(
        {"BOT_TRUSTED_PROXIES": "10.0.0.7/8, ::1", "BOT_ALLOWED_HOSTS": "Bot.Example.org., 192.0.2.1,fe80::1"}
    )
    assert settings.trusted_proxies == ("10.0.0.0/8", "::1/128")
    assert settings.allowed_hosts == ("bot.example.org", "192.0.2.1", "fe80::1")


def test_the_python_that_scripts_start_the_bot_with_is_no_misspelt_setting():
    assert read_settings({"BOT_PYTHON": "/opt/bot/bin/python"}) == Settings()
    with pytest.raises(SettingsError, match="BOT_PYTON is no setting"):
        read_settings({"BOT_PYTON": "/opt/bot/bin/python"})


def test_an_empty_variable_counts_as_left_out():
    assert read_settings({"ANTHROPIC_API_KEY": "", "BOT_PORT": " "}) == Settings()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("BOT_PORT", "http", "BOT_PORT='http' must be an integer"),
        ("BOT_TRUSTED_PROXIES", "*", "must be addresses or networks such as 10.0.0.0/24"),
        ("BOT_TRUSTED_PROXIES", "10.0.0.1, proxy", "must be addresses or networks"),
        ("BOT_ALLOWED_HOSTS", "https://bot.example.org", "without a scheme and a port"),
        ("BOT_ALLOWED_HOSTS", "bot.example.org:443", "without a scheme and a port"),
        ("BOT_ALLOWED_HOSTS", "*", "must be names"),
        ("BOT_HEAD_TIMEOUT", "0", "must be from 0.1 to 600"),
        ("BOT_PORT", "70000", "must be from 0 to 65535"),
        ("BOT_SIM_FAILURE_RATE", "1.5", "must be from 0 to 1"),
        ("BOT_SIM_SPEED", "fast", "must be a number"),
        ("BOT_SCENARIOS", "maybe", "must be 1 or 0"),
        ("GRAFANA_URL", "localhost", "must start with http"),
        ("BOT_DATABASE", "/", "is a folder"),
        ("BOT_MODEL_OPUS", "opus", "NAME,INPUT,OUTPUT"),
        ("BOT_MODEL_OPUS", "opus,-9,1", "not negative"),
        ("BOT_SIM_SPED", "3", "BOT_SIM_SPED is no setting; did you mean BOT_SIM_SPEED?"),
    ],
)
def test_wrong_settings_are_told_in_words(name, value, words):
    with pytest.raises(SettingsError, match=words):
        read_settings({name: value})


def test_all_mistakes_are_told_at_once():
    with pytest.raises(SettingsError) as caught:
        read_settings({"BOT_PORT": "x", "BOT_SIM_SEED": "-1"})
    assert len(caught.value.problems) == 2


def test_prices_can_be_replaced():
    price = read_settings({"BOT_MODEL_OPUS": "claude-next,4,20"}).prices[Model.OPUS]
    assert price.model_id == "claude-next"
    assert price.cost(Usage(input_tokens=1_000_000, output_tokens=1_000_000)) == 24


def test_the_key_is_in_no_representation():
    settings = read_settings({"ANTHROPIC_API_KEY": "very-secret"})
    assert "very-secret" not in repr(settings)
    assert "BOT_SIM_SPEED" in describe()


def test_the_key_may_stand_in_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text("a-key\n")
    settings = read_settings({"ANTHROPIC_API_KEY_FILE": str(file)})
    assert settings.anthropic_api_key == "a-key"
    assert "a-key" not in repr(settings)
    file.write_text("\n")
    assert read_settings({"ANTHROPIC_API_KEY_FILE": str(file)}).anthropic_api_key is None


def test_a_key_file_that_cannot_be_read_or_is_one_too_many_is_a_problem(tmp_path):
    with pytest.raises(SettingsError, match="ANTHROPIC_API_KEY_FILE cannot be read"):
        read_settings({"ANTHROPIC_API_KEY_FILE": str(tmp_path / "none")})
    (tmp_path / "key").write_text("a-key")
    with pytest.raises(SettingsError, match="both set"):
        read_settings({"ANTHROPIC_API_KEY_FILE": str(tmp_path / "key"), "ANTHROPIC_API_KEY": "other"})
    (tmp_path / "key").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="it is no text"):
        read_settings({"ANTHROPIC_API_KEY_FILE": str(tmp_path / "key")})
