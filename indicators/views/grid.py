"""Values typed as a table: places down, years across; saved as drafts, all or none."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Conflict, DomainError, ensure
from core.params import whole
from departments.models import Region
from indicators import policies, services
from indicators.forms import told
from indicators.models import Indicator, Observation
from indicators.models.observations import PopulationBasis
from indicators.numbers import Reading, part_unit, read_number, read_yes_no
from indicators.selectors import plan_of
from indicators.selectors.grid import Grid, GridCell, grid, put_typed, usual_basis
from indicators.views.pages import subject

SPAN = 5  # years at a time
COMMON = ("note", "correction_reason", "source", "denominator_basis")


@require_http_methods(["GET", "HEAD", "POST"])
def typing(request: HttpRequest, code: str) -> HttpResponse:
    """Show the table of an indicator; save what was changed as drafts, all or none."""
    indicator, region = subject(request, code)
    years = _years(request, region)
    basis = request.POST.get("basis", request.GET.get("basis"))
    if basis not in Observation.Basis.values:
        basis = usual_basis(request.user, indicator, region)
    page = grid(request.user, indicator, region, years, basis)
    if not page.rows:
        ensure(policies.can_observe(request.user, region))
    common = {name: str(request.POST.get(name, "")).strip() for name in COMMON}
    errors: list[tuple[str, str, str]] = []
    if request.method == "POST":
        typed = _typed(request, page)
        try:
            done = _save(request, page, typed, common)
            changed = sum(one.changed for one in done)
            asked = sum(not one.answer for row in done for one in row.questions)
            _tell(request, changed, asked)
            return redirect(request.get_full_path())
        except (services.RowErrors, Conflict) as error:
            put_typed(page, typed)
            errors = _errors(page, typed, _seen(request, typed), error)
    context = {
        "page": page,
        "errors": errors,
        "common": common,
        "populations": PopulationBasis.choices,
        "bases": Observation.Basis.choices,
        "span": SPAN,
    }
    status = 422 if errors else 200
    return render(request, "indicators/grid.html", context, status=status)


def _tell(request: HttpRequest, changed: int, asked: int) -> None:
    if not changed:
        messages.info(request, _("没有改动。"))
    elif asked:
        messages.warning(
            request,
            _("已存为草稿：%(count)s 个数值，其中有 %(asked)s 个疑问要答复后才能报送。")
            % {"count": changed, "asked": asked},
        )
    else:
        messages.success(request, _("已存为草稿：%(count)s 个数值。") % {"count": changed})


def _years(request: HttpRequest, region: Region) -> list[int]:
    """Return the years shown: five up to the one asked for, else to the present or plan's end."""
    today = timezone.localdate()
    plan = plan_of(request.user, region, today)
    last = whole(request.GET.get("to")) or min(today.year, plan.end_year if plan else today.year)
    last = min(max(last, 1990 + SPAN), today.year)
    return list(range(last - SPAN + 1, last + 1))


def _typed(request: HttpRequest, page: Grid) -> dict[str, dict[str, str]]:
    """Return the cells in which something else was typed than the page showed.

    One that was handed in meanwhile is among them: what was typed is refused, not passed over.
    """
    found = {}
    for key in page.cells:
        texts = {
            name: str(request.POST[f"{name}-{key}"]).replace("\x00", "").strip()
            for name in page.names
            if f"{name}-{key}" in request.POST
        }
        seen = str(request.POST.get(f"seen-{key}", "")).partition("|")
        if texts and "|".join(texts.values()) != seen[2]:
            found[key] = texts
    return found


def _save(
    request: HttpRequest,
    page: Grid,
    typed: Mapping[str, Mapping[str, str]],
    common: Mapping[str, str],
) -> list[services.Written]:
    """Write the changed cells; raises RowErrors by the number of the cell."""
    rows, wrong = [], {}
    for number, (key, texts) in enumerate(typed.items()):
        cell = page.cells[key]
        fields, problem = _fields(page.indicator, cell, texts, common)
        if problem:
            wrong[number] = {"value": [problem]}
            continue
        seen = str(request.POST.get(f"seen-{key}", "")).partition("|")
        rows.append(
            services.Given(
                page.indicator,
                cell.region,
                cell.year,
                fields,
                basis=page.basis,
                version=whole(seen[0]),
            )
        )
    return services.write(rows, by=request.user, unread=wrong) if rows or wrong else []


def _fields(
    indicator: Indicator, cell: GridCell, texts: Mapping[str, str], common: Mapping[str, str]
) -> tuple[dict[str, Any], str]:
    """Return the fields of a cell, and what is wrong with its texts."""
    fields: dict[str, Any] = {
        name: common[name] for name in ("source", "correction_reason") if common[name]
    }
    if cell.row is not None:  # what the table does not show stays as it was
        fields = {
            name: getattr(cell.row, name)
            for name in services.FIELDS
            if name not in ("value", "numerator", "denominator", "status", "correction_reason")
        } | fields
    if cell.population is not None and texts["denominator"] == str(cell.population.persons):
        fields["denominator_basis"] = cell.population.basis
    elif indicator.denominator_is_population and common["denominator_basis"]:
        fields["denominator_basis"] = common["denominator_basis"]
    for name, text in texts.items():
        reading = _read(indicator, name, text)
        if reading.word:
            return fields | {"status": reading.word, "note": common["note"]}, ""
        if sentence := told(reading):
            return fields, sentence
        fields[name] = _rounded(reading.value, name)
    return fields, ""


def _read(indicator: Indicator, name: str, text: str) -> Reading:
    if name != "value":
        return read_number(text, part_unit(getattr(indicator, f"{name}_label")))
    if indicator.is_yes_no:
        return read_yes_no(text)
    return read_number(text, indicator.unit, highest=indicator.highest)


def _rounded(number: Decimal | None, name: str) -> Decimal | None:
    return None if number is None else round(number, 6 if name == "value" else 4)


def _seen(request: HttpRequest, typed: Mapping[str, Any]) -> dict[str, int]:
    """Return the versions of the drafts that the page showed, by cell."""
    return {key: whole(str(request.POST.get(f"seen-{key}", "")).partition("|")[0]) for key in typed}


def _stored(
    page: Grid, typed: Mapping[str, Mapping[str, str]], seen: Mapping[str, int]
) -> list[tuple[str, str, str]]:
    """Tell at each cell that somebody else filled meanwhile what stands there now."""
    told_of = []
    for key in typed:
        cell = page.cells[key]
        if cell.version != seen[key]:
            now = "，".join(one for one in cell.shown.split("|") if one) or _("空")
            words = _("现在存的是 %(now)s。再保存就改成您填的。") % {"now": now}
            cell.problems.append(words)
            told_of.append((f"{page.names[0]}-{key}", _place(cell), words))
    return told_of


def _place(cell: GridCell) -> str:
    return _("%(place)s %(year)s 年") % {"place": cell.region.name, "year": cell.year}


def _errors(
    page: Grid,
    typed: Mapping[str, Mapping[str, str]],
    seen: Mapping[str, int],
    error: DomainError,
) -> list[tuple[str, str, str]]:
    """Put what is wrong at its cells; return it for the summary on top."""
    if not isinstance(error, services.RowErrors):
        return [("", "", error.message), *_stored(page, typed, seen)]
    cells = [page.cells[key] for key in typed]
    told_of = []
    for number, fields in error.rows.items():
        cell = cells[number]
        for name, sentences in fields.items():
            cell.problems += sentences
            at = name if name in COMMON else f"{page.names[0]}-{cell.key}"
            told_of += [(at, _place(cell), one) for one in sentences]
    return told_of
