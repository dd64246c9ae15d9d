"""The works that claims may rest on, and the choices that say what is known of them."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from physiohub.db import models
from references import csl as csl_json
from references.querysets import ReferenceQuerySet


class Design(models.TextChoices):
    """The kind of study a work is, in the order of the form."""

    SYSTEMATIC_REVIEW = "systematic_review", _("systematic review")
    GUIDELINE = "guideline", _("guideline")
    RCT = "rct", _("randomised trial")
    NONRANDOMISED = "nonrandomised", _("non-randomised trial")
    COHORT = "cohort", _("cohort study")
    CASE_CONTROL = "case_control", _("case-control study")
    CROSS_SECTIONAL = "cross_sectional", _("cross-sectional study")
    CASE_SERIES = "case_series", _("case series or report")
    QUALITATIVE = "qualitative", _("qualitative study")
    NARRATIVE_REVIEW = "narrative_review", _("narrative review or overview")
    OPINION = "opinion", _("opinion or editorial")
    LABORATORY = "laboratory", _("laboratory or animal study")
    OTHER = "other", _("other")


class Identity(models.TextChoices):
    """Whether the identifiers of a record were shown to belong to the work it describes."""

    UNRESOLVED = "unresolved", _("not looked up yet")
    RESOLVED = "resolved", _("looked up, it matches")
    MISMATCH = "mismatch", _("looked up, it is another work")
    NO_IDENTIFIER = "no_identifier", _("no identifier")
    VERIFIED = "verified", _("compared with the source by a person")


class Integrity(models.TextChoices):
    """What became of the work.

    “Unchecked” is a state of its own: “not found” does not mean “clean”.
    """

    UNCHECKED = "unchecked", _("not checked")
    NONE_FOUND = "none_found", _("checked, no notice found")
    CORRECTED = "corrected", _("corrected")
    CONCERN = "concern", _("expression of concern")
    RETRACTED = "retracted", _("retracted")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REINSTATED = "reinstated", _("retracted, then reinstated")
    NOTICE = "notice", _("this record is itself a notice")

    @classmethod
    def counts_as_absent(cls) -> set["Integrity"]:
        """Return the states in which a work supports no claim."""
        return {cls.RETRACTED, cls.WITHDRAWN, cls.NOTICE}


class Origin(models.TextChoices):
    """How a record came in."""

    PASTE = "paste", _("pasted or typed line")
    DOI = "doi", "DOI"
    PMID = "pmid", "PMID"
    ISBN = "isbn", "ISBN"
    RIS = "ris", "RIS"
    NBIB = "nbib", "NBIB"
    BIBTEX = "bibtex", "BibTeX"
    WOS = "wos", "Web of Science"
    CSL = "csl", "CSL-JSON"
    CROSSREF = "crossref", "Crossref"
    PUBMED_XML = "pubmed_xml", "PubMed XML"
    MANUAL = "manual", _("typed into the form")


class Reference(models.Model):
    """A work that claims may rest on.

    `csl` is the record (references.csl.Csl). The columns below it are derived from it at save.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    csl = models.JSONField("CSL-JSON", default=dict, help_text=_("The bibliographic record."))
    # Derived from csl at save, for search and matching.
    type = models.CharField(max_length=40, blank=True, editable=False)
    title = models.TextField(blank=True, editable=False)
    title_key = models.TextField(blank=True, editable=False)
    container_title = models.TextField(blank=True, editable=False)
    year = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    first_author = models.CharField(max_length=200, blank=True, editable=False)
    authors_key = models.TextField(blank=True, default="", editable=False)
    volume = models.CharField(max_length=60, blank=True, editable=False)
    page = models.CharField(max_length=60, blank=True, editable=False)

    doi = models.CharField(
        "DOI", max_length=255, blank=True, help_text=_("As the publisher writes it.")
    )
    # Null rather than "" when there is none: unique columns may hold many nulls, but only one "".
    doi_key = models.CharField(max_length=255, null=True, blank=True, editable=False)
    pmid = models.CharField("PMID", max_length=8, null=True, blank=True)
    pmcid = models.CharField("PMCID", max_length=12, null=True, blank=True)
    isbn13 = models.CharField("ISBN", max_length=13, null=True, blank=True)
    nct = models.CharField(_("trial registration"), max_length=40, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    archive_url = models.URLField(_("archived copy"), max_length=1000, blank=True)
    free_url = models.URLField(_("free full text"), max_length=1000, blank=True)
    language = models.CharField(max_length=20, blank=True)

    raw = models.TextField(
        _("as it came in"), blank=True, help_text=_("The pasted line or record, never changed.")
    )
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.MANUAL)
    origin_detail = models.CharField(
        max_length=300, blank=True, help_text=_("File name and record number.")
    )
    payload = models.JSONField(null=True, blank=True, editable=False)
    payload_at = models.DateTimeField(null=True, blank=True, editable=False)
    field_source = models.JSONField(default=dict, blank=True, editable=False)
    repairs = models.JSONField(default=list, blank=True, editable=False)

    design = models.CharField(_("kind of study"), max_length=20, choices=Design, blank=True)
    peer_reviewed = models.BooleanField(null=True, blank=True)
    preprint_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="preprints"
    )
    version_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="later_versions"
    )
    identity = models.CharField(max_length=16, choices=Identity, default=Identity.UNRESOLVED)
    identity_checked_by = models.ForeignKey(
        "auth.User",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    identity_checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    integrity = models.CharField(max_length=12, choices=Integrity, default=Integrity.UNCHECKED)
    integrity_checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged_from",
    )
    is_compared = models.BooleanField(
        default=False,
        editable=False,
        help_text=_("Compared with the rest of the library since its description changed."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["first_author", "year", "title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["doi_key"], name="a_doi_names_one_reference"),
            models.UniqueConstraint(fields=["pmid"], name="a_pmid_names_one_reference"),
            models.UniqueConstraint(fields=["pmcid"], name="a_pmcid_names_one_reference"),
            # Chapters share the ISBN of their book.
            models.UniqueConstraint(
                fields=["isbn13"], condition=~Q(type="chapter"), name="an_isbn_names_one_reference"
            ),
            models.CheckConstraint(
                condition=~Q(doi_key="") & ~Q(pmid="") & ~Q(pmcid="") & ~Q(isbn13=""),
                name="missing_identifiers_are_null",
            ),
            models.CheckConstraint(
                condition=~Q(identity=Identity.VERIFIED)
                | Q(identity_checked_by__isnull=False, identity_checked_at__isnull=False),
                name="a_verified_identity_names_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(integrity=Integrity.UNCHECKED) | Q(integrity_checked_at__isnull=False),
                name="an_integrity_state_says_when_it_was_checked",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=models.F("id")),
                name="a_reference_is_not_merged_into_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["title_key"], name="reference_title_key"),
            models.Index(fields=["first_author", "year"], name="reference_author_year"),
            models.Index(
                fields=["id"], condition=Q(is_compared=False), name="reference_to_compare"
            ),
        ]

    def __str__(self):
        return (
            f"{self.first_author or _('no author')} {self.year or _('no year')}:"
            f" {self.title or _('no title')}"
        )

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.derive()
        if update_fields is not None:
            update_fields = {*update_fields, *self.DERIVED}
        super().save(*args, update_fields=update_fields, **kwargs)

    #: Columns that `derive` fills. Callers of bulk_create or update() must call it first.
    DERIVED = frozenset(
        [
            "type",
            "title",
            "title_key",
            "container_title",
            "year",
            "first_author",
            "authors_key",
            "volume",
            "page",
            "doi",
            "doi_key",
            "pmid",
            "pmcid",
            "isbn13",
            "is_compared",
        ]
    )

    def derive(self) -> None:
        """Fill the search columns from `csl`.

        A DOI, PMID or PMCID typed into its own field goes into `csl` first. An ISBN does not: the
        chapters of a book share it, and the importer decides which row owns it. A work that is
        described otherwise now is compared with the library once more.
        """
        before = self._description()
        if self.merged_into_id is None:
            # The csl of a merged row still names identifiers that lead to the other row now.
            self._derive_identifiers()
        self.type = str(self.csl.get("type") or "")[:40]
        self.title = csl_json.without_tags(self.csl.get("title"))
        self.title_key = csl_json.title_key(self.title)
        self.container_title = csl_json.without_tags(self.csl.get("container-title"))
        self.year = csl_json.year(self.csl)
        self.first_author = csl_json.first_author(self.csl)[:200]
        self.authors_key = csl_json.authors_key(self.csl)
        self.volume = str(self.csl.get("volume") or "")[:60]
        self.page = str(self.csl.get("page") or "")[:60]
        self.pmid = self.pmid or None
        self.pmcid = self.pmcid or None
        self.isbn13 = self.isbn13 or None
        if self._description() != before:
            self.is_compared = False

    def _description(self):
        return [getattr(self, name) for name in sorted(self.DERIVED) if name != "is_compared"]

    def _derive_identifiers(self):
        for column, key in (("doi", "DOI"), ("pmid", "PMID"), ("pmcid", "PMCID")):
            if typed := getattr(self, column):
                self.csl[key] = typed
            elif key in self.csl:
                setattr(self, column, str(self.csl[key]))
        self.doi_key = self.doi.lower() or None

    def clean(self) -> None:
        if not isinstance(self.csl, dict):
            raise ValidationError(
                {"csl": _('Write the record as a CSL-JSON object, for example {"title": "…"}.')},
                code="not_csl",
            )
        if not (self.csl.get("title") or self.raw):
            raise ValidationError({"csl": _("Give the work at least a title.")}, code="no_title")

    @property
    def survivor(self) -> "Reference":
        """The row that stands for this work now: itself, unless it was merged.

        Costs a query for each merge.
        """
        row, seen = self, {self.pk}
        while row.merged_into is not None and row.merged_into.pk not in seen:
            row = row.merged_into
            seen.add(row.pk)
        return row

    @property
    def counts_as_evidence(self) -> bool:
        """Whether the work may support a claim: retracted works and notices about works may not."""
        return self.integrity not in Integrity.counts_as_absent()
