"""Both searches."""

from typing import TYPE_CHECKING, Any

from tests.grafana.fake.accounts import Actor
from tests.grafana.fake.store import PREFIX, Store, slug
from tests.grafana.fake.wire import Answer, Call, refuse

if TYPE_CHECKING:
    from tests.grafana.fake.routes import Handler
    from tests.grafana.fake.server import FakeGrafana


def refresh_index(store: Store) -> None:
    """Let a lagging index catch up."""
    store.index = rows(store)


def rows(store: Store) -> list[dict[str, Any]]:
    """Every dashboard and folder as a hit, by title."""
    hits = [_dashboard(store, uid) for uid in store.dashboards] + [
        _folder(store, uid) for uid in store.folders
    ]
    return sorted(hits, key=lambda hit: (hit["title"].lower(), hit["id"]))


def _dashboard(store: Store, uid: str) -> dict[str, Any]:
    dashboard = store.dashboards[uid]
    return _hit(
        store,
        dashboard.number,
        uid,
        dashboard.title,
        "dash-db",
        dashboard.folder_uid,
        list(dashboard.spec.get("tags") or []),
    )


def _folder(store: Store, uid: str) -> dict[str, Any]:
    folder = store.folders[uid]
    return _hit(store, folder.number, uid, folder.title, "dash-folder", folder.parent_uid, [])


def _hit(
    store: Store, number: int, uid: str, title: str, kind: str, folder_uid: str, tags: list[str]
) -> dict[str, Any]:
    folder = store.folders.get(folder_uid)
    is_dashboard = kind == "dash-db"
    section = "d" if is_dashboard else "dashboards/f"
    hit: dict[str, Any] = {
        "id": number,
        "uid": uid,
        "orgId": 1,
        "title": title,
        "uri": f"db/{slug(title)}",
        "url": f"{store.config.prefix}/{section}/{uid}/{slug(title)}",
        "slug": "",
        "type": kind,
        "tags": tags,
        "isStarred": False,
        "sortMeta": 0,
        "isDeleted": False,
    }
    if folder:
        hit |= {
            "folderId": folder.number,
            "folderUid": folder_uid,
            "folderTitle": folder.title,
            "folderUrl": f"{store.config.prefix}/dashboards/f/{folder_uid}/{slug(folder.title)}",
        }
    return hit


def _search(grafana: "FakeGrafana", call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    limit, page = int(call.one("limit", "1000")), int(call.one("page", "1"))
    if limit > 5000:
        raise refuse(
            422, "Limit is above maximum allowed (5000), use page parameter to access hits beyond limit"
        )
    tags, within = call.query.get("tag", []), call.query.get("folderUIDs", [])
    kind, text = call.one("type"), call.one("query").lower()
    uids = call.query.get("dashboardUIDs", call.query.get("dashboardUID", []))
    index = grafana.store.index
    hits = [
        hit
        for hit in (rows(grafana.store) if index is None else index)
        if kind in {"", hit["type"]}
        and set(tags) <= set(hit["tags"])
        and (not within or (hit.get("folderUid") or "general") in within)
        and (not uids or hit["uid"] in uids)
        and text in hit["title"].lower()
    ]
    return Answer(200, hits[limit * (page - 1) : limit * page])


def _object_search(grafana: "FakeGrafana", call: Call, _actor: Actor, _names: dict[str, str]) -> Answer:
    kind = call.one("type", "dashboard")
    hits = []
    for row in rows(grafana.store):
        if row["type"] != {"dashboard": "dash-db", "folder": "dash-folder"}[kind]:
            continue
        hit = {"resource": f"{kind}s", "name": row["uid"], "title": row["title"]}
        hit |= {"tags": row["tags"]} if row["tags"] else {}
        hit |= {"folder": row["folderUid"]} if row.get("folderUid") else {}
        dashboard = grafana.store.dashboards.get(row["uid"])
        marks = dashboard.annotations if dashboard else {}
        if by := marks.get(PREFIX + "managedBy"):
            hit["managedBy"] = {"kind": by, "id": marks.get(PREFIX + "managerId", "")}
        hits.append(hit)
    limit = int(call.one("limit", "100"))
    return Answer(200, {"totalHits": len(hits), "hits": hits[:limit], "queryCost": 297, "maxScore": 1})


ROUTES: "list[tuple[str, str, str, Handler]]" = [
    ("GET", "/api/search", "dashboards:read", _search),
    (
        "GET",
        "/apis/dashboard.grafana.app/v0alpha1/namespaces/default/search",
        "dashboards:read",
        _object_search,
    ),
]
