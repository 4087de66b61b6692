"""The diagrams of the documentation are those of the tables."""

from reports.management.commands.draw_states import PAGE, TABLES, page
from tasks.workflow import GONE


def test_the_page_of_states_is_drawn_from_the_tables_of_today() -> None:
    assert PAGE.read_text("utf-8") == page(), "run manage.py draw_states"


def test_every_state_in_a_diagram_is_a_state_of_its_rows() -> None:
    for _heading, _place, steps, states, _first in TABLES:
        named = {name for step in steps for name in (*step.sources, step.target) if name}
        assert named - {GONE} <= set(states.values)
