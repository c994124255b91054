"""What lint rules about links, secrets and personal data find, and what they leave alone."""

import pytest

from dashgen.check.lint import LintQuery
from dashgen.check.lint.personal_data import is_personal, personal_reference
from dashgen.check.lint.random_names import looks_generated
from dashgen.check.lint.secret_shapes import secret_kind
from dashgen.check.lint.web_addresses import host_of, is_private
from tests.lint.lint_dashboards import findings, link, panel
from tests.lint.lint_queries import PLACE

ALONE = {
    "link/unsafe-scheme": ["/d/x?data:1", "https://x.com/javascript:1", "${url}", "mailto:team@x.com"],
    "link/credentials": [
        "https://${user}:${password}@x.com/", "https://x.com/@team", "https://medium.com/@author/post:1",
        "https://user@x.com/", "https://x.com/a:b@c",
    ],
    "link/unencrypted": [
        "http://localhost:3000/x", "http://10.1.2.3/x", "http://prometheus:9090/graph", "http://x.internal/",
        "http://$host/x", "http://${host}/x", "https://x.com/", "/d/x", "http://[::1]/x", "http://x.svc.cluster.local/",
    ],
    "link/placeholder": [
        "https://wiki.shop.com/example.com", "https://yourbase.com/x", "/d/todo", "https://x.com/?a=<b",
        "https://x.com/${__field.labels.todo}",
    ],
    "link/absolute-grafana": [
        "https://grafana.com/grafana/dashboards/1860", "https://x.com/docs/d/1", "${grafana}/d/x", "/d/x",
        "https://${host}/d/x", "https://play.grafana.org/d/x/y", "https://x.com/download/",
    ],
    "link/by-title": ["/d/x", "https://x.com/docs/dashboard/db/", "/dashboards/f/x", "dashboards"],
    "link/loses-time": [
        "/d/x?${__url_time_range}", "/d/x?from=now-1h", "/explore?x", "https://x.com/", "/d/x?from=${__from}&to=$__to",
    ],
    "safety/personal-link": [
        "https://x.com/?u=${__data.fields.user_id}", "/d/x?var-email=${email}", "https://crm.internal/?e=$email",
        "https://x.com/?t=${__data.fields.token_type}", "https://x.com/?e=email",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("rule", "url"), [(rule, url) for rule, urls in ALONE.items() for url in urls])
def test_a_sound_link_is_left_alone(rule: str, url: str) -> None:
    assert findings(rule, link(url)) == []


FOUND = {
    "link/unsafe-scheme": [" JavaScript:alert(1)", "data:text/html,x", "\tvbscript:x"],
    "link/credentials": ["https://admin:s3cr3t@x.com/", "http://reader:p4ss@10.1.2.3:9090/x"],
    "link/unencrypted": ["http://x.com/", "HTTP://8.8.8.8/x"],
    "link/placeholder": ["https://wiki.example.org/x", "https://your-company.com/x", "https://x.com/<runbook>", "https://x.com/TODO"],
    "link/absolute-grafana": ["https://x.com/d/abc/y", "http://x.com/grafana/d/abc", "https://x.com/explore?left=1"],
    "link/by-title": ["dashboard/db/x", "/dashboard/db/x?orgId=1", "https://x.com/grafana/dashboard/file/x.json"],
    "safety/personal-link": ["https://x.com/?u=${__user.email}", "https://x.com/?u=[[email]]", 'https://x.com/${__data.fields["Session ID"]}'],
}  # fmt: skip


@pytest.mark.parametrize(("rule", "url"), [(rule, url) for rule, urls in FOUND.items() for url in urls])
def test_a_fault_of_a_link_is_found(rule: str, url: str) -> None:
    assert len(findings(rule, link(url))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "The token is in the vault.", "Basic authentication of the gateway", "password: ${PASSWORD}",
        "token=$token", "sk-learn-a-very-long-name-of-a-model", "npm-exporter-dashboard-overview",
        "sum(rate(gen_ai_client_token_usage_total[5m]))", 'api_key_alias=~"$api_key_alias"',
        "https://x.com/?token=<your token here>", "bearer of bad news and other things", "secret: see the wiki page",
        "histogram_quantile(0.95, sum by (le) (rate(x_seconds_bucket[5m])))", "token: aaaaaaaaaaaaaaaaaaaaaaaa",
        "f65e1e2f-12d7-4547-a93d-8b2ab35b38d3", "Bearer {{ .token }}",
    ],
)  # fmt: skip
def test_an_ordinary_text_has_no_secret(text: str) -> None:
    assert secret_kind(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "glpat-9fK2mXq7LwB4vTz8RcYd", "xoxb-2840583-9fK2mXq7LwB4vTz8RcYd", "AKIA2J4H7Q9W5E8R1T6Y",
        "Authorization: Bearer 9fK2mXq7LwB4vTz8RcYd", "api_key = '9fK2mXq7LwB4vTz8RcYd'",
        "https://x.com/?access_token=9fK2mXq7LwB4vTz8RcYd", "https://admin:hunter2222@x.com/",
        "https://hooks.slack.com/services/T0/B0/9fK2mXq7", "-----BEGIN RSA PRIVATE KEY-----\nMII",
        "password: 9fK2mXq7LwB4vTz8RcYd",
    ],
)  # fmt: skip
def test_a_secret_is_found_by_its_shape_and_disorder(text: str) -> None:
    kind = secret_kind(text)
    assert kind
    assert "9fK2" not in kind


