"""Nothing that a command prints or keeps shows a secret of a live data source, whatever the form."""

import pytest

FORMS = {
    "diff": ["diff"],
    "diff --format json": ["diff", "--format", "json"],
    "diff --format markdown": ["diff", "--format", "markdown"],
    "diff --format github": ["diff", "--format", "github"],
    "diff --full": ["diff", "--full"],
    "push --dry-run": ["push", "--dry-run"],
    "push --dry-run --format json": ["push", "--dry-run", "--format", "json"],
    "push --plan-out": ["push", "--plan-out", "plan.json"],
    "status": ["status"],
    "status --format json": ["status", "--format", "json"],
    "pull": ["pull", "--dry-run"],
    "push": ["push", "--force"],
}
SECRETS = {
    "custom": "Bearer TOPSECRET1abcdef",
    "connection": "postgres://u:TOPSECRET2@h/x",
    "slashed": "postgres://u:TOP/SECRET3@h/x",
    "apiKey": "TOPSECRET4",
    "sigV4SecretKey": "TOPSECRET5",
    "nested": {"clientSecret": "TOPSECRET6", "list": ["glsa_TOPSECRET7"]},
    "httpHeaderValue1": "TOPSECRET8",
}


@pytest.mark.parametrize("form", FORMS)
def test_secrets_of_a_live_data_source_are_shown_nowhere(project, fake, form):
    project.start_pushed()
    uid = next(iter(fake.store.data_sources))
    source = fake.store.data_sources[uid]
    source["jsonData"] = {**source.get("jsonData", {}), **SECRETS}
    for field in ("password", "basicAuthPassword"):
        source[field] = "TOPSECRET9"
    source["url"] = "http://u:TOPSECRET@h:9090"
    done = project.run(*FORMS[form], "--url", fake.url)
    kept = "".join(
        path.read_text(errors="replace")
        for path in project.folder.rglob("*")
        if path.is_file() and "cache" not in str(path)
    )
    for text in (done.stdout, done.stderr, kept):
        assert "SECRET" not in text
    assert done.code in (0, 1, 4), done
    assert "this is a bug" not in done.stderr


def test_the_json_of_a_difference_still_says_what_changed(project, fake):
    project.start_pushed()
    uid = next(iter(fake.store.data_sources))
    fake.store.data_sources[uid]["jsonData"] = {"apiKey": "TOPSECRET", "timeInterval": "7s"}
    done = project.run("diff", "--format", "json", "--url", fake.url)
    assert "7s" in done.stdout
    assert "apiKey" in done.stdout
