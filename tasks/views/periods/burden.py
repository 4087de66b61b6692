"""The burden that reporting causes, beside how long the office itself takes."""

from io import BytesIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from core import audit
from core.files import MEDIA_TYPES
from core.params import whole
from departments.models import Membership
from tasks.exchange import events as exchange
from tasks.selectors.periods.burden import FIELDS, BurdenPage, burden_page

READERS = (Membership.Role.OFFICE, Membership.Role.LEADER, *Membership.OF_DEPARTMENT)
# What each number is, one click away from it.
MEANINGS = (
    (gettext_lazy("应报"), gettext_lazy("本期请单位填的项数，含报汇总单位的部分；免报的不算。")),
    (gettext_lazy("已报"), gettext_lazy("其中交过至少一次的。")),
    (gettext_lazy("请填"), gettext_lazy("应报项数乘以每张表的 %(fields)s 栏。")),
    (
        gettext_lazy("预填"),
        gettext_lazy("最后一次报送中，由系统从上期带过来、单位没有再改的栏数；没有交的不算。"),
    ),
    (gettext_lazy("无变化"), gettext_lazy("用“无变化”一次报送的项数。")),
    (
        gettext_lazy("自动提醒"),
        gettext_lazy("到期前和逾期后由系统发给每个人的提醒，站内和邮件各算一次；督办件的不在内。"),
    ),
    (gettext_lazy("催办"), gettext_lazy("纲要办手动催办的次数，电话和当面的也算。")),
    (gettext_lazy("退回"), gettext_lazy("纲要办退回补正的次数；十秒内撤销的不算。")),
    (
        gettext_lazy("单位用时"),
        gettext_lazy("从填报期启动到单位第一次报送的天数，取中位数；补录的填报期不算。"),
    ),
    (
        gettext_lazy("核对用时"),
        gettext_lazy(
            "从报到纲要办到核对或退回的天数，取中位数；等本单位审签的时间不算在内，报汇总单位的部分由汇总单位处理，也不算。"
        ),
    ),
)


def _page(request: HttpRequest) -> BurdenPage:
    acting = getattr(request.user, "acting", None)
    if acting is None or acting.role not in READERS:
        raise Http404
    return burden_page(request.user, whole(request.GET.get("year")))


def _meanings() -> list[tuple[str, str]]:
    return [(str(word), str(text) % {"fields": FIELDS}) for word, text in MEANINGS]


@require_GET
def burden(request: HttpRequest) -> HttpResponse:
    """Show a year's burden, period by period; a unit sees its own."""
    return render(
        request, "tasks/periods/burden.html", {"page": _page(request), "meanings": _meanings()}
    )


@require_GET
def export(request: HttpRequest) -> FileResponse:
    """Hand out the year as Excel; the audit record says so."""
    page, now = _page(request), timezone.now()
    notes = [_("%(word)s：%(text)s") % {"word": word, "text": text} for word, text in _meanings()]
    content = exchange.burden_as_excel(page, notes, now)
    audit.record("tasks.burden.export", None, by=request.user, detail={"year": page.year})
    return FileResponse(
        BytesIO(content),
        as_attachment=True,
        filename=f"{page.year} 年填报负担.xlsx",
        content_type=MEDIA_TYPES["xlsx"],
    )
