from dashgen.model.folder import Folder, folder_places, split_path
from tests.alert_support import documents, said


def test_folders_nest_by_title_or_uid_of_the_parent() -> None:
    places, problems = folder_places(
        documents(
            Folder,
            """
            kind: Folder
            title: Products
            ---
            kind: Folder
            title: Dubai Estate AI
            uid: estate
            parent: Products
            ---
            kind: Folder
            title: Alerts
            parent: estate
            """,
        )
    )
    assert problems == []
    assert places["estate"].path == "Products/Dubai Estate AI"
    assert places["Alerts"].titles == ("Products", "Dubai Estate AI", "Alerts")
    assert places["alerts"] is places["Products/Dubai Estate AI/Alerts"]


def test_a_parent_without_a_document_is_a_path_of_titles() -> None:
    places, problems = folder_places(documents(Folder, "kind: Folder\ntitle: C\nparent: A/B\n"))
    assert problems == []
    assert places["c"].titles == ("A", "B", "C")


def test_a_slash_in_a_title_is_escaped_in_paths() -> None:
    places, _ = folder_places(documents(Folder, "kind: Folder\ntitle: CI/CD\n"))
    assert places["ci-cd"].path == r"CI\/CD"
    assert split_path(r"A/CI\/CD") == ("A", "CI/CD")


def test_wrong_folders_are_reported() -> None:
    _, problems = folder_places(
        documents(
            Folder,
            """
            kind: Folder
            title: A
            parent: B
            ---
            kind: Folder
            title: B
            parent: A
            ---
            kind: Folder
            title: Deep
            parent: 1/2/3/4/5
            ---
            kind: Folder
            title: Deep
            uid: deep
            parent: 1/2/3/4/5
            """,
        )
    )
    assert [problem.rule for problem in problems] == [
        "folder/cycle",
        "folder/cycle",
        "folder/depth",
        "folder/depth",
        "folder/duplicate",
    ]
    assert "`Deep` would be level 6" in said(problems)[2]
