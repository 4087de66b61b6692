"""The worker's side of publishing: the files of the public edition."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.work import Claimed
from reports.models import Publication
from reports.rendering.draft import document, from_json
from reports.rendering.fonts import FontsMissing
from reports.rendering.pdf import to_pdf
from reports.rendering.public import for_the_public
from reports.rendering.word import to_docx
from reports.services.compiling import head
from reports.services.storing import saved, sweep


def print_publication(publication_id: int, work: Claimed) -> None:
    """Write the Word and PDF files that everyone may take, and store them with the job's end.

    Killed anywhere, it leaves the publication without files; done again, it makes the same ones.
    """
    work.tell(10, _("正在生成公开版文件"))
    rows = Publication.objects.select_related("version", "report")
    publication = rows.get(pk=publication_id)
    report = publication.report
    printed = document(
        for_the_public(from_json(publication.version.text)),
        head=head(report),
        date=report.issued_on,
    )
    try:
        files = {
            "docx": to_docx(printed, settings.FONT_DIR),
            "pdf": to_pdf(printed, settings.FONT_DIR),
        }
    except FontsMissing as problem:
        raise DomainError(_("服务器上缺少排版用的字体，请联系管理员。")) from problem
    work.tell(90, _("正在保存"))
    folder = f"reports/public/{publication.pk}"
    sweep(folder, {publication.docx.name, publication.pdf.name})
    with saved(folder, files, work) as names, transaction.atomic():
        Publication.objects.filter(pk=publication.pk).update(**names)
        work.finish()
