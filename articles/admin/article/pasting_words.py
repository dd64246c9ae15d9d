"""What a writer is told after pasting into the editor. The scripts hold no texts.

They fill in what is in braces: {count}, {list}.
"""

from django.utils.translation import gettext_lazy as _

PASTING_WORDS = {
    "failed": _(
        "What you pasted could not be read as it is written. Compare all of it with the original."
    ),
    "left_out": _(
        "Left out of what you pasted: {list}. Compare with the original and add what readers need."
    ),
    "part": _("{what} ({count})"),
    "comma": _(", "),
    "headings": _("headings"),
    "tables": _("tables"),
    "items": _("items of lists"),
    "merged": _("merged cells"),
    "raised": _("raised or lowered letters"),
    "formulas": _("formulas"),
    "drawings": _("drawings"),
    "media": _("videos and sounds"),
    "embedded": _("embedded pages"),
    "fields": _("form fields"),
    "comments": _("comments"),
    "hidden": _("hidden words"),
    "links": _("addresses of links that work in the original only"),
    "missing": _("Words that did not come along: “{words}”. Type them where they belong."),
    "changes": _(
        "Tracked changes ({count}) came in as if all were accepted. Check that they should be."
    ),
    "struck": _("Crossed-out words ({count}) are plain now. Delete them if they no longer hold."),
    "lettered": _(
        "Lists with letters ({count}) have numbers now. Check what the text says about them."
    ),
    "picture_local": _(
        "The other program keeps its pictures to itself ({count}). Save each as a file there and"
        " drop it into the text."
    ),
    "picture_remote": _(
        "Pictures of other sites stay there ({count}). Save those you may use as files and drop"
        " them into the text."
    ),
    "picture_format": _(
        "Pictures of a kind that pages cannot hold ({count}). Save them as JPEG, PNG or WebP and"
        " drop them into the text."
    ),
    "picture_asked": _(
        "Pictures wait above the text ({count}): say what each shows, or leave it out."
    ),
    "picture_forbidden": _(
        "Pictures were left out ({count}), for you may not add any. Ask an editor to add them."
    ),
    "claim_copied": _("“{text}” is a new claim with the same sources."),
    "claim_plain": _(
        "“{text}” is plain text: sources come along only with all the words they were linked to."
    ),
    "claims_foreign": _(
        "Claims of another article ({count}) are plain text. Mark them here and add their sources."
    ),
    "cited": _(
        "This text cites “{mark}” and brings its list of sources. The import page can tie each"
        " claim to its source."
    ),
    "import": _("Import this text with its citations"),
    "under": _("A picture under “{heading}”"),
    "at_top": _("A picture at the top, before the text"),
    "alt": _("What it shows, for people who cannot see it"),
    "decorative": _("It is decorative: nobody would miss anything without it"),
    "no_alt": _("Say what the picture shows, or tick that it is decorative."),
    "add_picture": _("Add the picture"),
    "leave_out": _("Leave it out"),
    "adding": _("Adding it …"),
    "not_added": _(
        "The picture could not be added. Check that you are logged in and may add pictures, then"
        " try again."
    ),
    "picture_added": _("The picture is under “{heading}”. Save the article to keep it there."),
    "picture_added_top": _(
        "The picture is at the top, before the text. Save the article to keep it there."
    ),
    "picture_left": _("The picture was left out."),
}
