"""Template tags of the interface; built in, so that no template needs to load them.

Icons {% icon %}; states {% status %} {% workflow %} {% word %}; bars {% bar %} {% dist %}
{% legend %}; addresses {% asset %}; {% capture %}. Filters: pct yuan signed zh_date zh_time
iso_date zh_period.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.forms import BoundField
from django.template.base import NodeList, Parser, Token
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import words

register = template.Library()

TONES = {"g", "y", "r", "b", "n"}
HIDDEN = SafeString('aria-hidden="true"')
HATCHED = SafeString(' fill="url(#gy-hatch)"')  # the pattern stands once in base.html
NOTHING = SafeString()


# --- Addresses and icons -------------------------------------------------------------------
@register.simple_tag
def asset(name: str) -> str:
    """Return the address of a static file, hashed where files were collected.

    Without a manifest (tests, a page about an error) the plain address is good enough.
    """
    try:
        return staticfiles_storage.url(name)
    except ValueError:
        return f"{settings.STATIC_URL}{name}"


@register.simple_tag
def icon(name: str, filled: bool = False, label: str = "") -> SafeString:
    """Draw an icon of the sprite; hidden from screen readers unless it has a `label`."""
    return format_html(
        '<svg class="i{}" width="18" height="18" {}><use href="{}#{}"></use></svg>',
        " f" if filled else "",
        format_html('role="img" aria-label="{}"', label) if label else HIDDEN,
        asset("icons.svg"),
        f"f-{name}" if filled else name,
    )


# --- States --------------------------------------------------------------------------------
@register.simple_tag
def status(code: str, kind: str = "status", text: str = "") -> SafeString:
    """Show the light of a measure or task, or with kind="indicator" an indicator's attainment."""
    one = words.word(code, kind)
    return format_html(
        '<span class="st st-{}">{}{}</span>', one.tone, icon(one.icon, one.filled), text or one
    )


@register.simple_tag
def status_icon(code: str, kind: str = "status") -> SafeString:
    """Show only the coloured icon of a light, named for screen readers."""
    one = words.word(code, kind)
    return format_html(
        '<span class="t-{}">{}</span>', one.tone, icon(one.icon, one.filled, str(one))
    )


@register.simple_tag
def cell(code: str, url: str, name: str) -> SafeString:
    """Show one measure as a small coloured square that leads to it; `name` is its number."""
    one = words.word(code)
    label = f"{name} {one}"
    return format_html(
        '<a class="cell c-{}" href="{}" title="{}" aria-label="{}">{}</a>',
        one.tone,
        url,
        label,
        label,
        icon(one.icon, one.filled),
    )


@register.simple_tag
def workflow(state: str, text: str = "") -> SafeString:
    """Show where an entry stands; only 已退回 is filled, and none wears the traffic light."""
    one = words.word(state, "workflow")
    return format_html(
        '<span class="wf{}">{}{}</span>',
        " wf-back" if state == "returned" else "",
        icon(one.icon, one.filled),
        text or one,
    )


@register.simple_tag
def word(code: str, kind: str = "status") -> str:
    """Say a state by its word alone: for lists to choose from."""
    return str(words.word(code, kind))


# --- Bars ----------------------------------------------------------------------------------
def _clamped(value: Any) -> str:
    return f"{min(max(float(value), 0.0), 100.0):g}"


@register.simple_tag
def bar(percent: Any, schedule: Any = None, light: str = "", label: str = "") -> SafeString:
    """Draw completion against the schedule: fill = done, tick = schedule, both in percent.

    `light` is a status code or a tone letter. The text alternative says both numbers.
    """
    tone = light if light in TONES else words.word(light).tone if light else "n"
    said = label or "，".join(
        part
        for part in (
            _("完成 %s") % words.percent(percent) if percent is not None else _("未填报"),
            _("序时 %s") % words.percent(schedule) if schedule is not None else "",
        )
        if part
    )
    fill = tick = NOTHING
    if percent is not None and float(percent) > 0:
        fill = format_html(
            '<rect class="pb-f" y="4" width="{}%" height="8" rx="4"/>', _clamped(percent)
        )
    if schedule is not None:
        at = _clamped(schedule)
        tick = format_html(
            '<rect class="pb-h" x="{}%" width="5" height="16" transform="translate(-2.5)"/>'
            '<rect class="pb-s" x="{}%" width="2" height="16" transform="translate(-1)"/>',
            at,
            at,
        )
    return format_html(
        '<svg class="pb c-{}" role="img" aria-label="{}" width="100%" height="16">'
        '<rect class="pb-t" y="4" width="100%" height="8" rx="4"/>{}{}</svg>',
        tone,
        said,
        fill,
        tick,
    )


