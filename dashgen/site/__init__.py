"""The documentation of a project: a static site of what its specs define.

Takes the settled specs and gives files (`site_files`), which `write_site` writes or compares. `pages/` has
one module for each kind of page, which turns values into what a template of `templates/` shows. May import
`preview` (the pictures), `project` and what is below.
"""
