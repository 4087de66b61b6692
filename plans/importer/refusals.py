"""Keep the sentences and limits that the readers of all kinds of files share."""

from __future__ import annotations

import re

# The longest plans have some 60,000 characters.
MAX_CHARACTERS = 300_000

TOO_BIG = "文件超过 20 MB，请拆分或去掉图片后再上传。"
SWOLLEN = "文件解压后大得异常，请重新导出后再上传。"
TOO_LONG = "文件的文字超过三十万字，不像一份实施方案，请检查后再上传。"
EMPTY = "文件里没有文字，请检查后再上传。"
NOT_TEXT = "文件内容不是文字，请上传文本、Word（.docx）或带文字的 PDF 文件。"
WRONG_TYPE = "只能读取 .txt、.docx 和 .pdf 文件，请另存为其中一种再上传。"
OLD_WORD = "这是旧版 Word（.doc）或 WPS 文件，请另存为 .docx 后再上传。"
ENCRYPTED_WORD = "文件设有密码或已加密，请去掉密码、另存为 .docx 后再上传。"
BROKEN_WORD = "Word 文件已损坏，无法打开，请重新保存后再上传。"
ENCRYPTED_PDF = "PDF 文件设有密码，请去掉密码后再上传。"
BROKEN_PDF = "PDF 文件已损坏，无法打开，请重新保存后再上传。"
SCANNED_PDF = "PDF 文件是扫描图片，没有可读的文字，请上传带文字的版本。"
GARBLED_PDF = "PDF 文件的文字是乱码（字体没有编码），请上传 Word 版本或重新导出的 PDF。"
MISSING = "找不到这个文件，请检查文件名。"
FOLDER = "这是文件夹，请选择一个文件。"
UNREADABLE = "无法读取这个文件，请检查它的权限。"

# Stands in the text in place of a page that is a picture, so that a person sees what is missing.
UNREAD_PAGE = re.compile(r"〔第\d{1,4}页是图片，没有可读的文字〕")


def unread_page(number: int) -> str:
    """Return what stands for a page, counted from 1, that is a picture."""
    return f"〔第{number}页是图片，没有可读的文字〕"
