"""What a person may do with compiled reports and with scorecards, and why not."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.verdict import YES, Verdict, no
from departments.policies import is_office_of
from departments.selectors import second_person
from plans.models import Plan
from reports.models import (
    Opinion,
    Report,
    Score,
    ScoreCard,
    ScoreEvidence,
    ScoreScheme,
    ScoreStep,
)
from reports.workflow import SCORECARD, SCORECARD_WORDS, STEPS

WHO = {
    "office": gettext_lazy("本地区纲要办"),
    "leader": gettext_lazy("领导小组"),
    "unit": gettext_lazy("被征求意见的单位"),
    "worker": gettext_lazy("后台程序"),
}


def can_request(user: Any, plan: Plan) -> Verdict:
    """Reports are compiled by the office of the plan's own region, once the plan is in force."""
    if not is_office_of(user, plan.region):
        return no(_("报告由本地区纲要办生成。"))
    if plan.state == Plan.State.DRAFT:
        return no(_("方案启用后才能生成报告。"))
    return YES


def can_recompile(user: Any, report: Report) -> Verdict:
    """A draft is compiled anew while nobody has been consulted; a failed one is tried again."""
    verdict = can_request(user, report.plan)
    if not verdict:
        return verdict
    if report.state in STEPS["begin"].sources:
        return no(_("报告正在生成，请稍候。"))
    if report.state not in STEPS["compile"].sources:
        return no(
            _("报告现在是“%(state)s”，不能重新生成。") % {"state": report.get_state_display()}
        )
    return YES


def can_cancel(user: Any, report: Report) -> Verdict:
    """The office stops what is being made, in whatever state."""
    if not is_office_of(user, report.plan.region):
        return no(_("报告由本地区纲要办生成和取消。"))
    return YES


def can(user: Any, report: Report, verb: str) -> Verdict:
    """Tell whether a person may take a step of `reports.workflow` on a report as it stands.

    Whether a unit was asked for its opinion is for `can_respond` to say.
    """
    step = STEPS[verb]
    if report.state not in step.sources:
        return no(
            _("报告现在是“%(state)s”，不能这样办理。") % {"state": report.get_state_display()}
        )
    acting = getattr(user, "acting", None)
    if acting is None or acting.region_path != report.plan.region.path:
        return no(_("报告由本地区办理。"))
    tests = {
        "office": is_office_of(user, report.plan.region),
        "leader": acting.role == "leader",
        "unit": acting.department_id is not None,
        "worker": False,
    }
    if any(tests[name] for name in step.who):
        return YES
    return no(_("这一步由%(who)s办理。") % {"who": "、".join(str(WHO[name]) for name in step.who)})


def can_respond(user: Any, report: Report, opinion: Opinion | None, on: date) -> Verdict:
    """A unit that was asked answers while the consultation lasts, changes its mind until its date.

    A first answer of its own that comes late is still heard: silence helps nobody.
    """
    verdict = can(user, report, "respond")
    if not verdict:
        return verdict
    acting = getattr(user, "acting", None)
    if opinion is None or acting is None or opinion.department_id != acting.department_id:
        return no(_("这次没有征求您单位的意见。"))
    late = report.consult_until is not None and on > report.consult_until
    if late and opinion.by_unit:
        return no(_("反馈截止日期已过，已报的意见不能再改；请联系纲要办。"))
    return YES


def can_record(user: Any, report: Report, opinion: Opinion) -> Verdict:
    """The office registers what a unit said outside the portal, never over its own answer."""
    verdict = can(user, report, "record")
    if not verdict:
        return verdict
    if opinion.by_unit:
        return no(
            _("%(unit)s已经自己反馈了意见，不能代录，也不能代为改动。")
            % {"unit": opinion.department.name}
        )
    return YES


def can_publish(user: Any, report: Report) -> Verdict:
    """An issued report is made public by its office, where the plan itself is public."""
    verdict = can(user, report, "publish")
    if not verdict:
        return verdict
    if report.kind in (Report.Kind.DEPARTMENT, Report.Kind.BULLETIN):
        return no(_("“%(kind)s”供内部使用，不公开发布。") % {"kind": report.get_kind_display()})
    if not report.plan.is_public:
        return no(_("方案没有向社会公开，报告也不能公开；请先在方案页公开方案。"))
    return YES


# --- Scorecards ----------------------------------------------------------------------------
def can_keep_scheme(user: Any, plan: Plan) -> Verdict:
    """The region's office keeps the schemes of a plan, while the plan's settings allow scoring."""
    if not is_office_of(user, plan.region):
        return no(_("考核细则由本地区纲要办录入。"))
    if plan.state == Plan.State.DRAFT:
        return no(_("方案启用后才能录入考核细则。"))
    if not plan.settings.ranking:
        return no(
            _(
                "这份方案没有开启单位考核评分。确有当年经批准的考核细则的，"
                "请先在“方案设置”里勾选“单位排名”并保存。"
            )
        )
    return YES


