"""The opening of a text: what the treatment is, which readers learn before who should not have it.
Pure.
"""

from articles.models.claims import Direction
from articles.richtext.blocks import first_part
from articles.richtext.cleaning import plain_text
from articles.richtext.markers import claims_in

#: A longer beginning is no opening: three sentences of at most 20 words are asked for, and a few
#: more are borne.
MOST_WORDS = 120


def split_introduction(content):
    """(opening, rest) of the body of frozen `content`; together they are the body but for its empty
    headings.

    The opening is all before the second heading. It is "" where that is longer than MOST_WORDS, or
    says what the treatment is good for: safety stands before benefits.
    """
    first, rest = first_part(content["body"])
    if len(plain_text(first).split()) > MOST_WORDS or _promises(first, content):
        return "", first + rest
    return first, rest


def _promises(html, content):
    good = {claim["key"] for claim in content["claims"] if claim["direction"] == Direction.BETTER}
    return any(marked.key in good for marked in claims_in(html))
