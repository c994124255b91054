"""Random documents in the many ways in which people write YAML, and random edits of them."""

import random
from typing import Any

from dashgen.source.edit import Edit, InsertItem, MoveItem, Remove, SetValue
from dashgen.source.load import load_text
from dashgen.source.writing import double_quoted, flow_text, is_plain, single_quoted

TEXTS = [
    "up", "it's", "a: b", "a #b", "yes", "1e3", "0x1f", "2024-01-01", "", "{{tier}}", "${{ x }}", "@x", "%x", "🚀 Mission",
    'rate(a{b="c"}[5m])', "two words", "a longer text of several words that people write down", "null", "- x", "*a", "&a",
    "a\nb", "a\nb\n", "first\n\n  second\n", " lead", "trail ", "tab\tin", "x:y", "[a]", "#c", "?", "!t", "|", "a, b", "word " * 40 + "end",
]  # fmt: skip
KEYS = ["title", "query", "unit", "a b", "on", "1", "x-y", "é", "for", "raw", "panels", "rows", "{k}", "null"]


class Renderer:
    """One writer's habits; every comment has a text of its own."""

    def __init__(self, rng: random.Random, *, sharing: bool) -> None:
        self.sharing = sharing
        self.rng = rng
        self.step = rng.choice([2, 2, 4])
        self.dash = rng.choice([0, 2, self.step])
        self.talk = rng.choice([0, 0.15, 0.4])
        self.comments = 0
        self.names = 0
        self.anchors: list[tuple[str, Any]] = []

    def comment(self) -> str:
        self.comments += 1
        return self.rng.choice(["# c{}", "#c{}", "# c{}: ' \" [x\t{{é"]).format(f"<{self.comments}>")

    def trailing(self, after: str = "") -> str:
        # No tab can follow a dash.
        blanks = [" ", "   "] if after.endswith("-") else [" ", "   ", "\t"]
        return f"{self.rng.choice(blanks)}{self.comment()}" if self.rng.random() < self.talk else ""

    def above(self, indent: int) -> list[str]:
        lines = []
        if self.rng.random() < self.talk / 2:
            lines.append("")
        if self.rng.random() < self.talk / 3:
            lines += [" " * self.rng.choice([indent, indent, 0]) + self.comment(), ""]
        if self.rng.random() < self.talk:
            lines += [" " * indent + self.comment() for _ in range(self.rng.choice([1, 1, 2]))]
        return lines

    def document(self, data: Any) -> str:
        self.anchors = []
        lines = ([self.comment()] if self.rng.random() < 0.3 else []) + self.block(data, 0)
        return "\n".join(lines) + "\n"

    def block(self, value: Any, indent: int) -> list[str]:
        lines: list[str] = []
        if isinstance(value, dict):
            value, lines = self.merged(value, indent)
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in entries:
            lines += self.above(indent)
            head = " " * indent + (f"{self.key(key)}:" if isinstance(value, dict) else "-")
            lines += self.entry(head, part, indent, item=isinstance(value, list))
        return lines

    def merged(self, value: dict[str, Any], indent: int) -> tuple[dict[str, Any], list[str]]:
        """A mapping without the keys that a merge brings, and the line of the merge."""
        for name, base in self.anchors:
            if isinstance(base, dict) and base and base.keys() < value.keys() and self.rng.random() < 0.8:
                own = {key: part for key, part in value.items() if key not in base or base[key] != part}
                return own, [f"{' ' * indent}<<: *{name}{self.trailing()}"]
        return value, []

    def key(self, key: str) -> str:
        plain = is_plain(key, flow=True)
        return (
            key if plain and self.rng.random() < 0.9 else self.rng.choice([single_quoted, double_quoted])(key)
        )

    def entry(self, head: str, value: Any, indent: int, *, item: bool) -> list[str]:
        again = [name for name, old in self.anchors if old == value and type(old) is type(value)]
        if again and self.rng.random() < 0.5:
            return [f"{head} *{again[-1]}{self.trailing()}"]
        name = ""
        if self.sharing and self.rng.random() < (0.3 if isinstance(value, dict | list) else 0.05):
            self.names += 1
            name = f" &a{self.names}"
        result = self.value(head + name, value, indent, item=item, named=bool(name))
        if name:
            self.anchors.append((name[2:], value))
        return result

    def value(self, head: str, value: Any, indent: int, *, item: bool, named: bool) -> list[str]:
        if isinstance(value, dict | list) and value:
            if self.rng.random() < 0.3:
                return self.flow(head, value, indent)
            inner = indent + (self.step if isinstance(value, dict) else self.dash or item * 2)
            if item and not named and self.rng.random() < 0.8:
                lines = self.block(value, indent + 2)
                while not lines[0].strip() or lines[0].strip().startswith("#"):
                    lines.pop(0)
                return [f"{head} {lines[0][indent + 2 :]}", *lines[1:]]
            return [head + self.trailing(head), *self.block(value, inner)]
        if isinstance(value, str) and "\n" in value and self.rng.random() < 0.9 and not value.startswith(" "):
            mark = "|" if value.endswith("\n") else "|-"
            lines = value.removesuffix("\n").split("\n")
            return [f"{head} {mark}{self.trailing()}"] + [
                " " * (indent + self.step) + x if x else "" for x in lines
            ]
        if isinstance(value, str) and value.count(" ") > 4 and "  " not in value and self.rng.random() < 0.5:
            words = value.split(" ")
            half = len(words) // 2
            rows = [" ".join(words[:half]), " ".join(words[half:])]
            return [f"{head} >-{self.trailing()}"] + [" " * (indent + self.step) + x for x in rows]
        if value is None and self.rng.random() < 0.5:
            return [head + self.trailing(head)]
        return [f"{head} {self.scalar(value, flow=False)}{self.trailing()}"]

    def scalar(self, value: Any, *, flow: bool) -> str:
        if not isinstance(value, str):
            return flow_text(value)
        choices = [double_quoted(value)]
        if "\n" not in value and "\t" not in value:
            choices.append(single_quoted(value))
        if is_plain(value, flow=flow):
            choices += [value] * 4
        return self.rng.choice(choices)

    def flow(self, head: str, value: Any, indent: int) -> list[str]:
        if self.rng.random() < 0.3:
            parts = self.parts(value)
            blank = " " * (indent + self.step)
            comma = self.rng.choice(["", ","])
            rows = [f"{blank}{p}," for p in parts[:-1]] + [f"{blank}{parts[-1]}{comma}"]
            rows = [row + self.trailing() for row in rows]
            opened, closed = "{}" if isinstance(value, dict) else "[]"
            return [f"{head} {opened}", *rows, " " * (indent + self.rng.choice([self.step, 1])) + closed]
        return [f"{head} {self.inline(value)}{self.trailing()}"]

    def inline(self, value: Any) -> str:
        if not isinstance(value, dict | list) or not value:
            return self.scalar(value, flow=True)
        space = self.rng.choice(["", " "])
        opened, closed = "{}" if isinstance(value, dict) else "[]"
        return opened + space + ", ".join(self.parts(value)) + space + closed

    def parts(self, value: Any) -> list[str]:
        if isinstance(value, dict):
            return [f"{self.key(key)}: {self.inline(part)}" for key, part in value.items()]
        return [self.inline(part) for part in value]


