"""A project and a fake Grafana for each test, as pushing has them."""

from tests.sync.conftest import everywhere, fake, project, quick

__all__ = ["everywhere", "fake", "project", "quick"]
