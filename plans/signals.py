"""What plans tell the floors above, inside the same transaction."""

from django.dispatch import Signal

# A parsed document became a plan. Arguments: plan (Plan), parsed (plans.importer.ParsedPlan),
# measures (list of (Measure, span)): who receives it makes targets and the like from the draft.
plan_imported = Signal()
