"""The skill file for agents: the topic `agents` with the head that programs read."""

from typing import Final

from dashgen.cli.topics import topic_source

# The head is that of agent skills (https://agentskills.io/specification): a name and when to use it.
_HEAD: Final = """\
---
name: dashgen
description: Write, check, preview and ship Grafana dashboards, alert rules and notifications as YAML with dashgen. Use it when
  somebody wants a dashboard or an alert, or when a dashboard in a project with a dashgen.yaml has to be changed.
---

<!-- Written by `python -m dashgen.cli.reference` from `dashgen explain agents`; change the topic instead. -->

"""


def skill_text() -> str:
    """The text of docs/skill/SKILL.md."""
    return _HEAD + topic_source("agents")
