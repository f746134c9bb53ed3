"""How projects look from elsewhere: as links of a chain."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import lazy_gettext as _

from civic.links import Link
from voting import project_queries


def resolve_projects(ids: Iterable[int]) -> dict[int, Link]:
    """Links of projects whose round is public."""
    return {
        project.id: Link(
            "project",
            project.id,
            project.title,
            url_for("voting.project", slug=slug, code=project.code),
            _("Project on the ballot"),
            ((_("Votes"), url_for("voting.results", slug=slug, _anchor=f"result-{project.id}")),)
            if has_results
            else (),
        )
        for project, slug, has_results in project_queries.list_public_projects(list(ids))
    }
