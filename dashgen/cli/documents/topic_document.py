"""What ``dashgen explain`` prints of topics as JSON."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from dashgen.cli.topics import Topic
from dashgen.core.reporters.json_report import OutputDocument


class ExplainedTopic(Struct, frozen=True):
    """A topic."""

    name: Annotated[str, Meta(description="Its name, as `dashgen explain` takes it.")]
    title: Annotated[str, Meta(description="Its heading.")]
    summary: Annotated[str, Meta(description="Its first sentence.")]
    text: Annotated[str, Meta(description="The whole text.")]


class TopicsDocument(OutputDocument, frozen=True, kw_only=True):
    """One topic, or all."""

    topics: Annotated[list[ExplainedTopic], Meta(description="The topics.")]


def topics_document(topics: Sequence[Topic]) -> TopicsDocument:
    """The document of some topics."""
    return TopicsDocument(topics=[ExplainedTopic(*topic) for topic in topics])
