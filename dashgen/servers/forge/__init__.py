"""The comment of a review on a code host: a pull request of GitHub, a merge request of GitLab.

Takes addresses and tokens from the environment of a CI job. Clients stand on `http`, so time, size and
number of requests are bounded, nothing is sent to another host, and tokens are in no message.
"""

from dashgen.servers.forge.forge_session import ForgeError, ForgeSession
from dashgen.servers.forge.github_pull_request import GithubPullRequest, github_pull_request
from dashgen.servers.forge.gitlab_merge_request import GitlabMergeRequest, gitlab_merge_request
from dashgen.servers.forge.review_thread import ImageFile, ReviewThread, update_comment

__all__ = [
    "ForgeError",
    "ForgeSession",
    "GithubPullRequest",
    "GitlabMergeRequest",
    "ImageFile",
    "ReviewThread",
    "github_pull_request",
    "gitlab_merge_request",
    "update_comment",
]
