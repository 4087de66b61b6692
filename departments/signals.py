"""What departments tell the floors above them, inside the same transaction."""

from django.dispatch import Signal

# old, new (Department): what points to `old` now means `new`; `old` goes when all have answered.
# A receiver returns the number of rows that it moved.
department_merged = Signal()

# memberships (a list), on (date): floors above answer with a mapping of a membership's id to the
# number of things that wait for the person in that role. The answers are added up.
waiting_asked = Signal()
