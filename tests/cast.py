"""The named cast: one small country that every test may take as given (fixture `cast`).

Places: `nation` > `province` > `city_a`, `city_b`; `county_a1` and `county_a2` lie in city A.
Units of city A: `association` (市科协, the 纲要办 sits there), `education` (市教育局), `finance`
(市财政局) and the group `members` (各成员单位). `education_b` is a unit of city B, proposed by its
draft plan; `succession` says, unconfirmed, that it was renamed.
People, each with one role unless said otherwise: `office` and `office_2` (纲要办 of city A),
`office_b`, `office_province`, `liaison` and `head` (市教育局 of A), `liaison_finance`, `liaison_b`
(市教育局 of B), `leader`, `auditor`, `security`, `admin`, `client` (all of city A), and `double`
(liaison of 市科协 first: `double_liaison`; 纲要办 of county A1 second: `double_office`).

Plan A (`plan`, 2021–2025, active, open to the public): `action_1` with `measure_1`, `measure_2`,
`action_2` with `measure_3`, `measure_4`, a safeguard; targets `literacy`, `funding`, `venues`;
three phases, one duty. `plan_b` is a draft of city B. `draft` (2026–2030) was read for city A and
waits for its check: `draft_action` with `draft_measure` and `draft_measure_2`, `draft_action_2`,
one `draft_warning`. The year 2024 of plan A:

    task_1  汇总 education, finance reports a part, the group cooperates
    task_2  汇总 education
    task_3  汇总 association, education reports a part
    task_4  no 汇总单位: finance and education report each for itself

`period` (上半年, open) and `earlier` (一季度, closed, everything checked). Entries of `period`:

    task_1  `entry_draft`   (education, typed text, not handed in), `part_submitted` (finance)
    task_2  `entry_submitted` (education, with the file `evidence`)
    task_3  `entry_approved`  (association), `part_blank` (education, untouched)
    task_4  `entry_returned`  (education), `entry_blank` (finance, untouched)

`event` is an activity of education in county A1, counted to task_2, with its `event_file`.
`sheet` is a table B that `liaison` uploaded: it changes the problems of `part_blank`.
`entry_earlier` is the approved entry of task_1 in `earlier`; task_4 has the office's `judgement`.
Observations: `observed` (verified, literacy of city A), `observed_draft`, `observed_submitted`,
`observed_returned` (funding of A), `observed_by_unit` (finance's own draft), `observed_above`
(verified, province), `observed_b` (submitted by city B). `value_sheet` is a file of `office` with
a value of literacy for 2022. Reports: `report_draft` (2023) and
`report_issued` (2022) of plan A. Everything happened around `NOW` (10 July 2024).
Supervision in city A: `demand` (the leader's, about measure_1, waiting) and `written` (a 批示 with
the file `scan`, passed on as `item_working`). 督办件 2024-001 to -004, of education unless said
otherwise: `item_pending` (due 2099), `item_working` (finance helps, asks for an `extension`),
`item_reviewing` (with the file `item_file`), `item_settled` (finance).

Scorecards: plan A has scoring switched on, and for 2024 the approved `scheme`. `card` (education,
with the file `score_file`) is checked and not yet told, `card_draft` (finance) waits to be rated,
and so does that of the association.

The story is told once per process through the services (`tests/cast_story.py`); every later test
gets the same rows by plain inserts. `browse(person)` is a logged-in browser (None: anonymous),
`call(person)` a REST client with a token of its own.
"""

from __future__ import annotations  # this plugin is loaded before Django has its models

import pickle
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.test import Client

if TYPE_CHECKING:
    from departments.models import Department, Membership, Region, Succession, User
    from indicators.models import Indicator, Observation, ObservationSheet, Target
    from plans.models import Action, Draft, DraftItem, DraftWarning, Duty, Measure, Plan
    from reports.models import Report, ScoreCard, ScoreEvidence, ScoreScheme
    from tasks.models import (
        Entry,
        Event,
        EventFile,
        Evidence,
        ExtensionRequest,
        Instruction,
        Judgement,
        Period,
        Sheet,
        SupervisionFile,
        SupervisionItem,
        Task,
    )

APPS = ("core", "departments", "plans", "indicators", "tasks", "reports")


