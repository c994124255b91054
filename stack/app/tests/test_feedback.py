"""Thumbs up and down: one vote for each answer, by whom it was for."""

import re
import sqlite3

import pytest


def rate(world, query_id, user="ann", rating="up"):
    return world.client.post("/feedback", json={"user": user, "query_id": query_id, "rating": rating})


def test_a_vote_is_counted_logged_and_kept(world):
    query_id = world.ask().json()["query_id"]
    response = rate(world, query_id, rating="down")
    assert (response.status_code, response.json()) == (201, {"query_id": query_id, "rating": "down"})
    assert world.metric("feedback_total", rating="down", model="sonnet") == 1
    assert world.metric("feedback_total") == 1
    asked, voted = (line for line in world.lines() if line["event"] in {"query", "feedback"})
    assert asked["query_id"] == voted["query_id"] == query_id
    assert (voted["rating"], voted["model"], voted["user_id"]) == ("down", "sonnet", "1001")
    with world.bot.database.reading() as db:
        assert db.execute("SELECT up, down FROM activity").fetchall() == [(0, 1)]
        assert db.execute("SELECT rating FROM answers").fetchall() == [("down",)]


def test_a_second_vote_is_refused_whatever_it_says(world):
    query_id = world.ask().json()["query_id"]
    rate(world, query_id)
    for rating in ("up", "down"):
        response = rate(world, query_id, rating=rating)
        assert (response.status_code, response.json()["error"]["type"]) == (409, "voted")
    assert world.metric("feedback_total") == 1


def test_each_answer_has_its_vote(world):
    for _ in range(3):
        assert rate(world, world.ask().json()["query_id"]).status_code == 201
    assert world.metric("feedback_total", rating="up") == 3


@pytest.mark.parametrize("user", ["bob", "nobody"])
def test_only_whom_the_answer_was_for_may_vote(world, user):
    world.ask(user="bob")
    query_id = world.ask(user="ann").json()["query_id"]
    response = rate(world, query_id, user=user)
    assert (response.status_code, response.json()["error"]["type"]) == (404, "unknown_answer")
    assert world.metric("feedback_total") == 0


def test_an_answer_that_was_never_given_has_no_vote(world):
    world.ask()
    assert rate(world, "0" * 24).status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rating": "sideways"}, "rating: input should be 'up' or 'down'"),
        ({"query_id": "x"}, "query_id: must be the one that came with the answer"),
        ({"query_id": "0" * 24 + "\n"}, "query_id: must be the one that came with the answer"),
        ({"query_id": None}, "query_id: must be text"),
        ({"user": "a b"}, "user: may have letters"),
        ({"comment": "nice"}, "comment: is no field of this request"),
    ],
)
def test_wrong_votes_are_explained(world, change, words):
    body = {"user": "ann", "query_id": "0" * 24, "rating": "up"}
    response = world.client.post("/feedback", json={**body, **change})
    assert response.status_code == 422
    assert words in response.json()["error"]["message"]
    assert world.metric("query_errors_total") == 0


def test_pages_of_others_cannot_vote(world):
    query_id = world.ask().json()["query_id"]
    for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}):
        body = {"user": "ann", "query_id": query_id, "rating": "up"}
        assert world.client.post("/feedback", json=body, headers=headers).status_code == 403
        form = {"query_id": query_id, "rating": "up"}
        assert world.client.post("/rate", data=form, headers=headers).status_code == 403
    assert world.metric("feedback_total") == 0


def test_a_failed_question_has_nothing_to_vote_on(world):
    world.client.put("/admin/scenario", json={"failure_rate": 1})
    assert "query_id" not in world.ask().json()["error"]
    assert "query_id" not in next(line for line in world.lines() if line["event"] == "query")


def test_an_answer_goes_out_also_when_it_cannot_be_remembered(world, monkeypatch):
    def broken(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(world.bot.votes, "remember", broken)
    response = world.ask()
    assert (response.status_code, response.json()["query_id"]) == (200, "")
    assert "cannot be kept" in next(line for line in world.lines() if line["event"] == "exception")["message"]
    assert world.metric("queries_total", status="success") == 1


def test_the_page_has_thumbs_that_work_without_a_script(world):
    page = world.client.post("/", data={"text": "Compare JVC and Downtown"}).text
    assert "👍" in page
    [query_id] = re.findall(r'name="query_id" value="([0-9a-f]{24})"', page)
    form = {"query_id": query_id, "rating": "up"}
    assert "Thank you" in world.client.post("/rate", data=form).text
    assert world.metric("feedback_total", rating="up", model="haiku") == 1
    assert world.client.post("/rate", data=form).status_code == 409
    assert world.client.post("/rate", data={**form, "query_id": "0" * 24}).status_code == 404
    assert world.client.post("/rate", data={}).status_code == 422
    assert world.metric("feedback_total") == 1


def test_the_page_has_no_thumbs_before_an_answer(world):
    assert "👍" not in world.client.get("/").text
