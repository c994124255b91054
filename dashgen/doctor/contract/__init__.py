"""The metric contract against what an application really exposes."""

from dashgen.doctor.contract.compare_contract import compare
from dashgen.doctor.contract.contract_spec import contract_of
from dashgen.model.known_series import PassedOver

__all__ = ["PassedOver", "compare", "contract_of"]