@dataclass(slots=True)
class Cast:
    """The cast by name, as it stands in the database at the start of each test."""

    nation: Region
    province: Region
    city_a: Region
    city_b: Region
    county_a1: Region
    county_a2: Region
    association: Department
    education: Department
    finance: Department
    members: Department
    education_b: Department
    succession: Succession
    office: User
    office_2: User
    office_b: User
    office_province: User
    liaison: User
    head: User
    liaison_finance: User
    liaison_b: User
    leader: User
    auditor: User
    security: User
    admin: User
    client: User
    double: User
    double_liaison: Membership
    double_office: Membership
    plan: Plan
    plan_b: Plan
    draft: Draft
    draft_action: DraftItem
    draft_action_2: DraftItem
    draft_measure: DraftItem
    draft_measure_2: DraftItem
    draft_warning: DraftWarning
    action_1: Action
    action_2: Action
    safeguard: Action
    measure_1: Measure
    measure_2: Measure
    measure_3: Measure
    measure_4: Measure
    duty: Duty
    literacy_ratio: Indicator
    funding_per_capita: Indicator
    venue_coverage: Indicator
    literacy: Target
    funding: Target
    venues: Target
    task_1: Task
    task_2: Task
    task_3: Task
    task_4: Task
    earlier: Period
    period: Period
    entry_earlier: Entry
    entry_draft: Entry
    part_submitted: Entry
    entry_submitted: Entry
    entry_approved: Entry
    part_blank: Entry
    entry_returned: Entry
    entry_blank: Entry
    evidence: Evidence
    sheet: Sheet
    value_sheet: ObservationSheet
    judgement: Judgement
    event: Event
    event_file: EventFile
    observed: Observation
    observed_draft: Observation
    observed_submitted: Observation
    observed_returned: Observation
    observed_by_unit: Observation
    observed_above: Observation
    observed_b: Observation
    report_draft: Report
    report_issued: Report
    demand: Instruction
    written: Instruction
    scan: SupervisionFile
    item_pending: SupervisionItem
    item_working: SupervisionItem
    item_reviewing: SupervisionItem
    item_settled: SupervisionItem
    extension: ExtensionRequest
    item_file: SupervisionFile
    scheme: ScoreScheme
    card: ScoreCard
    card_draft: ScoreCard
    score_file: ScoreEvidence


@dataclass(slots=True)
class Snapshot:
    """The rows of the told story, each table with the statement that puts them back; the cast."""

    rows: list[tuple[str, list[tuple[Any, ...]]]]
    cast: bytes  # pickled: each test gets objects of its own, without asking the database


CATALOGUE = "indicators_indicator"


def _tables() -> list[str]:
    """Return the tables of our own apps, those between many and many included."""
    return [
        model._meta.db_table
        for app in APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]


def _read(table: str) -> tuple[str, list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return table, [column[0] for column in cursor.description], cursor.fetchall()


def _insert(table: str, columns: list[str]) -> str:
    quoted = ", ".join(connection.ops.quote_name(name) for name in columns)
    places = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {connection.ops.quote_name(table)} ({quoted}) VALUES ({places})"


def _take(told: dict[str, models.Model], before: dict[str, set[Any]]) -> Snapshot:
    """Keep the rows that the story made; what migrations had put there is there anyway."""
    rows = []
    for table in _tables():
        name, columns, found = _read(table)
        new = [row for row in found if row[0] not in before[table]]
        if new:
            rows.append((_insert(name, columns), new))
    # Read afresh: what the story's objects remember of each other is not for tests.
    fresh = {name: type(row)._base_manager.get(pk=row.pk) for name, row in told.items()}
    cast = Cast(**{field.name: fresh[field.name] for field in fields(Cast)})
    return Snapshot(rows, pickle.dumps(cast))


def _restore(snapshot: Snapshot) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {CATALOGUE}")
        for insert, rows in snapshot.rows:  # foreign keys are checked later: the order is free
            cursor.executemany(insert, rows)


@pytest.fixture(scope="session")
def _told() -> list[Snapshot]:
    """Hold the snapshot once the first test has told the story."""
    return []


@pytest.fixture
def cast(db: None, _told: list[Snapshot]) -> Cast:
    """Return the cast (see the head of this file)."""
    if _told:
        _restore(_told[0])
    else:
        from tests.cast_story import tell

        # The catalogue is there before, but under other ids after a database was emptied.
        before = {
            table: {row[0] for row in _read(table)[2]} if table != CATALOGUE else set()
            for table in _tables()
        }
        _told.append(_take(tell(), before))
    cast: Cast = pickle.loads(_told[0].cast)
    return cast


@pytest.fixture
def browse() -> Callable[[User | None], Client]:
    """Return a function that gives a person's browser, logged in; None for the public."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    def open_browser(person: User | None) -> Client:
        browser = Client()
        if person is not None:
            # Only what a log-in leaves in the session: `force_login` also clears the failed ones,
            # writes two records and changes the person, and costs ten times as much.
            session = SessionStore()
            row = session.create_model_instance(
                {
                    SESSION_KEY: str(person.pk),
                    BACKEND_SESSION_KEY: "departments.backends.RoleBackend",
                    HASH_SESSION_KEY: person.get_session_auth_hash(),
                }
            )
            row.save(force_insert=True)
            browser.cookies[settings.SESSION_COOKIE_NAME] = row.session_key
        return browser

    return open_browser


@pytest.fixture
def call() -> Callable[..., Client]:
    """Return a function that gives a REST client acting as a person's (first) membership."""
    from departments.services import issue_token

    def open_client(person: User | None, scope: str = "read", **kwargs: Any) -> Client:
        if person is None:
            return Client()
        membership = kwargs.get("membership") or person.memberships.order_by("id").first()
        _token, text = issue_token(membership, "test", scope, by=person)
        return Client(headers={"Authorization": f"Token {text}"})

    return open_client
