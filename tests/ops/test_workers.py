"""Tests that run side by side share nothing on disk."""

import os

from django.conf import settings


def test_files_and_data_lie_in_this_process_own_folder():
    own = os.environ["DATA_DIR"]
    assert str(settings.DATA_DIR) == own
    assert str(settings.MEDIA_ROOT).startswith(own)
