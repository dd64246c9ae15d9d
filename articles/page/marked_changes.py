"""A page with what changed marked on it, for reviewers: the public templates with marked content.

Pure. Rows get attributes under the key "review", which the templates print where a row begins. No
frozen row has that key. On pages of readers, only rows that are checked again get one.
"""

import copy
import re
from collections.abc import Mapping
from html import unescape

from django.utils.functional import cached_property
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from articles.models import Claim
from articles.revisions import contents, diffing
from articles.revisions.changes import Change, Comparison
from articles.revisions.frozen_content import FrozenClaim, FrozenContent
from articles.richtext import blocks
from articles.richtext.cleaning import plain_text

from .page import Page

#: A part that is never marked inside, a tag, an entity, or a word, gap or sign.
_TOKEN = re.compile(
    r'<sup class="cite">.*?</sup>|\s<span class="said">.*?</span>|<[^>]+>|&#?\w+;|'
    + diffing.WORD_OR_GAP,
    re.DOTALL,
)


class MarkedPage(Page):
    """The page of `content` with the changes of a `comparison` marked on it."""

    def __init__(
        self,
        content: FrozenContent,
        comparison: Comparison,
        *,
        picture_url_name: str = "articles:picture",
    ) -> None:
        content = copy.deepcopy(content)
        # Claims of the text that have no id on the page yet.
        self._ids_to_give = {
            claim["key"]: _id(claim["uid"])
            for claim in content["claims"]
            if claim["kind"] == Claim.Kind.TEXT
        }
        _mark_rows(content, comparison.kinds)
        super().__init__(content, picture_url_name=picture_url_name)
        self.body = _marked_body(self.body, comparison)

    @cached_property
    def anchors(self) -> dict[str, str]:
        """{uid of a row, claim or reference: the id of its place}; what is not shown has none."""
        anchors = {entry.uid: f"r{entry.number}" for entry in self.references}
        claims = {claim["key"]: claim["uid"] for claim in self.content["claims"]}
        for claim in self.content["claims"]:
            if claim["kind"] == Claim.Kind.TEXT:
                anchors[claim["uid"]] = anchors[f"text:{claim['key']}"] = _id(claim["uid"])
        for rows in contents.ROWS:
            for row in rows.in_content(self.content) if rows.is_shown else ():
                if rows.name == "words" and not row["meaning"]:
                    continue  # no longer explained
                anchors[row["uid"]] = _id(row["uid"])
                if row.get("claim") in claims:
                    anchors[claims[row["claim"]]] = _id(row["uid"])
        return anchors

    def _id_of_claim(self, key: str) -> str:
        # An id may be on a page once: at the first place that makes the claim.
        return self._ids_to_give.pop(key, "")


def _id(uid: str) -> str:
    return f"row-{uid}"


def _mark_rows(content: FrozenContent, kinds: Mapping[str, str]) -> None:
    """Give all rows their attributes. A claim's rating and evidence show at its row."""
    claims = {claim["key"]: claim for claim in content["claims"]}
    for name, rows in content.items():
        if name in {"claims", "references"} or not isinstance(rows, list):
            continue
        for row in rows:
            if isinstance(row, dict) and "uid" in row:
                claim = claims.get(row.get("claim") or "")
                kind = kinds.get(row["uid"]) or _kind_of_change_of_claim(claim, kinds)
                row["review"] = _attributes(row["uid"], kind)


def _kind_of_change_of_claim(claim: FrozenClaim | None, kinds: Mapping[str, str]) -> str:
    if claim is None:
        return ""
    is_touched = claim["uid"] in kinds or any(
        citation["uid"] in kinds for citation in claim["citations"]
    )
    return "changed" if is_touched else ""


def _attributes(uid: str, kind_of_change: str) -> SafeString:
    if kind_of_change:
        return format_html(' id="{}" data-row="{}" data-change="{}"', _id(uid), uid, kind_of_change)
    return format_html(' id="{}" data-row="{}"', _id(uid), uid)


def _marked_body(body: str, comparison: Comparison) -> SafeString:
    changes = {
        change.uid: change for change in comparison.changes if change.code == "body" and change.uid
    }
    marked, number = [], 0
    for block in blocks.split(body):
        if plain_text(block):
            change = changes.get(f"block-{number}")
            number += 1
            if change is not None:
                block = _marked_block(block, change)
        marked.append(block)
    # Blocks of what has passed nh3; what was added is escaped or fixed.
    return mark_safe("".join(marked))  # noqa: S308


def _marked_block(block: str, change: Change) -> str:
    """Return `block` with attributes that name its change, and with its changed words marked."""
    before = next((value.before for value in change.values if value.by_words), None)
    if before is not None:
        block = _marked_words(block, before)
    attributes = _attributes(change.uid, change.kind)
    tag = re.match(r"<[a-z0-9]+", block)
    # Not on a heading: the page finds its headings by how they begin.
    if tag and tag[0][1:] in blocks.BLOCKS - {"h2"}:
        return f"{tag[0]}{attributes}{block[tag.end() :]}"
    heading = re.match(r"<h2[^>]*>", block)
    start, end = (heading[0], "</h2>") if heading else ("", "")
    words = block[len(start) : len(block) - len(end)]
    return f"{start}<span{attributes}>{words}</span>{end}"


def _marked_words(block: str, before: str) -> str:
    """Return the html of `block` with new words in <ins>, and those gone from `before` in <del>."""
    tokens = _TOKEN.findall(block)
    places = [n for n, token in enumerate(tokens) if not token.lstrip().startswith("<")]
    new = [_plain(tokens[n]) for n in places]
    old = [_plain(token) for token in _TOKEN.findall(escape(before))]
    for act, start, end, new_start, new_end in reversed(list(diffing.opcodes(old, new))):
        gone, come = old[start:end], new[new_start:new_end]
        if act == "equal" or not "".join([*gone, *come]).strip():
            continue
        for n in places[new_start:new_end]:
            if tokens[n].strip():
                tokens[n] = f"<ins>{tokens[n]}</ins>"
        if gone and places:
            _insert(f"<del>{escape(''.join(gone))}</del>", tokens, places, new_start)
    return "".join(tokens).replace("</ins> <ins>", " ").replace("</ins><ins>", "")


def _insert(html: str, tokens: list[str], places: list[int], at: int) -> None:
    """Put `html` before the word number `at`, or behind the last word."""
    if at < len(places):
        tokens[places[at]] = html + tokens[places[at]]
    else:
        tokens[places[-1]] += html


def _plain(token: str) -> str:
    return " " if token.isspace() else unescape(token)
