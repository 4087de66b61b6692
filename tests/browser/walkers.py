"""Who walks through the portal, each in a browser of their own."""

from dataclasses import dataclass
from datetime import date

from tests.browser.portal import Portal
from tests.browser.visitor import Visitor


@dataclass(slots=True)
class Walk:
    """The portal, the year that is lived through, and who walks."""

    portal: Portal
    year: int
    today: date
    office: Visitor
    checker: Visitor
    liaison: Visitor
    finance: Visitor
    leader: Visitor
    admin: Visitor
