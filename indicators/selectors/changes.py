"""What a target asked before, step by step, and why it was changed."""

from indicators.models import Target


def target_history(target: Target) -> list[Target]:
    """Return every form of a target, the newest first (one query)."""
    rows = {
        one.pk: one
        for one in Target.objects.filter(
            plan=target.plan_id, indicator=target.indicator_id
        ).select_related("plan__region", "indicator", "changed_by")
    }
    before = {one.replaced_by_id: one for one in rows.values() if one.replaced_by_id}
    newest = rows.get(target.pk, target)
    while newest.replaced_by_id and newest.replaced_by_id in rows:
        newest = rows[newest.replaced_by_id]
    chain = [newest]
    while (older := before.get(chain[-1].pk)) is not None:
        chain.append(older)
    return chain
