"""A picture becomes a PNG, also without fonts; without resvg the message says what to install."""

import builtins

import pytest

from dashgen.core.errors import DashgenError
from dashgen.drawing.panel_data import PanelData
from dashgen.drawing.panel_svg import panel_svg
from dashgen.drawing.png import png
from tests.drawing.picture_support import CONTEXT, line, panel

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def size_of(image):
    return int.from_bytes(image[16:20], "big"), int.from_bytes(image[20:24], "big")


def test_a_png_has_the_size_times_the_scale():
    pytest.importorskip("resvg_py")
    svg = panel_svg(panel("timeseries", title="🔥 Rate"), PanelData([line("free")]), (300, 200), CONTEXT)
    image = png(svg)
    assert image.startswith(SIGNATURE)
    assert size_of(image) == (300, 200)
    assert size_of(png(svg, 2)) == (600, 400)
    assert png(svg) == image


def test_texts_appear_without_fonts_of_the_machine(monkeypatch):
    resvg = pytest.importorskip("resvg_py")
    draw = resvg.svg_to_bytes
    monkeypatch.setattr(resvg, "svg_to_bytes", lambda **options: draw(**options, skip_system_fonts=True))
    with_text = panel_svg(panel("text", title="Title"), PanelData([]), (200, 60), CONTEXT)
    assert png(with_text) != png(with_text.replace("Title", ""))


def test_without_resvg_the_message_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def refuse(name, *arguments, **options):
        if name == "resvg_py":
            raise ImportError(name)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(DashgenError, match=r"'\.\[pictures\]'"):
        png("<svg/>")


def test_what_is_no_picture_is_an_error():
    pytest.importorskip("resvg_py")
    with pytest.raises(DashgenError, match="cannot be drawn"):
        png("<svg")
