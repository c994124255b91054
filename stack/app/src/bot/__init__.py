"""The Dubai Estate AI Bot."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("dubai-estate-bot")
except PackageNotFoundError:  # run from a plain source tree
    __version__ = "0.0.0"
