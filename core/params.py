"""What an address or a form says, read without ever failing."""

from collections.abc import Iterable

MOST_DIGITS = 18  # more would not fit an id of the database


def whole(text: object) -> int:
    """Read a whole number that a page of ours sent; anything else, from any alphabet, is 0."""
    digits = str(text or "")
    fits = digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS
    return int(digits) if fits else 0


def wholes(texts: Iterable[object]) -> list[int]:
    """Read whole numbers; what is none is left out, and so is 0, which no row is called."""
    return [one for one in map(whole, texts) if one]
