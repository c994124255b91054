"""A project as it was at a git ref."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from dashgen.core.diagnostics import nearest
from dashgen.core.errors import DashgenError

# A hook sets these to the repository that it runs for: git would read that one and its index.
_OF_HOOKS = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
)  # fmt: skip
# A file system monitor would start a process that stays; the advice would end up in error messages.
_CALM = ("-c", "core.fsmonitor=false", "-c", "advice.detachedHead=false")
_SECONDS = 300


class Repository(Struct, frozen=True):
    """A git repository; ``prefix`` is the project's path in it, empty for the repository itself."""

    top: Path
    prefix: str

    def commit(self, ref: str) -> str:
        """The commit that a ref names.

        Raises:
            DashgenError: there is no such ref.
        """
        commit = _git(self.top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        if commit.returncode == 0:
            return commit.stdout.strip()
        raise DashgenError(f"there is no commit `{ref}`; {self._hint(ref)}")

    def _hint(self, ref: str) -> str:
        if _git(self.top, "rev-parse", "--is-shallow-repository").stdout.strip() == "true":
            return "this clone is shallow: fetch the ref first, for example with `git fetch origin`"
        references = _git(self.top, "for-each-ref", "--format=%(refname:short)").stdout.split()
        return nearest(ref, references) or "name a branch, a tag or a commit"

    def has_project(self, commit: str) -> bool:
        """Whether the project's folder was there in a commit."""
        if not self.prefix:
            return True
        return _git(self.top, "cat-file", "-e", f"{commit}:{self.prefix}").returncode == 0

    def check_out(self, commit: str, folder: Path, paths: Sequence[str] | None = None) -> Path:
        """Write a commit's files to a folder outside the repository, without touching its state or index.

        Args:
            commit: the commit.
            folder: an empty folder.
            paths: the only files that are wanted, relative to the project's folder; all when absent.

        Returns:
            The project's folder there.

        Raises:
            DashgenError: git cannot do it.
        """
        index = {"GIT_INDEX_FILE": str(folder / "index")}
        tree = folder / "tree"
        tree.mkdir()
        listed = "\0".join(f"{self.prefix}/{path}" if self.prefix else path for path in paths or ())
        files = ("--all",) if paths is None else ("-z", "--stdin")
        for arguments in (
            ("read-tree", commit),
            ("checkout-index", "--force", f"--prefix={tree}/", *files),
        ):
            done = _git(self.top, *arguments, variables=index, text=listed)
            if done.returncode != 0:
                raise DashgenError(f"git cannot read `{commit[:12]}`: {_last(done.stderr)}")
        return tree / self.prefix

    def fork_point(self, commit: str) -> str:
        """The commit at which the present branch left another one; that commit where nobody knows."""
        return _git(self.top, "merge-base", "--end-of-options", commit, "HEAD").stdout.strip() or commit

    def changed_files(self, commit: str) -> dict[str, bool]:
        """The project's files that differ between a commit and the working tree, new and removed ones too.

        Returns:
            By path below the project's folder, whether the commit has the file.

        Raises:
            DashgenError: git cannot say.
        """
        folder = self.top / self.prefix
        done = _git(folder, "diff", "--name-status", "--no-renames", "-z", "--relative", commit, "--", ".")
        if done.returncode != 0:
            raise DashgenError(f"git cannot compare with `{commit[:12]}`: {_last(done.stderr)}")
        fields = done.stdout.split("\0")
        changed = {path: status != "A" for status, path in zip(fields[::2], fields[1::2], strict=False)}
        return {**dict.fromkeys(self.untracked(), False), **changed}

    def difference(self, commit: str) -> str:
        """The changes of the project's files since they branched off a commit, as a diff without context.

        Paths are relative to the project's folder.

        Raises:
            DashgenError: git cannot say.
        """
        folder = self.top / self.prefix
        base = self.fork_point(commit)
        forms = ("--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/")
        done = _git(
            folder, "-c", "core.quotePath=false", "diff", "--relative", "--unified=0", *forms, base, "--", "."
        )
        if done.returncode != 0:
            raise DashgenError(f"git cannot compare with `{commit[:12]}`: {_last(done.stderr)}")
        return done.stdout

    def untracked(self) -> list[str]:
        """The project's files that are neither in a commit nor ignored, relative to its folder."""
        listed = _git(self.top / self.prefix, "ls-files", "-z", "--others", "--exclude-standard")
        return [path for path in listed.stdout.split("\0") if path]


def open_repository(root: Path) -> Repository:
    """The repository that a project is in.

    Raises:
        DashgenError: there is none, or no git.
    """
    result = _git(root, "rev-parse", "--show-toplevel")
    if result.returncode != 0:
        if "dubious ownership" in result.stderr:
            raise DashgenError(f"git does not trust the repository of {root}: it belongs to another user")
        raise DashgenError(f"{root} is not in a git repository, and a ref is one of a repository")
    top = Path(result.stdout.rstrip("\n")).resolve()
    prefix = root.resolve().relative_to(top).as_posix()
    return Repository(top, "" if prefix == "." else prefix)


def is_tracked(root: Path, path: str) -> bool:
    """Whether git tracks a file or anything below a folder, so that it came with a branch.

    Args:
        root: the project's folder, which need be in no repository.
        path: what is looked for, relative to it.

    Raises:
        DashgenError: git gives no answer.
    """
    resolved = root.resolve()
    if not any((folder / ".git").exists() for folder in (resolved, *resolved.parents)):
        return False
    result = _git(root, "ls-files", "-z", "--cached", "--", path)
    if result.returncode != 0:
        raise DashgenError(f"git cannot say whether `{path}` is in a commit: {_last(result.stderr)}")
    return bool(result.stdout)


def _git(
    folder: Path, *arguments: str, variables: dict[str, str] | None = None, text: str = ""
) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_LFS_SKIP_SMUDGE": "1", **(variables or {})}
    try:
        return subprocess.run(  # noqa: S603  # a fixed program; refs come behind --end-of-options
            ["git", *_CALM, *arguments],  # noqa: S607  # the user's own git
            cwd=folder,
            env=environment,
            capture_output=True,
            input=text,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        raise DashgenError("git is not installed, or not on the PATH, and this needs it") from None
    except subprocess.TimeoutExpired:
        raise DashgenError(f"git took longer than {_SECONDS} s") from None


def _last(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1].removeprefix("fatal: ") if lines else "it printed no reason"