def can_change_scheme(user: Any, scheme: ScoreScheme) -> Verdict:
    """What was approved is locked: units rate themselves by it."""
    if not (verdict := can_keep_scheme(user, scheme.plan)):
        return verdict
    if scheme.state != ScoreScheme.State.DRAFT:
        return no(_("考核细则已经确认，不能再改。"))
    return YES


def can_send_back_scheme(user: Any, scheme: ScoreScheme) -> Verdict:
    """What was confirmed by mistake is mended while no unit's rating lies with the office."""
    if not (verdict := can_keep_scheme(user, scheme.plan)):
        return verdict
    if scheme.state != ScoreScheme.State.APPROVED:
        return no(_("考核细则没有确认，可以直接修改。"))
    come = ScoreCard.objects.filter(scheme=scheme).exclude(state=ScoreCard.State.DRAFT).count()
    if come:
        return no(
            _(
                "已有 %(n)s 个单位报来自评，考核细则不能退回修改。"
                "哪张评分表有问题，就打开那一张退回自评；已经审核的，先重新审核，再退回。"
                "报来的都退回以后，细则才能退回修改。"
            )
            % {"n": come}
        )
    return YES


def can_drop_scheme(user: Any, scheme: ScoreScheme) -> Verdict:
    """A draft goes unless a unit wrote on its card: that is part of the record."""
    if not (verdict := can_change_scheme(user, scheme)):
        return verdict
    if ScoreStep.objects.filter(card__scheme=scheme).exists():
        return no(_("已有单位填写过自评，这份考核细则不能删除，请改好后重新确认。"))
    return YES


def can_ask_for_rating(user: Any, scheme: ScoreScheme) -> Verdict:
    """Units are asked to rate themselves only under an approved scheme."""
    if not (verdict := can_keep_scheme(user, scheme.plan)):
        return verdict
    if scheme.state != ScoreScheme.State.APPROVED:
        return no(_("考核细则确认后，才能请各单位自评。"))
    return YES


def rated(user: Any, card: ScoreCard) -> bool:
    """Tell whether the person filled in, handed in or added files to the unit's rating."""
    return (
        ScoreStep.objects.filter(card=card, verb__in=("rate", "hand_in"), by=user.pk).exists()
        or ScoreEvidence.objects.filter(score__card=card, uploaded_by=user.pk).exists()
    )


def _scorecard_who(name: str, user: Any, card: ScoreCard, on: date) -> Verdict:
    """Answer one of the names in the table's `who`."""
    region = card.scheme.plan.region
    acting = getattr(user, "acting", None)
    if name == "unit":
        own = acting is not None and acting.department_id == card.department_id
        return YES if own else no(_("由本单位自评。"))
    if not is_office_of(user, region):
        return no(_("由本地区纲要办审核。"))
    if name == "checker" and rated(user, card) and second_person(region, user, on):
        return no(_("自评是您本人填写的，须由他人审核。"))
    return YES


def can_on_card(user: Any, card: ScoreCard, verb: str, on: date) -> Verdict:
    """Answer whether a person may take a step of `workflow.SCORECARD` on a card.

    `card` comes with its scheme, the scheme's plan, and the plan's region and settings.
    """
    step = SCORECARD[verb]
    if card.state not in step.sources:
        return no(
            _("评分表现在是“%(state)s”，不能%(verb)s。")
            % {"state": card.get_state_display(), "verb": SCORECARD_WORDS[verb]}
        )
    if not card.scheme.plan.settings.ranking:
        return no(_("方案设置里已关闭单位考核评分，评分表只能查看。"))
    if card.scheme.rate_until is None:
        return no(_("考核细则退回修改，还没有重新请各单位自评，评分表只能查看。"))
    for name in step.who:
        if not (verdict := _scorecard_who(name, user, card, on)):
            return verdict
    if verb == "withdraw" and _checking_began(card):
        return no(_("纲要办已经开始审核。需要修改请联系纲要办退回。"))
    return YES


def _checking_began(card: ScoreCard) -> bool:
    began = Score.objects.filter(card=card, points__isnull=False)
    return began.exists() or Score.objects.filter(card=card, no_basis=True).exists()


def reads_points(user: Any, card: ScoreCard) -> bool:
    """Tell who reads the office's points: the office, leaders once checked, the unit once told."""
    if is_office_of(user, card.scheme.plan.region) or card.state == ScoreCard.State.TOLD:
        return True
    acting = getattr(user, "acting", None)
    leads = acting is not None and acting.role == "leader"
    return leads and card.state == ScoreCard.State.CHECKED
