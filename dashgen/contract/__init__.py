"""The metric contract against what an application really exposes."""

from dashgen.contract.compare import compare
from dashgen.contract.draw_up import drawn_up
from dashgen.model.known_series import PassedOver

__all__ = ["PassedOver", "compare", "drawn_up"]
