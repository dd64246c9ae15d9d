"""Rules about translations."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.preflight.draft import DraftToCheck

from .registry import Found, hints


@hints("says_what_it_was_translated_from", field="translation_of")
def says_what_it_was_translated_from(draft: DraftToCheck) -> Iterator[Found]:
    if draft.content["translation_of"] and "translated_from" not in draft.content:
        yield Found(
            _(
                "Say on the page “Translation” which version of the original this is, so that"
                " changes are noticed."
            ),
        )
