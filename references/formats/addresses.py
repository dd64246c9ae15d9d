"""Web addresses in files of references: which of them lead a reader to the work."""

import re
from collections.abc import Iterable

#: Searches and records of databases that only open in a session, and resolvers of one library.
_SESSION = re.compile(
    r"https?://(?:"
    r"[^/]*\bovid(?:sp|ds|web)?[\w.-]*/\S*(?:ovidweb\.cgi|T=JS)"
    r"|(?:search|openurl)\.ebscohost\.com/|research\.ebsco\.com/"
    r"|(?:www\.)?embase\.com/(?:search|records|a/|\#)"
    r"|search\.proquest\.com/|(?:www\.)?proquest\.com/(?:docview|openurl)"
    r"|(?:www\.)?scopus\.com/(?:inward/)?record"
    r"|(?:www\.|apps\.|gateway\.)?(?:webofscience|webofknowledge|isiknowledge)\.com/"
    r"|gateway\.isiknowledge\.com/|(?:www\.)?cochranelibrary\.com/central/"
    r"|[^/]*\b(?:sfx|linkresolver|openurl|resolver)\b[^/]*/"
    r"|[^/]*\b(?:ezproxy|proxy|libproxy)\b[^/]*/login\?"
    r"|\S*[?&](?:sid|jsessionid|PHPSESSID|accountid)=)"
    r"|https?://\S*;jsessionid=",
    re.I,
)


def is_of_a_session(url: str) -> bool:
    """Return whether `url` leads into a database and not to the work, for who is not logged in."""
    return bool(_SESSION.match(url[:2000]))


def first_lasting(urls: Iterable[str]) -> str:
    """Return the first of `urls` that leads to the work, or ""."""
    return next((url for url in urls if not is_of_a_session(url)), "")
