"""What the facts of a report are measured against: the same rows, fetched and left as they are.

Each statement has the name under which figures name such rows; its first column is their id.
"""

TASKS = "SELECT id FROM tasks_task WHERE plan_id = %(plan)s AND year = ANY(%(years)s)"
INDICATORS = "SELECT indicator_id FROM indicators_target WHERE plan_id = %(plan)s"

FETCHED = {
    # What was approved, with its words, unit, period, who handed it in and who signed.
    "tasks.revision": f"""
        SELECT r.*, e.*, d.name, p.name, p.ends, u.name,
            (SELECT count(*) FROM tasks_revision_evidence f WHERE f.revision_id = r.id),
            (SELECT s.name FROM tasks_transition t JOIN departments_user s ON s.id = t.by_id
             WHERE t.revision_id = r.id AND t.verb = 'sign' ORDER BY t.id DESC LIMIT 1)
        FROM tasks_entry e JOIN tasks_revision r ON r.id = e.approved_id
        JOIN departments_department d ON d.id = e.department_id
        JOIN tasks_period p ON p.id = e.period_id
        JOIN departments_user u ON u.id = r.submitted_by_id
        WHERE e.kind = 'report' AND e.task_id IN ({TASKS})
        ORDER BY e.task_id, e.assignment_id, p.ends DESC, e.id DESC
    """,
    "tasks.judgement": f"SELECT * FROM tasks_judgement WHERE task_id IN ({TASKS})",
    "tasks.task": TASKS.replace("SELECT id", "SELECT *"),
    "tasks.assignment": f"""
        SELECT a.id, a.task_id, a.role, a.department_id, d.name FROM tasks_assignment a
        JOIN departments_department d ON d.id = a.department_id
        WHERE a.task_id IN ({TASKS}) ORDER BY a.task_id, a.id
    """,
    "departments.department": f"""
        SELECT d.id, d.name, count(*), count(e.approved_id),
            count(*) FILTER (WHERE r.is_late)
        FROM tasks_entry e JOIN departments_department d ON d.id = e.department_id
        LEFT JOIN tasks_revision r ON r.id = e.approved_id
        WHERE e.kind = 'report' AND e.state <> 'waived' AND e.task_id IN ({TASKS})
        GROUP BY d.id, d.name ORDER BY d.id
    """,
    "plans.action": "SELECT * FROM plans_action WHERE plan_id = %(plan)s ORDER BY position",
    "plans.measure": """
        SELECT m.* FROM plans_measure m JOIN plans_action a ON a.id = m.action_id
        WHERE a.plan_id = %(plan)s ORDER BY a.position, m.position
    """,
    "plans.responsibility": """
        SELECT r.* FROM plans_responsibility r
        LEFT JOIN plans_measure m ON m.id = r.measure_id
        JOIN plans_action a ON a.id = coalesce(r.action_id, m.action_id)
        WHERE a.plan_id = %(plan)s ORDER BY r.position
    """,
    "plans.duty": "SELECT * FROM plans_duty WHERE plan_id = %(plan)s ORDER BY position",
    "departments.region": "SELECT * FROM departments_region WHERE path LIKE %(here)s",
    "indicators.target": """
        SELECT t.*, i.* FROM indicators_target t
        JOIN indicators_indicator i ON i.id = t.indicator_id
        WHERE t.plan_id = %(plan)s ORDER BY t.position
    """,
    "indicators.observation": f"""
        SELECT o.* FROM indicators_observation o JOIN departments_region r ON r.id = o.region_id
        WHERE r.path LIKE %(here)s AND o.indicator_id IN ({INDICATORS})
            AND o.state = 'verified' AND o.superseded_by_id IS NULL
        ORDER BY o.year, o.id
    """,
    "tasks.event": """
        SELECT id, kind, people, duty_id, "on" FROM tasks_event
        WHERE region_id = %(region)s AND struck_at IS NULL
            AND extract(year FROM "on") = ANY(%(years)s) ORDER BY id
    """,
    "tasks.supervisionitem": """
        SELECT s.*, d.name FROM tasks_supervisionitem s
        JOIN departments_department d ON d.id = s.department_id
        WHERE s.region_id = %(region)s AND s.year = ANY(%(years)s) ORDER BY s.year, s.serial
    """,
    "tasks.supervisionstep": """
        SELECT t.* FROM tasks_supervisionstep t JOIN tasks_supervisionitem s ON s.id = t.item_id
        WHERE s.region_id = %(region)s AND s.year = ANY(%(years)s) ORDER BY t.id
    """,
}
