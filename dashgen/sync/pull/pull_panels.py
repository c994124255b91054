"""Changes of panels that stay: what they say, ask and are called."""

from collections.abc import Iterator

from dashgen.core.json_values import ABSENT, Json, at
from dashgen.model.settled_dashboard import SettledPanel
from dashgen.sync.pull.candidate_edits import make
from dashgen.sync.pull.dashboard_keys import DashboardKeys, PanelWords, differing_words
from dashgen.sync.pull.data_changes import DataChange, onto
from dashgen.sync.pull.key_parts import panels
from dashgen.sync.pull.pull_queries import query_changes
from dashgen.sync.pull.spec_patch import Patch

Options = list[list[DataChange]]


def take_panels(patch: Patch, uid: str, old: DashboardKeys, new: DashboardKeys) -> bool:
    """Write what differs in panels that both sides have; whether anything was written."""
    done = False
    for number in list(panels(patch, uid)):
        before, after = old.panels.get(_built_id(patch, uid, number)), new.panels.get(number)
        if before is not None and after is not None and f"panel {number}" in patch.rest[uid]:
            done |= _take_panel(patch, uid, number, before, after)
    return done


def _built_id(patch: Patch, uid: str, number: int) -> int:
    """The id that a panel has in the build."""
    return next((built for built, wanted in patch.goals[uid].ids.items() if wanted == number), number)


def _take_panel(patch: Patch, uid: str, number: int, old: PanelWords, new: PanelWords) -> bool:
    scopes = [f"panel {number}"]

    def options(*, raw: bool = False) -> list[Options]:
        data, panel = patch.dashboard(uid).resolved.data, panels(patch, uid)[number]
        return [found for found in _words(data, panel, old, new, raw=raw) if found]

    # What has no word is tried when words are not enough, as what it says may go without saying.
    found = options() or options(raw=True)
    if not found:
        return False
    depth = max(map(len, found))
    together = [[c for one in found for c in one[min(i, len(one) - 1)]] for i in range(min(depth, 2))]
    if len(found) > 1 and make(patch, uid, scopes, together):
        return True
    done = False
    found = options(raw=True)
    for index in range(len(found)):
        # What was written may have moved what stands beside it.
        now = options(raw=True)
        done |= index < len(now) and make(patch, uid, scopes, now[index])
    return done


def _words(
    data: Json, panel: SettledPanel, old: PanelWords, new: PanelWords, *, raw: bool
) -> Iterator[Options]:
    for word, before, after in differing_words(old.words, new.words):
        if raw or word != "raw":
            yield _word(data, panel, word, before, after)
    yield query_changes(data, panel, old.queries, new.queries)


def _word(data: Json, panel: SettledPanel, word: str, old: object, new: object) -> Options:
    path = (*panel.path, word)
    if word == "raw":
        whole = at(data, path)
        found = onto(data, path, {} if old is ABSENT else old, {} if new is ABSENT else new)
        return found if new is not ABSENT or whole is not ABSENT else []
    found = onto(data, path, old, new)
    if word != "title":
        return found
    key = at(data, (*panel.path, "key"))
    keep = [DataChange((*panel.path, "key"), panel.key)] if key is ABSENT else []
    return [[*keep, *changes] for changes in found]
