"""A link of an import to a dashboard that the project does not have is an address; the project builds."""

import json
from pathlib import Path

from tests.project.project import new_project

URL = "/d/{uid}?${{__url_time_range}}&${{__all_variables}}"


def test_links_to_unknown_dashboards_are_addresses_and_others_are_not(tmp_path: Path) -> None:
    project = new_project(tmp_path)
    panel = {
        "type": "timeseries",
        "title": "A",
        "gridPos": {"h": 8, "w": 12, "x": 0, "y": 0},
        "targets": [{"refId": "A", "expr": "up", "datasource": {"type": "prometheus", "uid": "prom"}}],
        "links": [{"title": uid, "url": URL.format(uid=uid)} for uid in ("one", "nope", "other")],
    }
    links = [{"title": uid, "type": "link", "url": f"/d/{uid}"} for uid in ("two", "gone")]
    for uid in ("mine", "other"):
        board = {"uid": uid, "title": uid, "schemaVersion": 42, "panels": [panel], "links": links}
        project.write(f"{uid}.json", json.dumps(board))
    done = project.run(
        "import",
        str(project.root / "mine.json"),
        str(project.root / "other.json"),
        "--out",
        str(project.root / "specs"),
    )
    assert done.code == 0, done
    text = (project.root / "specs/mine.yaml").read_text()
    assert [uid for uid in ("one", "two", "other", "nope", "gone") if f"dashboard: {uid}" in text] == [
        "one",
        "two",
        "other",
    ]
    assert "url: /d/gone" in text
    done = project.run("build")
    assert done.code == 0, done
    built = json.loads(project.files()["dashboards/mine.json"])
    assert [link["url"] for link in built["links"]] == ["/d/two", "/d/gone"]
    assert [link["url"] for link in built["panels"][0]["links"]] == [
        URL.format(uid=uid) for uid in ("one", "nope", "other")
    ]
