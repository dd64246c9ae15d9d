"""Questions to Crossref (api.crossref.org)."""

import json
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from references import csl as csl_json
from references.formats import crossref

from . import answers, client
from .answers import Answer, Outcome

HOST = "api.crossref.org"
SERVICE = "Crossref"
_MOST_FOUND = 8
#: What a search shows. The lists of references, which are most of an answer, are not among them.
_SELECTED_FIELDS = (
    "DOI,type,title,subtitle,author,container-title,short-container-title,issued,published-print,published-online,"
    "posted,volume,issue,page,article-number,ISSN,ISBN,publisher,update-to,updated-by"
)


def work(doi: str) -> Answer:
    """Return the Answer for one DOI (as shown or as key)."""
    if not doi or {".", ".."} & set(doi.split("/")):
        # A path with dots in it could ask for something else.
        return answers.not_found(SERVICE, doi)
    reply = _ask(f"/works/{quote(doi, safe='/')}", ())
    if not isinstance(reply, dict):
        return reply or answers.not_found(SERVICE, doi)
    record = crossref.record(reply.get("message"))
    if record.refused or not record.csl.get("DOI"):
        return answers.failed(Outcome.NONSENSE, SERVICE)
    return answers.found(SERVICE, record)


def search(csl: csl_json.Csl) -> Answer:
    """Return the Answer for a work without an identifier: at most 8 works that are most like it.

    Order and score are Crossref's and prove nothing. Compare each with what was typed
    (references.identity).
    """
    words = [
        csl_json.without_tags(csl.get("title")),
        csl_json.first_author(csl),
        str(csl_json.year(csl) or ""),
    ]
    description = " ".join(filter(None, words))[:500]
    if not csl_json.title_key(csl.get("title")):
        return answers.not_found(SERVICE, _("a work without a title"))
    query = (
        ("query.bibliographic", description),
        ("rows", str(_MOST_FOUND)),
        ("select", _SELECTED_FIELDS),
    )
    reply = _ask("/works", query)
    if not isinstance(reply, dict):
        return reply or answers.not_found(SERVICE, description)
    message = reply.get("message")
    items = message.get("items") if isinstance(message, dict) else None
    if not isinstance(items, list):
        return answers.failed(Outcome.NONSENSE, SERVICE)
    works = (
        item
        for item in items
        if isinstance(item, dict) and str(item.get("type")) not in crossref.NOT_WORKS
    )
    records = [record for item in works if not (record := crossref.record(item)).refused]
    return answers.found(SERVICE, *records) if records else answers.not_found(SERVICE, description)


def _ask(path, query):
    """Return the JSON object in the reply, None for a 404, or the Answer of a failure."""
    if settings.LOOKUP_CONTACT:
        query = (*query, ("mailto", settings.LOOKUP_CONTACT))
    try:
        reply = client.ask(client.Question(HOST, path, query))
    except client.Failed as error:
        return answers.failed(error.outcome, SERVICE, seconds=error.seconds)
    if reply.status == 404:
        return None
    try:
        answer = json.loads(reply.body)
    except (ValueError, RecursionError):
        answer = None
    return answer if isinstance(answer, dict) else answers.failed(Outcome.NONSENSE, SERVICE)
