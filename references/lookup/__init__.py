"""Asking Crossref and PubMed about a work: only when a person asked, and never more than an answer
is needed.

`crossref` and `pubmed` hold the questions, one function each; they return an Answer, whatever
happens. `client` holds the manners: fixed hosts, https, time-outs, a polite rate. `sending` is the
network itself, or a folder of recorded replies, as the setting LOOKUP says.
"""

from .answers import Answer, Outcome

__all__ = ["Answer", "Outcome"]
