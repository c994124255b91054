"""A change of specs for a reviewer: texts, pictures, findings, routes, costs, and what it touches.

Takes a project in a git repository and a revision; gives a `Review`, which `render/` writes as the
Markdown of a comment, as a page and as a document for programs. May import `preview` (pictures), `doctor`
(queries), `project` and what is below.
"""
