"""What is done with reports: one verb each, called by pages, API, commands and jobs alike."""

from reports.services.compiling import compile_failed, compile_report, typeset_report
from reports.services.requests import cancel, downloaded, recompile, request_report, typeset
from reports.workflow import JOB

__all__ = [
    "JOB",
    "cancel",
    "compile_failed",
    "compile_report",
    "downloaded",
    "recompile",
    "request_report",
    "typeset",
    "typeset_report",
]
