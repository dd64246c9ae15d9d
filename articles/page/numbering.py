"""Citation numbers: handed out by first use from the top of the page to its end, and stored
nowhere.
"""

from articles.revisions import contents
from articles.wording import (
    STANCES,
    STUDIES_DISAGREE,
    STUDY_KINDS,
    certainty_sentence,
    in_so_many,
    locator,
)

from .certainty import sources_disagree, subject_of_phrase, subject_of_row
from .sources import CitationMark, CitedSentence, source_entry


class Numbering:
    """The sources of frozen content as far as they were cited; ask in the order of the page."""

    def __init__(self, content):
        self._claims = {claim["key"]: claim for claim in content["claims"]}
        self._references = {reference["uid"]: reference for reference in content["references"]}
        self._entries = {}
        self._about = {
            row["claim"]: subject_of_row(row, rows.name)
            for rows, row in contents.rows_that_are_claims(content)
        }
        # A count is in the words of its claim as well, and those are in the language it was typed
        # under.
        self._counts = {
            row["claim"]: row for row in content["side_effects"] if row["n"] is not None
        }

    @property
    def entries(self):
        """The Entries cited so far, by number."""
        return sorted(self._entries.values(), key=lambda entry: entry.number)

    def without_number(self, uids):
        """Entries of those of `uids` that nothing rests on."""
        return [source_entry(self._references[uid]) for uid in uids if uid not in self._entries]

    def cite(self, key):
        """The marks for one occurrence of a claim, in the order its sources are numbered."""
        claim = self._claims.get(key)
        if claim is None:
            return []
        marks, disagreement = {}, STUDIES_DISAGREE if sources_disagree(claim) else ""
        for link in claim["citations"]:
            entry = self._entry(link["reference"])
            if entry.number not in marks:
                mark = CitationMark(entry.number, f"c{entry.number}-{len(entry.marks) + 1}")
                entry.marks.append(mark)
                marks[entry.number] = mark
            entry.is_evidence |= link["stance"] != "background"
            entry.kind = entry.kind or STUDY_KINDS.get(link["design"], "")
            use = CitedSentence(
                self._text_of(claim),
                STANCES[link["stance"]],
                link["quote"],
                link["quote_language"],
                locator(link["locator_kind"], link["locator"]),
                link["note"],
                certainty_sentence(
                    claim["certainty"], self._about.get(key) or subject_of_phrase(claim)
                ),
                disagreement,
            )
            if use in entry.uses:
                use = entry.uses[entry.uses.index(use)]
            else:
                entry.uses.append(use)
            anchor = marks[entry.number].anchor
            if anchor not in use.anchors:
                use.anchors.append(anchor)
        return [marks[number] for number in sorted(marks)]

    def _entry(self, uid):
        if uid not in self._entries:
            self._entries[uid] = source_entry(self._references[uid], len(self._entries) + 1)
        return self._entries[uid]

    def _text_of(self, claim):
        if row := self._counts.get(claim["key"]):
            return f"{row['side_effect']['name']}: {in_so_many(row['n'], row['base'], row['unit'])}"
        return claim["text"]
