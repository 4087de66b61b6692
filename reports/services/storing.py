"""Files of a report, kept only together with the row that names them."""

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.work import Claimed


@contextmanager
def saved(folder: str, files: Mapping[str, bytes], work: Claimed) -> Iterator[dict[str, str]]:
    """Save files by their suffix and give their names; they go again where the block fails.

    The files carry the worker's claim in their names: two workers never write the same one.
    Raises DomainError where the disk is full.
    """
    names: dict[str, str] = {}
    try:
        for suffix, content in files.items():
            # Known before it is written: what a full disk leaves of it is removed too.
            names[suffix] = f"{folder}/{work.claim.hex}.{suffix}"
            names[suffix] = default_storage.save(names[suffix], ContentFile(content))
        yield names
    except Exception as problem:
        for name in names.values():
            default_storage.delete(name)
        if isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DomainError(
                _("磁盘空间不足，报告没有保存。请联系管理员清理空间后重试。")
            ) from problem
        raise


def sweep(folder: str, kept: set[str]) -> None:
    """Remove what a dead worker left in a folder; only who holds the job may do so."""
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for file in files:
        if f"{folder}/{file}" not in kept:
            default_storage.delete(f"{folder}/{file}")
