"""Mutations of specs through `dashgen build` and `dashgen validate`."""

import random
import tempfile
from pathlib import Path

from tests.fuzz.values import mutated_text
from tests.fuzz.watch import Findings, watch
from tests.project.project import run

ROOT = Path(__file__).parents[2]


def fuzz_specs(count: int, seed: int, found: Findings) -> None:
    """Build projects of which one file is another one than somebody wrote."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "specs").rglob("*.yaml"))]
    texts += [path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests").rglob("*.yaml"))]
    documents = [
        part for text in texts for part in text.split("\n---\n") if "kind:" in part and len(part) < 6000
    ]
    sources = "kind: DataSources\ndatasources:\n  prometheus: {url: 'http://p', default: true}\n  loki: {url: 'http://l'}\n"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "specs").mkdir()
        (folder / "specs/sources.yaml").write_text(sources, encoding="utf-8")
        for number in range(count):
            random_ = random.Random(f"{seed} {number}")  # noqa: S311  # no secret
            project = "specs: [specs]\nenvironments: {prod: {}}\n"
            text = mutated_text(random_.choice(documents), random_)
            if random_.random() < 0.1:
                project, text = mutated_text(project, random_), random_.choice(documents)
            (folder / "dashgen.yaml").write_text(project, encoding="utf-8", errors="replace")
            (folder / "specs/main.yaml").write_text(text, encoding="utf-8", errors="replace")
            words = random_.choice(
                (
                    ["build", "--check"],
                    ["build", "--check", "--env", "prod"],
                    ["validate"],
                    ["list"],
                    ["build"],
                )
            )
            watch(
                f"specs {seed} {number} {' '.join(words)}", lambda words=words: _ended(words, folder), found
            )


def _ended(words: list[str], folder: Path) -> tuple[int, str]:
    done = run(*words, "-C", str(folder))
    return done.code, done.err
