"""Know the line that says when a page was written or checked."""

import re

_LONGEST = 160
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto"
    "|septiembre|octubre|noviembre|diciembre|يناير|فبراير|مارس|أبريل|إبريل|مايو|يونيو|يوليو"
    "|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر"
)
_DATE = (
    rf"(?:(?:{_MONTHS}|\d{{1,4}}(?:st|nd|rd|th)?|of|de|del|[.,/-])"
    r"(?:\s+|(?=[.,/-])|(?<=[.,/-])|\Z))+"
)
_WHAT = r"(?:this |the )?(?:page|leaflet|article|information|content|guide|document|date)"
_DONE = (
    "looked at|reviewed|review|updated|update|checked|modified|revised|edited|published|issued"
    "|produced|created"
)
_LABEL = (
    rf"(?:(?:{_WHAT} )?(?:was |of )?(?:first |last |next |date |due )*(?:{_DONE})(?: date)?"
    r"(?: due)?"
    r"|(?:due for|date of) (?:next )?(?:review|update|publication|issue)|publication date"
    r"|(?:(?:esta )?(?:página|hoja|información) )?(?:fecha de )?"
    r"(?:[úu]ltima |pr[óo]xima )?(?:revisi[óo]n|revisad[ao]|actualizaci[óo]n|actualizad[ao]"
    r"|modificaci[óo]n|publicaci[óo]n|publicad[ao])(?: por última vez)?"
    r"|(?:تاريخ )?(?:آخر )?(?:مراجعة|المراجعة|تحديث|التحديث|تعديل|النشر)(?: (?:القادمة|التالية))?)"
)
_LINE = re.compile(rf"(?:{_LABEL}\s*(?:on|in|by|el|en|في)?\s*[:–-]?\s*{_DATE}[|;·]?\s*)+", re.I)
_YEAR = re.compile(r"(?<!\d)(?:(?:19|20)\d\d|[٠-٩]{4}|\d{1,2}[./-]\d{1,2}[./-]\d\d)(?!\d)")


def is_page_date(text: str) -> bool:
    """Return whether `text` only says when its page was written or checked, or is to be again.

    >>> is_page_date("Page last reviewed: 24 June 2024. Next review due: 24 June 2027")
    True
    """
    return bool(len(text) <= _LONGEST and _YEAR.search(text) and _LINE.fullmatch(text.strip()))
