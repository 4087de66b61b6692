"""A scratch database on PostgreSQL with a country's worth of rows, shared by the benchmarks.

`scratch_database()` first, then Django may be imported: it sets the address before the settings
are read. Names beginning with `_` are no benchmarks of their own.
"""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from departments.models import Region, User
    from plans.models import Plan

SERVER = "postgres://postgres@127.0.0.1:5432/postgres"
YEAR = 2025
BATCH = 5000
_numbers = itertools.count(1)


class NoDatabase(Exception):
    """Say that there is no PostgreSQL to measure on."""


def _server() -> str:
    """Return the address of the PostgreSQL server: DATABASE_URL, else the one on this machine."""
    given = os.environ.get("DATABASE_URL", "")
    return given if given.startswith("postgres") else SERVER


def _data_dir() -> None:
    """Keep what Django writes beside the database in a folder that goes with this process."""
    if "BENCH_DATA_DIR" not in os.environ:
        folder = tempfile.mkdtemp(prefix="gangyao-bench-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["BENCH_DATA_DIR"] = os.environ["DATA_DIR"] = folder


@contextmanager
def scratch_database() -> Iterator[None]:
    """Make an empty database with all migrations, point Django at it, and drop it at the end.

    Raises NoDatabase with a sentence where no PostgreSQL answers. One after another in a process.
    """
    import psycopg

    given, server = os.environ.get("DATABASE_URL"), _server()
    name = f"gangyao_bench_{uuid.uuid4().hex[:12]}"
    try:
        admin = psycopg.connect(server, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        where = urlsplit(server)
        raise NoDatabase(
            f"No PostgreSQL at {where.hostname}:{where.port or 5432}, so this was not measured "
            f"({str(error).splitlines()[0]}). Set DATABASE_URL to a server where databases may "
            "be made."
        ) from error
    with admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            _point_at(urlunsplit(urlsplit(server)._replace(path=f"/{name}")), name)
            yield
        finally:
            from django.db import connections

            connections.close_all()
            os.environ.pop("DATABASE_URL")
            if given is not None:
                os.environ["DATABASE_URL"] = given
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    admin.close()


def _point_at(address: str, name: str) -> None:
    """Let Django use a database from now on, and bring it to the newest migration."""
    _data_dir()
    os.environ["DATABASE_URL"] = address
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from config.collector import settle

    settle()  # as every server and worker does
    connection.close()
    connection.settings_dict["NAME"] = name  # the settings were read for an earlier benchmark
    call_command("migrate", verbosity=0)


@dataclass(frozen=True, slots=True)
class Country:
    """What `country` made: ids in the order in which they were made."""

    region: Region
    office: User
    plan: Plan
    departments: list[int]
    tasks: list[int]
    people: list[int]


def country(*, departments: int, tasks: int, people: int, units: int = 1) -> Country:
    """Make a region of so many departments, with an active plan and so many tasks of 2025.

    Each task has `units` responsible departments in turn, each of which reports to the office, so
    a period asks for tasks × units entries. The people are liaisons, spread over the departments,
    each with an address. May be called again for another region. Everything by bulk_create.
    """
    from departments.models import Department, Membership, Region, User

    number = next(_numbers)
    region = Region.objects.create(
        code=f"{900000 + number}",
        name=f"第{number}市（测速）",
        level="city",
        path=f"{900000 + number}",
    )
    units_of = Department.objects.bulk_create(
        (Department(region=region, name=f"第{one + 1}局") for one in range(departments)), BATCH
    )
    users = User.objects.bulk_create(
        (
            User(
                username=f"bench-{number}-{one}",
                name=f"联络员{one}",
                email=f"bench-{number}-{one}@example.org",
                password="!",
            )
            for one in range(people + 1)
        ),
        BATCH,
    )
    office, liaisons = users[0], users[1:]
    Membership.objects.create(user=office, role="office", region=region)
    Membership.objects.bulk_create(
        (
            Membership(user=user, role="liaison", department=units_of[one % departments])
            for one, user in enumerate(liaisons)
        ),
        BATCH,
    )
    plan = _plan(region)
    ids = [one.pk for one in units_of]
    made = _tasks(plan, tasks, ids, units)
    return Country(region, office, plan, ids, made, [one.pk for one in liaisons])


def _plan(region: Region) -> Plan:
    """Make an active plan of five years around YEAR, with one action."""
    from plans.models import Action, Plan, PlanSettings

    plan = Plan.objects.create(
        region=region,
        title=f"{region.name}全民科学素质行动实施方案",
        start_year=2021,
        end_year=2025,
        state="active",
    )
    PlanSettings.objects.create(plan=plan)
    Action.objects.create(plan=plan, kind="action", title="重点行动", position=1)
    return plan


def _tasks(plan: Plan, count: int, departments: list[int], units: int) -> list[int]:
    """Make the tasks with their responsible units; ten tasks carry out one measure."""
    from plans.models import Measure
    from tasks.models import Assignment, Task

    if units > len(departments):
        raise ValueError("a department has one part in a task: more units than departments")
    measures = Measure.objects.bulk_create(
        (
            Measure(action=plan.actions.get(), title=f"措施{one + 1}", position=one + 1)
            for one in range((count + 9) // 10)
        ),
        BATCH,
    )
    made = Task.objects.bulk_create(
        (
            Task(
                plan=plan,
                measure=measures[one // 10],
                year=YEAR,
                title=f"任务{one + 1}",
                starts=date(YEAR, 1, 1),
                due=date(YEAR, 12, 31),
                gathering="none",
            )
            for one in range(count)
        ),
        BATCH,
    )
    places = itertools.cycle(departments)
    Assignment.objects.bulk_create(
        (
            Assignment(task=task, department_id=next(places), role="responsible")
            for task in made
            for _unit in range(units)
        ),
        BATCH,
    )
    return [one.pk for one in made]


def settled() -> None:
    """Let PostgreSQL know how large the tables have become, as its own service would."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
