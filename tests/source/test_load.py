"""Bytes become text, or a finding that says what is wrong with them and where."""

from pathlib import Path

import pytest

from dashgen.core.errors import SpecError
from dashgen.source import load
from dashgen.source.load import decode, load_file
from tests.source.helpers import told


def read(raw: bytes, folder: Path) -> list[str]:
    path = folder / "spec.yaml"
    path.write_bytes(raw)
    return told(load_file(path, "spec.yaml").diagnostics)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"\xef\xbb\xbfa: b\n", "a: b\n"),
        (b"a: b\r\nc: d\r\n", "a: b\nc: d\n"),
        (b"a: b\rc: d\r", "a: b\nc: d\n"),
        (b"a: b\r\n\rc: d", "a: b\n\nc: d"),
        ("a: 🚀 Рассвет \u200fعربي\n".encode(), "a: 🚀 Рассвет \u200fعربي\n"),
        (b"a:\tb\n", "a:\tb\n"),
        (b"", ""),
    ],
)
def test_a_mark_at_the_start_and_any_line_end_make_no_difference(raw: bytes, text: str) -> None:
    assert decode(raw, "spec.yaml") == text


@pytest.mark.parametrize(
    ("raw", "finding"),
    [
        (b"a: b\nc: caf\xe9\n", "2:7 file/encoding: the file is not UTF-8 text"),
        ("заголовок: кафе\n".encode("cp1251"), "1:1 file/encoding: the file is not UTF-8 text"),
        ("a: 🚀\nb: ".encode() + b"\xff", "2:4 file/encoding: the file is not UTF-8 text"),
        ("a: b\n".encode("utf-16"), "1:1 file/encoding: the file is not UTF-8 text"),
        (b"a: \xed\xa0\x80", "1:4 file/encoding: the file is not UTF-8 text"),
        (b"a: \xc0\xaf", "1:4 file/encoding: the file is not UTF-8 text"),
        (b"a: b\nc: \x00d", "2:4 file/control-character: the file has a control character (U+0000)"),
        (b"a: \x1b[31mred", "1:4 file/control-character: the file has a control character (U+001B)"),
        (b"a: \x7f", "1:4 file/control-character: the file has a control character (U+007F)"),
        ("a: \u0090".encode(), "1:4 file/control-character: the file has a control character (U+0090)"),
        ("a: \ufffe".encode(), "1:4 file/control-character: the file has a control character (U+FFFE)"),
        ("a: x\u2028y".encode(), "1:5 file/control-character: the file has a line separator that is not a line feed (U+2028)"),
        ("a: x\nb: \u0085y".encode(), "2:4 file/control-character: the file has a line separator that is not a line feed (U+0085)"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_text_are_refused_at_the_first_wrong_one(
    raw: bytes, finding: str, tmp_path: Path
) -> None:
    assert read(raw, tmp_path) == [finding]


def test_columns_are_counted_in_characters_after_a_byte_order_mark(tmp_path: Path) -> None:
    assert read("\ufeffa: 1\r\nя: 2\r\nя: 3".encode(), tmp_path) == [
        "3:1 yaml/duplicate-key: `я` is given twice in one mapping"
    ]


def test_a_file_that_is_not_there_or_is_a_folder_is_a_finding(tmp_path: Path) -> None:
    assert told(load_file(tmp_path / "none.yaml", "x").diagnostics) == [
        "file/unreadable: cannot read the file: no such file or directory"
    ]
    assert told(load_file(tmp_path, "x").diagnostics) == [
        "file/unreadable: cannot read the file: is a directory"
    ]


def test_a_loop_of_links_is_a_finding(tmp_path: Path) -> None:
    link = tmp_path / "a.yaml"
    link.symlink_to(link)
    [result] = load_file(link, "a.yaml").diagnostics
    assert result.message.startswith("cannot read the file: too many levels of symbolic links")


def test_a_file_beyond_the_limit_is_not_even_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "MAX_BYTES", 2**20)
    assert read(b"a: " + b"x" * 2**20, tmp_path) == ["file/too-large: the file is larger than 1 MB"]


def test_the_finding_about_an_encoding_says_how_to_convert_the_file() -> None:
    with pytest.raises(SpecError) as caught:
        decode(b"\xe9", "x")
    assert (
        caught.value.diagnostics[0].hint
        == "save it as UTF-8; `iconv -f latin1 -t utf-8` converts a Latin-1 file"
    )
