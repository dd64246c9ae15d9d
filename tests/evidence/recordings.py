"""Replies of other services, recorded: a folder that the setting LOOKUP can name.

No test asks anybody else.
"""

import json
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from django.test import override_settings

from references.lookup import client

CROSSREF = "https://api.crossref.org/works"
EFETCH = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi"
IDCONV = "https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/"


@contextmanager
def recorded(*replies):
    """Within it, these replies are all that other services say, and a folder need not be
    asked slowly.
    """
    at_once = {host: client.Pace(0) for host in client.INTERVALS}
    with mock.patch.dict(client._paces, at_once), tempfile.TemporaryDirectory() as folder:
        Path(folder, "replies.json").write_text(json.dumps(replies))
        with override_settings(LOOKUP=f"recorded:{folder}"):
            yield


def crossref_work(work, *, asked=None):
    """Crossref's reply for one work (a dict as the API has it)."""
    return {"url": f"{CROSSREF}/{asked or work['DOI']}", "body": {"status": "ok", "message": work}}


def crossref_knows_nothing(doi):
    return {"url": f"{CROSSREF}/{doi}", "status": 404, "body": "Resource not found."}


def pubmed_article(pmid, xml):
    return {"url": f"{EFETCH}?db=pubmed&id={pmid}&retmode=xml", "body": xml}


def a_work(**fields):
    """A made-up work as Crossref describes one."""
    return {
        "DOI": "10.5555/needles.1",
        "type": "journal-article",
        "title": ["Needles for sore necks"],
        "author": [{"family": "Osei", "given": "Ama"}, {"family": "Lind", "given": "Bo"}],
        "container-title": ["Journal of Examples"],
        "volume": "7",
        "issue": "2",
        "page": "11-19",
        "issued": {"date-parts": [[2019, 5]]},
        **fields,
    }


def an_article(
    pmid="7654321", *, title="Needles for sore necks", links="", kinds=(), doi="10.5555/needles.1"
):
    """PubMed's reply for a made-up article."""
    kinds = "".join(
        f"<PublicationType>{kind}</PublicationType>" for kind in ("Journal Article", *kinds)
    )
    return f"""<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.nlm.nih.gov/x.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article>
<Journal><JournalIssue><Volume>7</Volume><Issue>2</Issue><PubDate><Year>2019</Year><Month>May</Month></PubDate>
</JournalIssue><Title>Journal of Examples</Title><ISOAbbreviation>J Ex</ISOAbbreviation></Journal>
<ArticleTitle>{title}.</ArticleTitle><Pagination><MedlinePgn>11-9</MedlinePgn></Pagination>
<AuthorList><Author><LastName>Osei</LastName><ForeName>Ama</ForeName>
<Initials>A</Initials></Author></AuthorList>
<Language>eng</Language><PublicationTypeList>{kinds}</PublicationTypeList></Article>
<CommentsCorrectionsList>{links}</CommentsCorrectionsList></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId>
<ArticleId IdType="doi">{doi}</ArticleId></ArticleIdList>
<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.5555/another</ArticleId>
</ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle></PubmedArticleSet>"""
