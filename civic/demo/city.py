"""The city itself: neighbourhoods, departments, domains, reasons for rejection, programmes."""

from sqlalchemy import select

from civic.actor import SYSTEM
from civic.demo.world import World, items
from civic.extensions import db
from civic.places.models import Category, Department, Neighbourhood
from civic.rounds import service as rounds
from civic.rounds.models import Programme
from civic.text import romanian_sort_key


def load_places(world: World) -> None:
    """Neighbourhoods, departments and domains, each once, by its short name."""
    places = {one.slug: one for one in db.session.scalars(select(Neighbourhood))}
    for item in items("neighbourhoods"):
        if item["slug"] not in places:
            places[item["slug"]] = Neighbourhood(
                slug=item["slug"],
                name=item["name"],
                sort_key=romanian_sort_key(item["name"]),
                latitude=item["lat"],
                longitude=item["lon"],
                shape=item["shape"]["coordinates"],
                vulnerable=item["vulnerable"],
                population=item["population"],
            )
            db.session.add(places[item["slug"]])
    departments = {one.slug: one for one in db.session.scalars(select(Department))}
    for item in items("departments"):
        if item["slug"] not in departments:
            departments[item["slug"]] = Department(
                slug=item["slug"],
                name=item["name"],
                sort_key=romanian_sort_key(item["name"]),
                email=item["email"] or "",
            )
            db.session.add(departments[item["slug"]])
    categories = {one.slug: one for one in db.session.scalars(select(Category))}
    for position, item in enumerate(items("categories")):
        if item["slug"] not in categories:
            categories[item["slug"]] = Category(
                slug=item["slug"],
                name_ro=item["name"],
                name_en=item["name_en"],
                icon=item["icon"],
                tint=item["tint"],
                position=position,
            )
            db.session.add(categories[item["slug"]])
    db.session.flush()
    world.departments = {slug: one.id for slug, one in departments.items()}
    world.categories = {slug: one.id for slug, one in categories.items()}
    for place in places.values():
        db.session.refresh(place)
        db.session.expunge(place)
    world.places = places


def load_programmes(world: World) -> None:
    """The themed programmes, with whom they are for."""
    world.programmes = dict(db.session.execute(select(Programme.slug, Programme.id)).all())
    for item in items("programmes"):
        if item["slug"] not in world.programmes:
            made = rounds.create_programme(
                SYSTEM,
                item["name"],
                world.days.moment(-640),
                description=item["description"],
                min_age=item["min_age"],
                max_age=item["max_age"],
                slug=item["slug"],
            )
            world.programmes[item["slug"]] = made.id
