"""What of a text another one says too, and what it says alone: for showing two side by side."""

import unicodedata
from itertools import pairwise

# Letters in a row that both texts must have for them to count as said in both.
RUN = 4
# Fewer common letters than this between words of one's own are a chance, not a sentence kept.
ISLAND = 6


def own_stretches(
    text: str, other: str, run: int = RUN, island: int = ISLAND
) -> list[tuple[str, bool]]:
    """Cut a text into what the other one says too (False) and what only it says (True).

    Said in both are letters and digits that stand in a row of at least `run` in both, wherever
    that is: sentences that changed their places are no difference, nor is punctuation. The
    stretches put together are the text.
    """
    letters = [(at, sign) for at, sign in enumerate(map(_letter, text)) if sign]
    theirs = "".join(filter(None, map(_letter, other)))
    known = {theirs[at : at + run] for at in range(len(theirs) - run + 1)}
    own = [True] * len(letters)
    for first in range(len(letters) - run + 1):
        if "".join(sign for _at, sign in letters[first : first + run]) in known:
            own[first : first + run] = [False] * run
    _flood(own, island)
    return _stretches(text, {at: mine for (at, _sign), mine in zip(letters, own, strict=True)})


def _flood(own: list[bool], island: int) -> None:
    """Give small islands of common letters to the words of one's own around them."""
    ends = [at for at in range(1, len(own)) if own[at] != own[at - 1]]
    for first, last in pairwise(ends):
        if not own[first] and last - first < island:
            own[first:last] = [True] * (last - first)


def _letter(sign: str) -> str:
    """Return a letter or digit in its usual form, nothing for any other sign."""
    usual = unicodedata.normalize("NFKC", sign).lower()
    return usual if len(usual) == 1 and usual.isalnum() else ""


def _stretches(text: str, own: dict[int, bool]) -> list[tuple[str, bool]]:
    """Join neighbouring letters of one kind; signs between go with own words on both sides."""
    following = [False] * len(text)
    coming = False
    for at in range(len(text) - 1, -1, -1):
        following[at] = coming = own.get(at, coming)
    joined: list[tuple[str, bool]] = []
    before = False
    for at, sign in enumerate(text):
        before = own[at] if at in own else before and following[at]
        if joined and joined[-1][1] == before:
            joined[-1] = (joined[-1][0] + sign, before)
        else:
            joined.append((sign, before))
    return joined
