"""How a line is split into sentences, and which of them are title and journal."""

import re

# No sentence begins with a small letter, except names such as eLife and medRxiv.
_SENTENCE_END = re.compile(
    r"(?<=[.?!])(?<!\bU\.S\.)(?<!\bU\.K\.)"
    r"[”’\"']?(\s+)(?=[^\Wa-z_]|[“‘\"'(\[<¿¡]|[a-z]{1,8}[A-Z]|npj )"
)


def split_sentences(text: str) -> list[str]:
    """Return `text` cut after each “.”, “?” or “!” before a capital or a digit."""
    pieces, position = [], 0
    for end in _SENTENCE_END.finditer(text):
        pieces.append(text[position : end.start(1)])
        position = end.end()
    pieces.append(text[position:])
    return [piece for piece in pieces if piece.strip(" .")]


def bare(sentence: str) -> str:
    """Return `sentence` without the full stop at its end."""
    return sentence.strip().removesuffix(".").strip()


def title_of(sentences: list[str]) -> str:
    """Return the sentences of a title as one, without the full stop that only ends it."""
    title = " ".join(sentences).strip()
    if quoted := re.fullmatch(r"(.*)\.([”’]+)", title):
        # In American typesetting the full stop of the line is inside the quotation marks.
        return quoted[1] + quoted[2]
    return bare(title)


_ABBREVIATED = re.compile(r"[A-Z][A-Za-z]{0,11}\.")


def split_off_journal(sentences: list[str]) -> tuple[list[str], str]:
    """Return `sentences` without the journal at their end, and the journal.

    A journal title with abbreviations is several sentences.
    """
    if len(sentences) < 2:
        # The only sentence is the title.
        return sentences, ""
    *sentences, journal = sentences
    while len(sentences) > 1 and _ABBREVIATED.fullmatch(sentences[-1]) and len(journal.split()) < 6:
        journal = f"{sentences.pop()} {journal}"
    return sentences, journal.strip() if ". " in journal else bare(journal)
