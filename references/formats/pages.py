"""Pages, and the number that an article has where a journal has no pages."""

import re

from references.typed_lines.mending import means_nothing, without_page_word

#: “1042”, “e0123456”, “l689”, “EVIDoa2100038”; no identifier of a publisher, which has more in it.
_ARTICLE_NUMBER = re.compile(r"[A-Za-z]{0,6}[0-9]{1,12}(?:[.-][0-9]{1,4})?")


def from_first_and_last(first: str, last: str, number: str = "") -> str:
    """Return the pages from `first` to `last`; without any, the `number` of the article."""
    first, last = ("" if means_nothing(text) else text for text in (first, last))
    if not first and not last:
        return article_number(number)
    if not first or not last or first == last or "-" in first:
        return first or last
    return f"{first}-{last}"


def article_number(text: str) -> str:
    """Return the number in “1306”, “ARTN 1306”, “Art. No. 12” and “1042 [pii]”, or ""."""
    text = without_page_word(text.removesuffix("[pii]").strip())
    return text if _ARTICLE_NUMBER.fullmatch(text) and not text.upper().startswith("PMC") else ""


def full_range(pages: str) -> str:
    """Return “454-81” as “454-481”: MEDLINE leaves off the digits that both pages share."""
    match = re.fullmatch(r"([0-9]{1,12})-([0-9]{1,12})", pages)
    if not match or len(match[2]) >= len(match[1]):
        return pages
    first, ending = match.groups()
    last = first[: -len(ending)] + ending
    return f"{first}-{last}" if int(last) >= int(first) else pages
