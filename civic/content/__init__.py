"""The city's own words: pages, news, the notice, and what browsers and search engines ask for."""

from flask import Flask
from flask_babel import lazy_gettext as _l


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from civic.content import models, queries, sitemap, staff_views, views  # noqa: F401
    from civic.content.labels import PAGE_TITLES
    from civic.content.notice import CurrentNotice
    from civic.links import register_subject
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action
    from civic.search.registry import Searched, register_searched
    from civic.text import render_markdown

    app.jinja_env.filters.setdefault("markdown", render_markdown)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    register_subject("page", views.resolve_pages)
    register_subject("news", views.resolve_news)
    register_searched(Searched("news", _l("News"), queries.news_having_words, 85))
    register_searched(Searched("page", _l("Pages"), queries.pages_having_words, 90))
    app.context_processor(lambda: {"site_notice": CurrentNotice()})
    for position, (slug, title) in enumerate(PAGE_TITLES.items()):
        link = NavLink(
            title, "content.page", 10 + position, values={"slug": slug}, prefix=f"content.page:{slug}"
        )
        add_link(app, "footer", link)
    add_link(app, "footer", NavLink(_l("News"), "content.news", 20, prefix="content.news"))
    add_link(
        app, "staff", NavLink(_l("Pages and news"), "content_staff.index", 80, action=Action.EDIT_CONTENT)
    )
    add_panel(app, "home.news", views.home_panel)
    sitemap.add_section(app, views.pages_section())
    sitemap.add_section(app, views.news_section())
