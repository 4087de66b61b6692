"""`manage.py demo [--json]`: a populated portal to look at; running it again changes nothing."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from core.models import Notice
from departments import reference
from departments.models import Department, Membership, Region, User
from departments.services import region_of_code
from plans.importer import read_file
from plans.models import Plan
from plans.services.imports import import_document
from plans.services.lifecycle import activate, set_public
from reports.demo import (
    numbers,
    paper,
    people,
    planning,
    register,
    roster,
    supervision,
    work,
)

DOCUMENTS = Path(settings.BASE_DIR) / "plans" / "documents"
# The plan that the demo lives with: the one of this region; the others are only in force.
STAGE = "370300"
YEARS = (2017, 2018)
BEFORE = 2016  # the plan's first year, from before the portal: entered afterwards


class Command(BaseCommand):
    help = "Load the bundled plans, demo accounts of every role and demo progress."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the accounts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            self.stderr.write("演示数据不能装入正式环境。")
            raise SystemExit(2)
        path = Path(settings.DATA_DIR) / "demo.json"
        accounts = people.read(path)
        if not (accounts and User.objects.filter(username=accounts[0].username).exists()):
            with transaction.atomic():
                accounts = load()
            people.write(path, accounts)
        if options["json"]:
            rows = [people.as_dict(one) for one in accounts]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for one in accounts:
            self.stdout.write(
                f"{one.role}\t{one.username}\t{one.password}\t{one.department or one.region}"
            )


def load() -> list[people.Account]:
    """Fill an empty database; returns the accounts."""
    cast = people.Cast()
    offices: dict[str, tuple[User, User]] = {}
    for path in sorted(DOCUMENTS.glob("*.txt")):
        for plan in import_document(path.name, path.read_bytes(), read_file(path)):
            prefix = path.stem.split("-")[0]
            offices[plan.region.code] = people.offices(cast, plan.region, prefix)
            activate(plan, by=offices[plan.region.code][0])
            set_public(plan, True, by=offices[plan.region.code][0])
    for place in reference.below(STAGE):
        region_of_code(place.code)
    city = region_of_code(STAGE)
    people.supervisors(cast, city, "zibo")
    office, checker = offices[STAGE]
    numbers.enter(city, office, checker, timezone.now())
    _upper_and_lower(cast, city)  # after the numbers: the city enters for counties without people
    plan = Plan.objects.get(region=city)
    crew = work.Crew(office, checker, _liaisons(cast, city))
    _named_units(cast, city, crew)
    for year in YEARS:
        work.make_year(plan, year, crew)
    for spec in work.HISTORY:
        work.live_through(plan, spec, crew)
    work.enter_past(plan, BEFORE, crew)
    # What happened long ago waits for nobody.
    Notice.objects.filter(deliver_after__lt=timezone.now() - timedelta(days=30)).update(
        read_at=timezone.now()
    )
    work.begin_present(plan, crew)
    register.hold(plan, crew)
    leader = User.objects.get(username="zibo-leader")
    roster.fill(city, office)
    supervision.happen(plan, leader, crew, timezone.now())
    planning.happen(plan, YEARS[-1], crew)
    paper.enter(city, YEARS[-1] + 1, office)
    # The place where something happens comes first: that is where a visitor should look.
    return sorted(cast.accounts, key=lambda one: one.region != STAGE)


def _upper_and_lower(cast: people.Cast, city: Region) -> None:
    """Make people of the province above and of one county below the city."""
    if city.parent is not None:
        cast.person("province-office", f"{city.parent.name}纲要办", "office", region=city.parent)
    county = Region.objects.filter(parent=city).order_by("code")[1]
    cast.person("county-office", f"{county.name}纲要办", "office", region=county)


def _liaisons(cast: people.Cast, city: Region) -> Callable[[int], User]:
    """Return a function that gives the liaison of a department, making one where needed."""
    known: dict[int, User] = {}

    def liaison(department_id: int) -> User:
        if department_id not in known:
            department = Department.objects.get(pk=department_id)
            known[department_id] = cast.person(
                f"zibo-liaison{len(known) + 1:02d}",
                f"{department.name}联络员",
                "liaison",
                department=department,
            )
        return known[department_id]

    return liaison


def _named_units(cast: people.Cast, city: Region, crew: work.Crew) -> None:
    """Make the people that a visitor tries first: a liaison, a head, and one with two units.

    The second unit of the last came to them by a hand-over.
    """
    units = Department.objects.filter(region=city).exclude(kind=Department.Kind.GROUP)
    first, second, third = units.order_by("id")[:3]
    crew.liaison(first.pk)
    cast.person("zibo-head01", f"{first.name}负责人", Membership.Role.HEAD, department=first)
    both = crew.liaison(second.pk)
    roster.pass_on(third, both, crew.office, timezone.localtime())
    cast.person(both.username, both.name, "liaison", department=third)
