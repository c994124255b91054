"""A Grafana to test against, in this process: ``with FakeGrafana() as grafana: grafana.url``."""

from tests.grafana.fake.config import FakeConfig
from tests.grafana.fake.faults import Fault, FaultKind, When
from tests.grafana.fake.server import FakeAddress, FakeGrafana

__all__ = ["FakeAddress", "FakeConfig", "FakeGrafana", "Fault", "FaultKind", "When"]
