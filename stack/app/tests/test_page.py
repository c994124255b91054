from html.parser import HTMLParser
from pathlib import Path

import yaml

from bot.catalog import ErrorType
from bot.web.page import DASHBOARDS

SPECS = Path(__file__).resolve().parents[3] / "specs" / "dashboards"


class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.links, self.tags = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src", "action"}]


def test_the_page_links_to_every_dashboard_of_the_specs(world):
    uids = {yaml.safe_load(path.read_text())["uid"] for path in SPECS.glob("*.yaml")}
    assert {uid for uid, *_ in DASHBOARDS} == uids
    links = Links(world.client.get("/").text).links
    for uid in uids:
        assert f"http://localhost:3000/d/{uid}" in links


def test_the_page_needs_nothing_from_elsewhere_and_no_script(world):
    response = world.client.get("/")
    page = Links(response.text)
    outside = [link for link in page.links if not link.startswith(("/", "data:", "http://localhost:3000/d/"))]
    assert outside == []
    assert "script" not in page.tags
    assert "default-src 'none'" in response.headers["content-security-policy"]


def test_the_form_answers_without_a_script(world):
    response = world.client.post("/", data={"text": "Compare JVC and Downtown"})
    assert response.status_code == 200
    assert "Cheapest is Jumeirah Village Circle" in response.text
    assert world.metric("queries_total", tier="free", status="success") == 1


def test_what_somebody_typed_is_shown_as_text(world):
    text = world.client.post("/", data={"text": "<script>alert(1)</script> $answer"}).text
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_an_empty_question_a_failure_and_the_limit_are_said_kindly(world):
    assert "is empty; ask something" in world.client.post("/", data={"text": " "}).text
    world.fail(ErrorType.MODEL_ERROR)
    assert "No answer this time" in world.client.post("/", data={"text": "hello"}).text
    for _ in range(5):
        last = world.client.post("/", data={"text": "hello"})
    assert last.status_code == 429
    assert "free allows 5 questions a minute" in last.text


def test_forms_of_other_sites_are_refused(world):
    response = world.client.post("/", data={"text": "hello"}, headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert world.metric("queries_total") == 0