def test_what_a_label_or_variable_tells_of_a_person() -> None:
    for name in (
        "email",
        "user_email",
        "E-Mail",
        "client_ip",
        "session_id",
        "api_key",
        "prompt",
        "phone",
    ):
        assert is_personal(name), name
    for name in (
        "tier",
        "user_id",
        "token_type",
        "ip_version",
        "api_key_alias",
        "prompt_tokens",
        "mail_queue",
        "name",
    ):
        assert not is_personal(name), name
    assert personal_reference("Orders of ${__field.labels.email}") == "email"
    assert personal_reference("$5 of email") == ""


def test_which_hosts_are_private() -> None:
    assert host_of("HTTPS://u:p@Wiki.Shop.com:8443/x") == "wiki.shop.com"
    assert host_of("/d/x") == host_of("https://$host/x") == host_of("mailto:a@b.c") == ""
    assert all(map(is_private, ("localhost", "wiki", "127.0.0.1", "192.168.1.1", "[::1]", "x.internal")))
    assert not any(map(is_private, ("x.com", "8.8.8.8", "internal.com")))


def test_which_uids_are_made_up() -> None:
    for uid in (
        "P1809F7CD0C75ACF3",
        "PBFA97CFB590B2093",
        "fe8sr664fohz4a",
        "SBHrSKs7k",
        "f65e1e2f-12d7-4547-a93d-8b2ab35b38d3",
    ):
        assert looks_generated(uid), uid
    for uid in (
        "prometheus",
        "loki",
        "grafana",
        "${DS_PROMETHEUS}",
        "mission-control",
        "-- Mixed --",
        "k8s-views",
        "node12345",
        "my-prom-01",
    ):
        assert not looks_generated(uid), uid


@pytest.mark.parametrize(
    "content",
    [
        "<b>on time</b>",
        "Set `onclick=` yourself",
        "[Runbook](https://x.com/javascript:)",
        "a < b and on = 1",
        "<descript on>",
    ],
)
def test_an_ordinary_text_has_no_script(content: str) -> None:
    assert findings("safety/script", panel(kind="text", content=content, content_mode="html")) == []


@pytest.mark.parametrize(
    "content", ["<SCRIPT>x</SCRIPT>", '<img src=x onerror="x()">', "[x](javascript:alert(1))"]
)
def test_a_script_is_found(content: str) -> None:
    assert len(findings("safety/script", panel(kind="text", content=content, content_mode="markdown"))) == 1
    assert findings("safety/script", panel(kind="text", content=content, content_mode="code")) == []


def test_grouping_by_a_person_is_found_in_logs_too() -> None:
    query = LintQuery(
        place=PLACE, text='sum by (email) (rate({app="x"} | json [5m]))', language="loki", owner=panel()
    )
    assert findings("safety/personal-grouping", query) == [
        "each series is a person: the query groups by `email`"
    ]


def test_the_address_of_a_device_is_no_person() -> None:
    for label in ("remote_ip", "source_ip", "instance", "node_name"):
        query = LintQuery(place=PLACE, text=f"sum by ({label}) (x)", language="prometheus", owner=panel())
        assert findings("safety/personal-grouping", query) == []
