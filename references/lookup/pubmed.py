"""Questions to PubMed: the E-utilities of NCBI, and PubMed Central's converter of identifiers."""

import json
from typing import TypedDict

from django.conf import settings

from references import identifiers
from references.formats import pubmed_xml

from . import answers, client, crossref
from .answers import Answer, Outcome

EUTILS, PMC = "eutils.ncbi.nlm.nih.gov", "pmc.ncbi.nlm.nih.gov"
SERVICE = "PubMed"


class OtherIdentifiers(TypedDict):
    """PMID and DOI of an article, "" where it has none."""

    pmid: str
    doi: str


def article(pmid: str) -> Answer:
    """Return the Answer for one PMID."""
    query = (("db", "pubmed"), ("id", pmid), ("retmode", "xml"))
    reply = _ask(EUTILS, "/entrez/eutils/efetch.fcgi", query)
    if not isinstance(reply, bytes):
        return reply or answers.not_found(SERVICE, f"PMID {pmid}")
    records = list(pubmed_xml.read(reply))
    if not records and b"PubmedArticleSet" in reply:
        # It answers an unknown number with an empty list, not with a 404.
        return answers.not_found(SERVICE, f"PMID {pmid}")
    record = next(
        (record for record in records if record.pmid == pmid and not record.refused), None
    )
    return answers.found(SERVICE, record) if record else answers.failed(Outcome.NONSENSE, SERVICE)


def other_identifiers(pmcid: str) -> OtherIdentifiers | Answer:
    """Return PMID and DOI of the article with this PMCID, or the Answer that says why not."""
    reply = _ask(PMC, "/tools/idconv/api/v1/articles/", (("ids", pmcid), ("format", "json")))
    if not isinstance(reply, bytes):
        return reply or answers.not_found(SERVICE, pmcid)
    try:
        records = json.loads(reply)["records"]
        entry = next(entry for entry in records if str(entry.get("pmcid", "")).upper() == pmcid)
        pmid = identifiers.pmid(str(entry.get("pmid") or "")).key
        doi = identifiers.doi(str(entry.get("doi") or ""))
    except (ValueError, LookupError, TypeError, AttributeError, StopIteration, RecursionError):
        return answers.failed(Outcome.NONSENSE, SERVICE)
    if entry.get("status") == "error" or not (pmid or doi.is_usable):
        return answers.not_found(SERVICE, pmcid)
    return OtherIdentifiers(pmid=pmid, doi=doi.display if doi.is_usable else "")


def _ask(host, path, query):
    """Return the body of the reply, None for a 404, or the Answer of a failure."""
    caller = [("tool", "PhysioHub")]
    if settings.LOOKUP_CONTACT:
        caller.append(("email", settings.LOOKUP_CONTACT))
    try:
        reply = client.ask(client.Question(host, path, (*query, *caller)))
    except client.Failed as error:
        return answers.failed(error.outcome, SERVICE, seconds=error.seconds)
    return None if reply.status == 404 else reply.body


def by_pmcid(pmcid: str) -> Answer:
    """Return the Answer for one PMCID, found by its PMID, or by its DOI where it has no PMID."""
    known = other_identifiers(pmcid)
    if isinstance(known, Answer):
        return known
    if known["pmid"]:
        return article(known["pmid"])
    return crossref.work(known["doi"])
