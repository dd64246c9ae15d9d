"""Say what an import leaves out, and what the author does about it."""

from articles.richtext.allowed_html import HREF


def works_outside(href: str) -> bool:
    """Return whether a link works outside its document. One to "#…" does not."""
    return bool(HREF.match(href)) and not href.startswith("#")


def messages_about_losses(pictures: int, links: int) -> list[str]:
    """Return sentences that ask the author to add what the import leaves out."""
    messages = []
    if pictures:
        messages.append(
            f"{pictures} {'picture was' if pictures == 1 else 'pictures were'} left out: add them"
            " in the editor."
        )
    if links:
        what = "a link was" if links == 1 else f"{links} links were"
        messages.append(
            f"The address of {what} left out, for it works in the document only: link the words in"
            " the editor."
        )
    return messages
