"""Words that deeds ask for: one that gives none is refused at its field."""

import pytest

from core.errors import DomainError
from tasks.services import periods, planning
from tasks.services.entries import decisions
from tasks.services.sayings import MOST, said, with_reason
from tests.cast import Cast
from tests.cast_story import NOW


@pytest.mark.django_db
@pytest.mark.services
def test_a_step_that_needs_a_reason_is_refused_without(cast: Cast) -> None:
    for deed in (
        lambda: decisions.waive(cast.entry_blank.pk, " \n", by=cast.office, now=NOW),
        lambda: periods.freeze(cast.earlier, "\x00", by=cast.office, now=NOW),
        lambda: planning.cancel_task(cast.task_1, "", by=cast.office),
    ):
        with pytest.raises(DomainError, match="请写明") as refused:
            deed()
        assert list(refused.value.fields) == ["reason"]
    cast.entry_blank.refresh_from_db()
    assert (cast.entry_blank.state, cast.entry_blank.waive_reason) == ("draft", "")


def test_too_long_is_refused_or_cut() -> None:
    assert said(" 好\r\n", "words", "请写明。") == "好"
    with pytest.raises(DomainError, match="最多 300 字，现有 301 字") as refused:
        said("长" * (MOST + 1), "words", "请写明。")
    assert list(refused.value.fields) == ["words"]
    assert with_reason("长" * (MOST + 1)) == "长" * MOST
