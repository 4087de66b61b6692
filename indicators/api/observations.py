"""REST: observed values, written one by one or 10,000 at a time, and every step of one."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from core.deeds import KEY, DeedViewSet, ReasonNeeds, answered, deed
from core.rest import invalid, know
from indicators import services
from indicators.api.needs import (
    MOST_ROWS,
    AnswerNeeds,
    BulkAnswer,
    BulkNeeds,
    BulkProblem,
    ChangeNeeds,
    ObservationNeeds,
    SeenNeeds,
)
from indicators.api.reading import Read, read_change, read_rows, wrong
from indicators.api.rows import QUESTIONS, ObservationRow
from indicators.filters import ObservationFilter
from indicators.models import Observation, Question
from indicators.selectors.observations import asked_of
from indicators.workflow import STEPS


class Observations(DeedViewSet):
    """Values of indicators; a correction is a new row that supersedes the old one."""

    queryset = Observation.objects.select_related("indicator", "region").prefetch_related(
        "questions"
    )
    serializer_class = ObservationRow
    filterset_class = ObservationFilter

    @extend_schema(request=ObservationNeeds, responses={201: ObservationRow}, parameters=[KEY])
    def create(self, request: Request) -> Response:
        """Write a value as a draft; an open draft of the same key is changed."""
        know(request, {"format"})
        read = read_rows([request.data], request.user)
        if read.wrong:
            raise wrong(read.wrong[0], ambiguous=bool(read.ambiguous))

        def act() -> tuple[int, Any]:
            try:
                (done,) = services.write(read.rows, by=request.user)
            except services.RowErrors as error:
                raise wrong(error.rows[0], ambiguous=False) from None
            return 201, self.shown(done.row.pk)

        return answered(request, act)

    @extend_schema(request=ChangeNeeds, responses=ObservationRow, parameters=[KEY])
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change fields of a draft; a stale `version` is 409 with both texts of what differs."""
        row = self.get_object()
        fields, version = read_change(request.data, row)

        def act() -> tuple[int, Any]:
            done = services.change(row, fields, version=version, by=request.user)
            return 200, self.shown(done.pk)

        return answered(request, act)

    @extend_schema(parameters=[KEY], responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Throw away a draft that was never handed in."""

        def act() -> tuple[int, Any]:
            services.discard(self.get_object(), by=request.user)
            return 204, None

        return answered(request, act)

    @extend_schema(
        request=BulkNeeds,
        responses={
            201: BulkAnswer,
            422: OpenApiResponse(BulkProblem, "Wrong rows; nothing was written."),
        },
        parameters=[KEY],
    )
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def bulk(self, request: Request) -> Response:
        """Write up to 10,000 values as drafts, all or none; `submit` hands them in as well.

        What has an open question stays a draft: `state` and `questions` tell.
        """
        know(request, {"format"})
        rows, submit = _bulk(request.data)
        read = read_rows(rows, request.user)
        try:
            return answered(request, lambda: (201, self._written(read, submit)))
        except services.RowErrors as error:
            return Response(_told(error, read), 422)

    def _written(self, read: Read, submit: bool) -> dict[str, Any]:
        user = self.request.user
        done = services.write(read.rows, by=user, unread=read.wrong)
        states = {one.row.pk: one.row.state for one in done}
        if submit:
            ready = [one.row for one in done if one.row.state in STEPS["submit"].sources]
            outcome = services.submit_many(ready, by=user)
            states |= {one.pk: one.state for one in outcome.done}
        asked = asked_of(states)
        return {
            "results": [
                {
                    "index": index,
                    "id": one.row.pk,
                    "state": states[one.row.pk],
                    "changed": one.changed,
                    "questions": QUESTIONS.to_representation(asked.get(one.row.pk, [])),
                }
                for index, one in enumerate(done)
            ]
        }

    @deed(SeenNeeds)
    def submit(self, row: Observation, data: dict[str, Any], now: datetime) -> None:
        """Hand a value in for checking, once every question about it has an answer."""
        services.submit(row, by=self.request.user, now=now, version=data.get("version"))

    @deed()
    def withdraw(self, row: Observation, data: dict[str, Any], now: datetime) -> None:
        """Take back what was handed in, before it is checked."""
        services.withdraw(row, by=self.request.user)

    @deed(SeenNeeds)
    def verify(self, row: Observation, data: dict[str, Any], now: datetime) -> None:
        """Check a value: from now on it counts, and what it corrects no longer does."""
        services.verify(row, by=self.request.user, now=now, version=data.get("version"))

    @deed(ReasonNeeds, verb="return")
    def send_back(self, row: Observation, data: dict[str, Any], now: datetime) -> None:
        """Return a value, with a reason."""
        services.send_back(row, data["reason"], by=self.request.user, now=now)

    @deed(AnswerNeeds)
    def answer(self, row: Observation, data: dict[str, Any], now: datetime) -> None:
        """Answer a question about a value; an empty text takes the answer back."""
        question = Question.objects.filter(observation=row, pk=data["question"]).first()
        if question is None:
            raise NotFound
        services.answer(question, data["answer"], by=self.request.user, now=now)


def _bulk(body: Any) -> tuple[list[Any], bool]:
    """Return the rows of a body, and whether they are handed in as well."""
    body = body if isinstance(body, dict) else {}
    rows, submit = body.get("rows"), body.get("submit", False)
    if not isinstance(rows, list) or not rows:
        raise invalid("rows", _("请在 rows 里给出要写入的行。"))
    if len(rows) > MOST_ROWS:
        raise invalid(
            "rows",
            _("一次最多写入 %(most)s 行，这里有 %(count)s 行，请分几次发送。")
            % {"most": MOST_ROWS, "count": len(rows)},
        )
    if not isinstance(submit, bool):
        raise invalid("submit", _("请填 true 或 false。"))
    return rows, submit


def _told(error: services.RowErrors, read: Read) -> dict[str, Any]:
    """Return the answer to rows of which some are wrong: those, and nothing else."""
    return {
        "code": error.code,
        "message": error.message,
        "fields": {},
        "results": [
            {
                "index": number,
                "status": "error",
                "code": "ambiguous" if number in read.ambiguous else "invalid",
                "fields": fields,
            }
            for number, fields in error.rows.items()
        ],
    }
