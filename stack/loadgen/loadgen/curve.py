"""How busy the bot is: by hour and by day of the week, in Dubai's time."""

import math
from datetime import datetime, timedelta, timezone

DUBAI = timezone(timedelta(hours=4))
_WEEKEND = {5: 0.75, 6: 0.8}  # Saturday and Sunday
_QUIETEST = 0.08


def by_hour(hour: float) -> float:
    """From 0.08 at night to 1 in the evening, with a smaller peak before noon."""
    evening = math.exp(-(((hour - 20) / 2.6) ** 2))
    noon = 0.8 * math.exp(-(((hour - 11.5) / 3.2) ** 2))
    late = 0.5 * math.exp(-(((hour + 4 - 20) / 2.6) ** 2)) if hour < 4 else 0.0
    return min(1.0, _QUIETEST + evening + noon + late)


def at(timestamp: float) -> float:
    """From 0 to 1 at a moment."""
    local = datetime.fromtimestamp(timestamp, DUBAI)
    return by_hour(local.hour + local.minute / 60) * by_weekday(timestamp)


def by_weekday(timestamp: float) -> float:
    """What a day has of a working day."""
    return _WEEKEND.get(datetime.fromtimestamp(timestamp, DUBAI).weekday(), 1.0)
