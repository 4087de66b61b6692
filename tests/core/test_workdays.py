"""Working days of the mainland: holidays, exchange days, counting both ways."""

from datetime import date

import pytest

from core import workdays


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2018, 2, 11), True),  # a Sunday worked for the Spring Festival
        (date(2018, 2, 15), False),  # a Thursday off in exchange
        (date(2018, 10, 1), False),
        (date(2018, 10, 8), True),
        (date(2018, 10, 13), False),
    ],
)
def test_exchange_days_and_holidays_are_known(day: date, works: bool) -> None:
    assert workdays.is_workday(day) is works


def test_counting_over_a_long_holiday() -> None:
    assert workdays.add(date(2018, 9, 28), 1) == date(2018, 9, 29)  # a Saturday worked
    assert workdays.add(date(2018, 9, 28), 3) == date(2018, 10, 8)
    assert workdays.add(date(2018, 10, 8), -3) == date(2018, 9, 28)
    assert workdays.between(date(2018, 9, 28), date(2018, 10, 8)) == 3
    assert workdays.between(date(2018, 10, 8), date(2018, 9, 28)) == -3


def test_a_day_off_moves_to_the_next_working_day() -> None:
    assert workdays.on_or_after(date(2018, 10, 1)) == date(2018, 10, 8)
    assert workdays.on_or_after(date(2018, 10, 9)) == date(2018, 10, 9)


def test_no_step_is_the_day_itself() -> None:
    assert workdays.add(date(2018, 10, 1), 0) == date(2018, 10, 1)
    assert workdays.between(date(2018, 10, 1), date(2018, 10, 1)) == 0
