"""How a file of an entry, an event or a 督办件 leaves the portal."""

from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _

from tasks.models import EventFile, Evidence, SupervisionFile
from tasks.services.downloads import hand_out


def attachment(request: HttpRequest, row: Evidence | EventFile | SupervisionFile) -> FileResponse:
    """Answer with a file that this person may read: to be stored, never opened in the page."""
    try:
        opened = hand_out(row, by=request.user)
    except FileNotFoundError:
        raise Http404(_("文件不在了，请联系管理员。")) from None
    response = FileResponse(
        opened, as_attachment=True, filename=row.name, content_type=row.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
