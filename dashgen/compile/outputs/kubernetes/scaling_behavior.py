"""How fast the number of replicas changes, as autoscaling/v2 writes it; KEDA takes the same."""

from decimal import Decimal
from typing import Final

from dashgen.core.json_values import Json
from dashgen.model.duration import whole_seconds
from dashgen.model.scaler_spec import Scaler, ScalingRules

_CHOICES: Final = {"max": "Max", "min": "Min", "disabled": "Disabled"}
_SMALLER: Final = ("", "m", "u", "n")


def behavior(scaler: Scaler) -> Json:
    """The rules of both directions, without those that Kubernetes has anyway."""
    rules = {"scaleUp": _rules(scaler.up), "scaleDown": _rules(scaler.down)}
    return {name: rule for name, rule in rules.items() if rule}


def _rules(rules: ScalingRules) -> Json:
    data: Json = {}
    if rules.stabilization is not None:
        data["stabilizationWindowSeconds"] = whole_seconds(rules.stabilization)
    if rules.choose is not None:
        data["selectPolicy"] = _CHOICES[rules.choose]
    if rules.policies:
        data["policies"] = [
            {
                "type": "Percent" if policy.pods is None else "Pods",
                "value": policy.pods or policy.percent,
                "periodSeconds": whole_seconds(policy.every),
            }
            for policy in rules.policies
        ]
    return data


def quantity(number: float) -> str:
    """A number as Kubernetes writes a quantity: 60 is ``60``, 0.25 is ``250m``."""
    value = Decimal(repr(number))
    for suffix in _SMALLER:
        if value == value.to_integral_value():
            return f"{int(value)}{suffix}"
        value *= 1000
    return f"{max(int(value / 1000), 1)}n"
