"""What other projects take from this one for their CI: hooks, a GitHub Action, a GitLab job."""
