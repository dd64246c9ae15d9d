"""Rules about the structure of the text: its headings and its links."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.preflight.draft import DraftToCheck
from articles.revisions import introduction
from articles.richtext.cleaning import plain_text
from articles.richtext.headings import headings_in

from .registry import Found, blocks_unless_signed, hints

_HEADING = re.compile(r"<h([23])>(.*?)</h\1>", re.DOTALL)
_LINK = re.compile(r'<a\b[^>]*href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_SAYS_NOTHING = {
    "here",
    "click here",
    "this",
    "this page",
    "link",
    "read more",
    "more",
    "website",
    "see here",
}
#: In a longer text people look for what they need, and they look at the headings.
WORDS_THAT_NEED_HEADINGS = 300


@blocks_unless_signed("headings_go_down_one_step_at_a_time")
def headings_go_down_one_step_at_a_time(draft: DraftToCheck) -> Iterator[Found]:
    """A small heading before the first large one misleads screen readers (WCAG 2.2, 1.3.1)."""
    levels = [
        (int(level), _words(inside)) for level, inside in _HEADING.findall(draft.content["body"])
    ]
    if levels and levels[0][0] == 3:
        yield Found(
            _("Begin with a large heading: “%s” is a small one with none above it.") % levels[0][1],
        )


@blocks_unless_signed(
    "links_say_where_they_lead",
    many=gettext_lazy(
        "%(count)s links do not say where they lead. Say it in each, for example by the"
        " name of the page."
    ),
)
def links_say_where_they_lead(draft: DraftToCheck) -> Iterator[Found]:
    """People who hear only the links of a page must know where each leads (WCAG 2.2, 2.4.4)."""
    for address, inside in _LINK.findall(draft.content["body"]):
        words = _words(inside)
        if words.lower().strip(" .!…") in _SAYS_NOTHING or not words:
            yield Found(
                _(
                    "Say where the link “%(words)s” leads (%(address)s), for example by the name of"
                    " the page."
                )
                % {"words": words, "address": address},
            )


@hints(
    "links_are_safe_to_follow",
    many=gettext_lazy("%(count)s links are not encrypted. See if each page is there with https."),
)
def links_are_safe_to_follow(draft: DraftToCheck) -> Iterator[Found]:
    for address, inside in _LINK.findall(draft.content["body"]):
        if address.startswith("http://"):
            yield Found(
                _(
                    "The link “%(words)s” is not encrypted (%(address)s). See if the page is there"
                    " with https."
                )
                % {"words": _words(inside), "address": address},
            )


@hints(
    "headings_are_said_once",
    many=gettext_lazy("%(count)s headings stand in the text twice. Say what is different."),
)
def headings_are_said_once(draft: DraftToCheck) -> Iterator[Found]:
    headings = headings_in(draft.content["body"])
    for heading in dict.fromkeys(headings):
        if headings.count(heading) > 1:
            yield Found(
                _("The heading “%s” stands in the text twice. Say what is different.") % heading,
            )


@hints("long_texts_have_headings")
def long_texts_have_headings(draft: DraftToCheck) -> Iterator[Found]:
    body = draft.content["body"]
    if "<h2>" not in body and len(plain_text(body).split()) > WORDS_THAT_NEED_HEADINGS:
        yield Found(
            _(
                "The text is long and has no heading. Add some, so that people find what they look"
                " for."
            ),
        )


@hints("says_what_it_is_before_all_else")
def says_what_it_is_before_all_else(draft: DraftToCheck) -> Iterator[Found]:
    """People want to know first what a treatment is, then if it is safe for them.

    Its benefits come after that.
    """
    beginning, rest = introduction.split_introduction(draft.content)
    if rest and not beginning:
        yield Found(
            _(
                "The beginning of the text is longer than %(most)s words or says what the treatment"
                " is good for, so it stands after the reasons not to have it. Say only what it is,"
                " in about three sentences, then put a heading."
            )
            % {"most": introduction.MOST_WORDS},
        )


def _words(html):
    return " ".join(plain_text(html).split())
