"""The offices' own Excel tables: written locked and printable, read back line by line.

    COLUMNS = (
        Column("id", "编号", kind="id"),                     # hidden, locked, read back
        Column("title", "重点任务", width=30),                # locked text
        Column("done", "进展情况", width=40, editable=True),
        Column("rating", "自评", kind="choice", choices=("达进度", "已完成"), editable=True),
    )
    content = write("工作进展情况表", COLUMNS, rows, notes=["填黄色的列。"], foot=["单位（盖章）"])
    for line in read(content, COLUMNS):
        line.row, line.values["done"], line.problems

`rows` are mappings from a column's key to its value (str, number, date, None), such a mapping
`Fixed` (no cell of the row is open), or a `Heading`, a line of its own over the rows below it.

`read` gives back every line that holds anything, headings and foot left out. `line.row` is the row
as Excel counts it, `line.values` has every key of `columns` with the text that a person sees in
the cell (3, not 3.0; dates ISO; "" for empty or for a column that the file does not have). What is
wrong with a line stands in `line.problems`, by key ("" for the line as a whole); what is wrong with
the file raises DomainError with a sentence. Anything written as text comes back as the same text
(`plain` is what a cell can hold of it). `read_csv` gives the lines of a CSV file in the same way.
"""

from core.sheets.cells import Column, Fixed, Heading, Line, plain
from core.sheets.lines import read_csv
from core.sheets.reading import read
from core.sheets.writing import Sheet, write, write_book

__all__ = [
    "Column",
    "Fixed",
    "Heading",
    "Line",
    "Sheet",
    "plain",
    "read",
    "read_csv",
    "write",
    "write_book",
]
