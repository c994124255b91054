"""Who uses the bot a lot, and who hardly: one segment for each user, by rules over the last four weeks.

| segment | rule, the first that holds |
|---|---|
| dormant | nothing done for 14 days |
| power | asked on at least 10 days, or at least 80 questions |
| regular | asked on at least 3 days |
| casual | everybody else, newcomers too |

Days are UTC's, and questions are those of the last 28 days, answered or failed.
"""

from bot.catalog import Segment

WINDOW_DAYS = 28
DORMANT_DAYS = 14
POWER_DAYS = 10
POWER_QUERIES = 80
REGULAR_DAYS = 3


def segment_of(days_asked: int, queries: int, idle_days: float) -> Segment:
    """The segment of a user.

    Args:
        days_asked: days of the window on which the user asked something.
        queries: questions in the window.
        idle_days: days since the user did anything at all.
    """
    if idle_days >= DORMANT_DAYS:
        return Segment.DORMANT
    if days_asked >= POWER_DAYS or queries >= POWER_QUERIES:
        return Segment.POWER
    return Segment.REGULAR if days_asked >= REGULAR_DAYS else Segment.CASUAL
