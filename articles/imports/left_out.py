"""Say what an import leaves out, and what the author does about it."""

from articles.richtext.allowed_html import HREF


def works_outside(href: str) -> bool:
    """Return whether a link works outside its document, wherever the document came from.

    One to "#…" does not, and one to "/…" would lead into our own site.
    """
    return bool(HREF.match(href)) and href[:1] not in {"#", "/"}


def messages_about_losses(pictures: int, links: int, links_within: int = 0) -> list[str]:
    """Return sentences that ask the author to add what the import leaves out.

    `links` counts those to places that only the document's own site knows, `links_within` those to
    another place in the document.
    """
    messages = []
    if pictures:
        messages.append(
            f"{pictures} {'picture was' if pictures == 1 else 'pictures were'} left out: add them"
            " in the editor."
        )
    if links:
        what = "a link was" if links == 1 else f"{links} links was"
        messages.append(
            f"The address of {what} left out, for it works in the document only: link the words in"
            " the editor."
        )
    if links_within:
        what = "1 link" if links_within == 1 else f"{links_within} links"
        messages.append(
            f"{what} to another place in the document {'was' if links_within == 1 else 'were'} left"
            " out. The words stay."
        )
    return messages
