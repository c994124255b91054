import gc
import re
from importlib import import_module
from pkgutil import walk_packages

import dashgen
from dashgen.core.lazy_pattern import _LazyPattern, lazy_pattern


def test_a_pattern_is_compiled_when_it_is_used(monkeypatch) -> None:
    compiled = []
    monkeypatch.setattr(
        re, "compile", lambda *arguments: compiled.append(arguments) or re._compile(*arguments)
    )
    pattern = lazy_pattern(r"(\d+)(s|M)", re.IGNORECASE)
    assert pattern.pattern == r"(\d+)(s|M)"
    assert compiled == []
    assert pattern.sub(r"\2", "5m 10S") == "m S"
    assert [found.groups() for found in pattern.finditer("5m 10S")] == [("5", "m"), ("10", "S")]
    assert pattern.fullmatch("5m ") is None
    assert (pattern.groups, len(compiled)) == (2, 1)


def test_every_pattern_of_the_project_compiles() -> None:
    for module in walk_packages(dashgen.__path__, "dashgen."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    patterns = [value for value in gc.get_objects() if type(value) is _LazyPattern]
    assert len(patterns) > 200
    assert all(isinstance(pattern.groups, int) for pattern in patterns)
