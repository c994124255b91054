"""Frames and panels for tests of pictures."""

import math
from xml.parsers import expat

from dashgen.drawing.drawing_context import DrawingContext
from dashgen.drawing.fields.frames import Field, Frame

END = 1_764_504_000_000
HOUR = 3_600_000
CONTEXT = DrawingContext((END - 6 * HOUR, END), END, zone="Asia/Dubai")


def line(label, *, offset=0.0, count=37, unit_step=10 * 60_000):
    """A series of a smooth wave."""
    times = [END - (count - 1 - index) * unit_step for index in range(count)]
    values = [round(10 + offset + 8 * math.sin(index / 5 + offset), 3) for index in range(count)]
    value = Field("Value", "number", values, {"tier": label}, {"displayNameFromDS": label})
    return Frame([Field("Time", "time", times, config={"interval": unit_step}), value], "A", label)


def table(**columns):
    """A frame of columns of texts or numbers."""
    kinds = {str: "string", int: "number", float: "number"}
    return Frame([Field(name, kinds[type(values[0])], values) for name, values in columns.items()], "A")


def panel(kind, *, title="A panel", defaults=None, options=None, **others):
    """A panel's JSON."""
    config = {"defaults": {"color": {"mode": "palette-classic"}, **(defaults or {})}, "overrides": []}
    return {"type": kind, "title": title, "fieldConfig": config, "options": options or {}, **others}


def elements(svg):
    """The elements of a picture with their attributes and own texts; refuses what is no XML."""
    found = []
    open_elements = []
    parser = expat.ParserCreate()

    def start(name, attributes):
        found.append([name, attributes, ""])
        open_elements.append(found[-1])

    def characters(data):
        for one in open_elements[-2:]:
            one[2] += data

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: open_elements.pop()
    parser.CharacterDataHandler = characters
    parser.Parse(svg, True)
    return found


def texts(svg):
    """The texts that a picture shows, in the order of the document."""
    return [text for name, _, text in elements(svg) if name == "text"]
