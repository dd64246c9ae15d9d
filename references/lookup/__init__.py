"""Asking Crossref and PubMed about a work, only when a person wants to know.

`crossref` and `pubmed` have the questions, one function each. They return an Answer, whatever
happens. `client` has the rules for asking: fixed hosts, https, time limits, a polite rate.
`sending` is the network itself, or a folder of recorded replies, as the setting LOOKUP says.
"""

from .answers import Answer, Outcome

__all__ = ["Answer", "Outcome"]
