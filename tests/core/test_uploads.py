"""An upload beyond the limit is dropped while it arrives; what was typed beside it is kept."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory


def test_no_more_than_the_limit_is_kept_of_a_file(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 100_000
    big = SimpleUploadedFile("大.pdf", b"%PDF-1.4\n" + bytes(3_000_000))
    request = RequestFactory().post("/", {"before": "写的字", "file": big, "after": "后面的字"})
    kept = request.FILES["file"]
    assert 100_000 < kept.size < 300_000
    assert len(kept.read()) == kept.size
    assert (request.POST["before"], request.POST["after"]) == ("写的字", "后面的字")


def test_a_plain_form_with_a_huge_file_says_which_and_keeps_what_was_typed(
    cast: Any, browse: Callable[..., Client], settings: Any
) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    big = SimpleUploadedFile("录像.pdf", b"%PDF-1.4\n" + bytes(3_000_000))
    seen = {f"version-{name}": one["version"] for name, one in cast.entry_draft.draft.items()}
    form = {"done": "新写的话。", **seen, "act": "ready", "file": big}
    answer = browse(cast.liaison).post(f"/entries/{cast.entry_draft.pk}/", form)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "“录像.pdf”超过 1 MB" in html
    assert "新写的话。</textarea>" in html
    cast.entry_draft.refresh_from_db()
    assert cast.entry_draft.typed("done") == "新写的话。"
