"""Where a line falls into sentences, and which of them are title and journal."""

import re

# A small letter begins no sentence, save in names such as eLife and medRxiv.
_SENTENCE_END = re.compile(
    r"(?<=[.?!])[”’\"']?(\s+)(?=[^\Wa-z_]|[“‘\"'(\[<¿¡]|[a-z]{1,8}[A-Z]|npj )"
)


def split_sentences(text):
    """`text` cut behind each full stop, question or exclamation mark that a capital or a digit
    follows.
    """
    pieces, position = [], 0
    for end in _SENTENCE_END.finditer(text):
        pieces.append(text[position : end.start(1)])
        position = end.end()
    pieces.append(text[position:])
    return [piece for piece in pieces if piece.strip(" .")]


def bare(sentence):
    """`sentence` without the full stop at its end."""
    return sentence.strip().removesuffix(".").strip()


def title_of(sentences):
    """The sentences of a title as one, without the full stop that only ends it."""
    title = " ".join(sentences).strip()
    if quoted := re.fullmatch(r"(.*)\.([”’]+)", title):
        # American typesetting puts the full stop of the line inside the quotation marks of the
        # title.
        return quoted[1] + quoted[2]
    return bare(title)


_ABBREVIATED = re.compile(r"[A-Z][A-Za-z]{0,11}\.")


def journal_last(sentences):
    """`sentences` without the journal, and the journal.

    A dotted abbreviation is several sentences of it.
    """
    if len(sentences) < 2:
        # Without a title before it, what stands here is the title.
        return sentences, ""
    *sentences, journal = sentences
    while len(sentences) > 1 and _ABBREVIATED.fullmatch(sentences[-1]) and len(journal.split()) < 6:
        journal = f"{sentences.pop()} {journal}"
    return sentences, journal.strip() if ". " in journal else bare(journal)
