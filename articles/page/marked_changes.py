"""A page with what changed marked on it, for reviewers: the public templates, on content that
carries marks.

Pure. Rows get attributes under the key "review", which the templates print where a row begins;
nothing that is frozen has that key, so readers' pages are as they were.
"""

import copy
import re
from html import unescape

from django.utils.functional import cached_property
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from articles.models import Claim
from articles.revisions import contents, diffing
from articles.richtext import blocks
from articles.richtext.cleaning import plain_text

from .page import Page

_TOKEN = re.compile(
    r'<sup class="cite">.*?</sup>|\s<span'
    r' class="said">.*?</span>|<[^>]+>|&#?\w+;|\w+(?:[’\'-]\w+)*|\s+|[^\w\s]',
    re.DOTALL,
)


class MarkedPage(Page):
    """The Page of `content` with the changes of `comparison` (articles.revisions.comparing)
    on it.
    """

    def __init__(self, content, comparison, **how):
        content = copy.deepcopy(content)
        signs = comparison.signs
        # A claim's rating and evidence show at its row.
        owner = {claim["key"]: claim for claim in content["claims"]}
        self._unseen = {
            key: _id(claim["uid"])
            for key, claim in owner.items()
            if claim["kind"] == Claim.Kind.TEXT
        }
        for name, rows in content.items():
            if name in {"claims", "references"} or not isinstance(rows, list):
                continue
            for row in rows:
                if isinstance(row, dict) and "uid" in row:
                    sign = signs.get(row["uid"]) or _sign_of(owner.get(row.get("claim")), signs)
                    row["review"] = _attributes(row["uid"], sign)
        super().__init__(content, **how)
        self.body = _marked_body(self.body, comparison)

    @cached_property
    def anchors(self):
        """{uid of a row, claim or reference.

        The id of its place on the page}; what is not shown has none.
        """
        anchors = {entry.uid: f"r{entry.number}" for entry in self.references}
        keys = {claim["key"]: claim["uid"] for claim in self.content["claims"]}
        for claim in self.content["claims"]:
            if claim["kind"] == Claim.Kind.TEXT:
                anchors[claim["uid"]] = anchors[f"text:{claim['key']}"] = _id(claim["uid"])
        for rows in contents.ROWS:
            for row in rows.in_content(self.content) if rows.is_shown else ():
                if rows.name == "words" and not row["meaning"]:
                    continue  # explained no more
                anchors[row["uid"]] = _id(row["uid"])
                if row.get("claim") in keys:
                    anchors[keys[row["claim"]]] = _id(row["uid"])
        return anchors

    def _id_of_claim(self, key):
        return self._unseen.pop(key, "")  # an id may be there once: the first place it is said


def _id(uid):
    return f"row-{uid}"


def _sign_of(claim, signs):
    if claim is None:
        return ""
    touched = signs.get(claim["uid"]) or any(link["uid"] in signs for link in claim["citations"])
    return "changed" if touched else ""


def _attributes(uid, sign):
    if sign:
        return format_html(' id="{}" data-row="{}" data-sign="{}"', _id(uid), uid, sign)
    return format_html(' id="{}" data-row="{}"', _id(uid), uid)


def _marked_body(body, comparison):
    changes = {
        change.uid: change for change in comparison.changes if change.code == "body" and change.uid
    }
    pieces, number = [], 0
    for block in blocks.split(body):
        if not plain_text(block):
            pieces.append(block)
            continue
        change = changes.get(f"block-{number}")
        number += 1
        if change is None:
            pieces.append(block)
            continue
        before = next((part.before for part in change.parts if part.by_words), None)
        if before is not None:
            block = _marked_words(block, before)
        tag, inside = (
            re.match(r"(<[a-z0-9]+)(.*)", block, re.DOTALL).groups()
            if block.startswith("<")
            else ("", block)
        )
        attributes = _attributes(change.uid, change.sign)
        if tag[1:] not in blocks.BLOCKS - {"h2"}:  # the page finds its headings by how they begin
            head, words = re.match(r"(<h2[^>]*>|)(.*)", block, re.DOTALL).groups()
            words, end = (words[: -len("</h2>")], "</h2>") if head else (words, "")
            pieces.append(f"{head}<span{attributes}>{words}</span>{end}")
        else:
            pieces.append(f"{tag}{attributes}{inside}")
    # Pieces of what has passed nh3; what was added is escaped or fixed.
    return mark_safe("".join(pieces))  # noqa: S308


def _marked_words(block, before):
    """The html of `block` with words that are new in <ins>, and those of `before` that went in
    <del>.
    """
    tokens = _TOKEN.findall(block)
    places = [n for n, token in enumerate(tokens) if not token.lstrip().startswith("<")]
    new = [_plain(tokens[n]) for n in places]
    old = [_plain(token) for token in _TOKEN.findall(escape(before))]
    for act, start, end, at, to in reversed(list(diffing.opcodes(old, new))):
        if act == "equal" or not "".join([*old[start:end], *new[at:to]]).strip():
            continue
        for n in places[at:to]:
            if tokens[n].strip():
                tokens[n] = f"<ins>{tokens[n]}</ins>"
        if start < end and places:
            gone = f"<del>{escape(''.join(old[start:end]))}</del>"
            if at < len(places):
                tokens[places[at]] = gone + tokens[places[at]]
            else:
                tokens[places[-1]] += gone
    return "".join(tokens).replace("</ins> <ins>", " ").replace("</ins><ins>", "")


def _plain(token):
    return " " if token.isspace() else unescape(token)
