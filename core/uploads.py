"""Uploads of any size: what exceeds the limit is read from the network and dropped."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class Capped(FileUploadHandler):
    """Pass on a file's first bytes up to just beyond the limit, and drop the rest.

    The view then sees a file that is too large and says so; memory and disk never hold more, and
    the fields of the same form arrive all the same. Stands first in FILE_UPLOAD_HANDLERS.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.taken > settings.UPLOAD_MAX_BYTES:
            return None
        self.taken += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind."""
