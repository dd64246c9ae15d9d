"""The fixed sentences readers get about evidence: one for each state, translatable, the same on every page.

Our own wording, made to sit at a reading grade of 4 or below; the levels are GRADE's.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Sureness:
    """How sure we are, as a chip with a meter and the sentences beside it."""

    level: str
    chip: str
    dots: int | None  # filled dots of four; None: no meter
    better: str
    no_difference: str
    harm: str
    because: str

    def says(self, direction):
        """The sentence about the effect, for a claim of this direction."""
        return {"no_difference": self.no_difference, "harm": self.harm, "worse": self.harm}.get(direction, self.better)

    @property
    def meter(self):
        return "" if self.dots is None else "●" * self.dots + "○" * (4 - self.dots)


SURENESS = {
    sureness.level: sureness
    for sureness in (
        Sureness(
            "high", _("Very sure"), 4,
            _("It helps."), _("It makes little or no difference."), _("It causes this."),
            _("Good studies agree. New studies are unlikely to change this."),
        ),
        Sureness(
            "moderate", _("Fairly sure"), 3,
            _("It probably helps."), _("It probably makes little or no difference."), _("It probably causes this."),
            _("Most good studies point this way. New studies could change this."),
        ),
        Sureness(
            "low", _("Not very sure"), 2,
            _("It may help."), _("It may make little or no difference."), _("It may cause this."),
            _("There are few good studies. New studies are likely to change this."),
        ),
        Sureness(
            "very-low", _("Not sure at all"), 1,
            _("We do not know if it helps."), _("We do not know if it makes a difference."),
            _("We do not know if it causes this."),
            _("The studies are too few or too weak to tell."),
        ),
        Sureness(
            "none", _("Not tested"), 0,
            _("We found no good studies that test this."), _("We found no good studies that test this."),
            _("We found no good studies that test this."),
            _("That does not mean it does not work. It means no one has tested it well yet."),
        ),
        Sureness(
            "not-rated", _("Not rated yet"), None, "", "", "",
            _("No one on our team has rated the proof for this yet. Ask your therapist what they think."),
        ),
    )
}  # fmt: skip

#: Kinds of study in plain words.
STUDY_KINDS = {
    "systematic_review": _("a review that gathered all the studies it could find"),
    "rct": _("a fair test: people were put into groups by chance"),
    "nonrandomised": _("a test of a treatment, but people were not put into groups by chance"),
    "cohort": _("a study that followed people over time"),
    "case_control": _("a study that looked back at people with and without the problem"),
    "cross_sectional": _("a snapshot survey"),
    "case_series": _("a report on a few people"),
    "guideline": _("advice from an expert group"),
    "narrative_review": _("an expert's overview"),
    "opinion": _("an opinion"),
    "laboratory": _("a lab or animal study"),
    "qualitative": _("a study of people's experiences"),
    "other": _("another kind of source"),
}

#: What a source says about the sentence it stands under.
STANCES = {
    "supports": _("This source agrees."),
    "contradicts": _("This source says otherwise."),
    "mixed": _("This source found both."),
    "background": _("This source gives background. It is no proof."),
}

STUDIES_DISAGREE = _("Studies do not agree on this.")