def _ordered(counts: Mapping[str, int] | Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the counts above nought in the one order that all pages use."""
    given = dict(counts)
    return [(code, given[code]) for code in words.STATUS if given.get(code)]


@register.simple_tag
def dist(counts: Mapping[str, int], unit: str = "") -> SafeString:
    """Draw how many there are of each status in one bar; `unit` as in 项措施."""
    parts = _ordered(counts)
    total = sum(number for _code, number in parts)
    said = "，".join(f"{number} 项{words.STATUS[code]}" for code, number in parts)
    x = Decimal(0)
    pieces = []
    for code, number in parts:
        width = Decimal(100) * number / total
        # Unreported is hatched: grey alone would read as a measured value.
        hatch = HATCHED if code == "unreported" else NOTHING
        tone = words.STATUS[code].tone if not hatch else "hatch"
        pieces.append((f"d-{tone}", f"{x:.4f}", f"{width:.4f}", hatch))
        x += width
    return format_html(
        '<svg class="dist" role="img" aria-label="{}" width="100%" height="14">{}</svg>',
        f"{total} {unit or _('项')}：{said}" if total else _("没有数据"),
        format_html_join("", '<rect class="{}" x="{}%" width="{}%" height="14"{}/>', pieces),
    )


@register.simple_tag
def legend(counts: Mapping[str, int], url: str = "") -> SafeString:
    """Say the counts in words; with `url` (such as "?status=") each leads to its list."""
    pieces = []
    for code, number in _ordered(counts):
        one = words.STATUS[code]
        inner = format_html(
            '<span class="t-{}">{}</span>{} <b>{}</b>',
            one.tone,
            icon(one.icon, one.filled),
            one,
            number,
        )
        pieces.append((format_html('<a href="{}{}">{}</a>' if url else "{2}", url, code, inner),))
    return format_html('<ul class="legend">{}</ul>', format_html_join("", "<li>{}</li>", pieces))


# --- Values --------------------------------------------------------------------------------
@register.filter
def pct(value: words.Number | None, unknown: str = "") -> str:
    """58 → 58%; nothing → 未填报, or the word given: `{{ x|pct:"未测" }}`."""
    return words.percent(value, unknown)


@register.filter
def signed(value: words.Number | None, unknown: str = "") -> str:
    """4 → +4, -3 → −3, 0 → 持平; nothing → 无上期, or the word given."""
    return words.signed(value, unknown)


@register.filter
def grouped(value: words.Number | None) -> str:
    """Show a number without needless decimals, empty where there is none: 8, 8.5."""
    return "" if value is None else words.grouped(value)


@register.filter
def yuan(value: words.Number | None, unknown: str = "") -> str:
    """1.08 → 1.08 元, 125000 → 12.5 万元; nothing → 未公布, or the word given."""
    return words.money(value, unknown)


def _local(value: date | datetime) -> date | datetime:
    aware = isinstance(value, datetime) and timezone.is_aware(value)
    return timezone.localtime(value) if aware else value  # type: ignore[arg-type]


@register.filter
def zh_date(value: date | datetime | None, form: str = "") -> str:
    """10 月 10 日; with "year" 2018 年 10 月 10 日; with "time" 10 月 6 日 14:40."""
    if value is None:
        return ""
    local = _local(value)
    text = words.day(local, year="year" in form)
    return f"{text} {local:%H:%M}" if "time" in form else text


@register.filter
def zh_time(value: datetime | None) -> str:
    """14:32, on the clock of the screen."""
    return f"{_local(value):%H:%M}" if value else ""


@register.filter
def iso_date(value: date | datetime | None) -> str:
    """2018-10-10: for tables."""
    return f"{_local(value):%Y-%m-%d}" if value else ""


@register.filter
def zh_period(value: Any) -> str:
    """2018 年第三季度: of a pair of dates, or of anything with `start` and `end`."""
    start, end = value if isinstance(value, tuple) else (value.start, value.end)
    return words.span(start, end)


# --- Forms and structure -------------------------------------------------------------------
@register.simple_tag
def gy_input(field: BoundField, hint: Any = "") -> SafeString:
    """Draw a field's input with our class, tied to its hint and its error."""
    boxes = {"checkbox", "radioselect", "clearablefile", "file"}
    extra: dict[str, str | bool] = {} if field.widget_type in boxes else {"class": "in"}
    own = field.field.widget.attrs.get("class")
    if own and extra:
        extra["class"] = f"in {own}"
    if str(field.field.widget.attrs.get("rows")) == "10":
        extra["rows"] = "4"  # Django's own default is half a screen
    tied = " ".join(
        part
        for part in (
            f"{field.auto_id}-hint" if hint else "",
            f"{field.auto_id}-error" if field.errors else "",
        )
        if part
    )
    if tied:
        extra["aria-describedby"] = tied
    if field.errors:
        extra["aria-invalid"] = "true"
    return field.as_widget(attrs=extra)


class Capture(template.Node):
    """Keep what a piece of template renders, without the blanks around it, as a variable."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: template.Context) -> str:
        context[self.name] = self.nodelist.render(context).strip()
        return ""


@register.tag
def capture(parser: Parser, token: Token) -> Capture:
    """{% capture name %}…{% endcapture %}: lets a block of a child page be compared."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return Capture(nodelist, name)
