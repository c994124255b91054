"""A project and a fake Grafana for each test, as pushing has them."""

from tests.sync.conftest import addresses, everywhere, fake, project, quick, starts

__all__ = ["addresses", "everywhere", "fake", "project", "quick", "starts"]
