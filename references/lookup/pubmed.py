"""Questions to PubMed: the E-utilities of NCBI, and PubMed Central's converter of identifiers."""

import json

from django.conf import settings

from references import identifiers
from references.formats import pubmed_xml

from . import answers, client, crossref
from .answers import Outcome

EUTILS, PMC = "eutils.ncbi.nlm.nih.gov", "pmc.ncbi.nlm.nih.gov"
SERVICE = "PubMed"


def article(pmid):
    """The Answer for one PMID."""
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


def other_identifiers(pmcid):
    """({"pmid": …, "doi": …}, None) of the article with this PMCID, or (None, the Answer that says
    why not).
    """
    reply = _ask(PMC, "/tools/idconv/api/v1/articles/", (("ids", pmcid), ("format", "json")))
    if not isinstance(reply, bytes):
        return None, reply or answers.not_found(SERVICE, pmcid)
    try:
        listed = json.loads(reply)["records"]
        entry = next(entry for entry in listed if str(entry.get("pmcid", "")).upper() == pmcid)
        pmid = identifiers.pmid(str(entry.get("pmid") or "")).key
        doi = identifiers.doi(str(entry.get("doi") or ""))
    except (ValueError, LookupError, TypeError, AttributeError, StopIteration, RecursionError):
        return None, answers.failed(Outcome.NONSENSE, SERVICE)
    if entry.get("status") == "error" or not (pmid or doi.is_usable):
        return None, answers.not_found(SERVICE, pmcid)
    return {"pmid": pmid, "doi": doi.display if doi.is_usable else ""}, None


def _ask(host, path, query):
    """The body of the reply, None for a 404, or the Answer of a failure."""
    who = (("tool", "PhysioHub"),) + (
        (("email", settings.LOOKUP_CONTACT),) if settings.LOOKUP_CONTACT else ()
    )
    try:
        reply = client.ask(client.Question(host, path, (*query, *who)))
    except client.Failed as problem:
        return answers.failed(problem.outcome, SERVICE, seconds=problem.seconds)
    return None if reply.status == 404 else reply.body


def by_pmcid(pmcid):
    """The Answer for one PMCID, by way of its PMID, or of its DOI where it has no PMID."""
    known, problem = other_identifiers(pmcid)
    if problem:
        return problem
    if known["pmid"]:
        return article(known["pmid"])
    return crossref.work(known["doi"])
