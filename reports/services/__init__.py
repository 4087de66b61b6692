"""What is done with reports: one verb each, called by pages, API, commands and jobs alike."""

from reports.services.approving import approve, redraft
from reports.services.approving import hindrances as not_to_approve
from reports.services.compiling import compile_failed, compile_report, typeset_report
from reports.services.consulting import consult
from reports.services.issuing import hindrances as not_to_issue
from reports.services.issuing import issue, send_up, stamp, withdraw
from reports.services.opinions import answer, record, respond
from reports.services.public_files import print_publication
from reports.services.publishing import publish, unpublish
from reports.services.requests import cancel, downloaded, recompile, request_report, typeset
from reports.services.scheduling import request_due
from reports.services.texts import edit_section, restore_section
from reports.workflow import JOB

__all__ = [
    "JOB",
    "answer",
    "approve",
    "cancel",
    "compile_failed",
    "compile_report",
    "consult",
    "downloaded",
    "edit_section",
    "issue",
    "not_to_approve",
    "not_to_issue",
    "print_publication",
    "publish",
    "recompile",
    "record",
    "redraft",
    "request_due",
    "request_report",
    "respond",
    "restore_section",
    "send_up",
    "stamp",
    "typeset",
    "typeset_report",
    "unpublish",
    "withdraw",
]