def random_value(rng: random.Random, depth: int = 0, seen: list[Any] | None = None) -> Any:
    """Some value, deep at most four levels; some of what was ``seen`` comes again, as it was or with more keys."""
    kind = rng.random()
    if seen and kind < 0.15:
        old = rng.choice(seen)
        return {**old, "more": "than", "before": 1} if isinstance(old, dict) and rng.random() < 0.6 else old
    if depth < 4 and kind < 0.4:
        return random_mapping(rng, depth, seen)
    if depth < 4 and kind < 0.6:
        return [random_value(rng, depth + 1, seen) for _ in range(rng.randrange(4))]
    return rng.choice([*TEXTS, *TEXTS, 1, -2, 0.5, True, False, None, 10, 1e-9])


def random_mapping(rng: random.Random, depth: int = 0, seen: list[Any] | None = None) -> dict[str, Any]:
    """Some mapping."""
    result = {rng.choice(KEYS): random_value(rng, depth + 1, seen) for _ in range(rng.randrange(5))}
    if seen is not None:
        seen.append(result)
    return result


def random_file(rng: random.Random, *, sharing: bool = True) -> tuple[str, int]:
    """The text of a file, with anchors, aliases and merges if it may be ``sharing``, and the number of a document in it."""
    count = rng.choice([1, 1, 2])
    renderer = Renderer(rng, sharing=sharing)
    texts = []
    for _ in range(count):
        seen: list[Any] = []
        data = {"kind": "X", **random_mapping(rng, 0, seen), "end": random_value(rng, 0, seen)}
        texts.append(renderer.document(data))
    text = rng.choice(["", "---\n"]) + "---\n".join(texts)
    if rng.random() < 0.2:
        text = text.removesuffix("\n")
    if rng.random() < 0.2:
        text = text.replace("\n", "\r\n")
    if rng.random() < 0.1:
        text = "\ufeff" + text
    assert len(load_text("x.yaml", text).documents) == count, (text, load_text("x.yaml", text).diagnostics)
    return text, rng.randrange(count)


def places(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    """Every path of a value with what stands there."""
    result = [(path, data)]
    steps = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, part in steps:
        result += places(part, (*path, step))
    return result


def random_edit(rng: random.Random, data: Any) -> Edit:
    """Some edit that fits the data."""
    every = places(data)
    path, value = rng.choice(every)
    lists = [(p, v) for p, v in every if isinstance(v, list) and v]
    kind = rng.random()
    if kind < 0.15 and lists:
        path, value = rng.choice(lists)
        return InsertItem(path, rng.randrange(len(value) + 1), random_value(rng, 3))
    if kind < 0.25 and lists:
        path, value = rng.choice(lists)
        return MoveItem(path, rng.randrange(len(value)), rng.randrange(len(value)))
    if kind < 0.45 and path:
        return Remove(path)
    if kind < 0.6 and isinstance(value, dict):
        return SetValue((*path, rng.choice([*KEYS, "new"])), random_value(rng, 3))
    if kind < 0.65 and isinstance(value, dict) and "new" not in value:
        return SetValue((*path, "new", "deep", "x"), random_value(rng, 3))
    return SetValue(path, random_value(rng, 2)) if path else SetValue(("kind",), "Y")
