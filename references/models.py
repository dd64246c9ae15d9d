"""The evidence library: one Reference a work, and what became of it since."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from . import csl as csl_json
from .querysets import ReferenceQuerySet


class Design(models.TextChoices):
    """The kind of study a work is, strongest first."""

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
    """What became of the work. Unchecked is a state of its own: not found is not clean."""

    UNCHECKED = "unchecked", _("not checked")
    NONE_FOUND = "none_found", _("checked, no notice found")
    CORRECTED = "corrected", _("corrected")
    CONCERN = "concern", _("expression of concern")
    RETRACTED = "retracted", _("retracted")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REINSTATED = "reinstated", _("retracted, then reinstated")
    NOTICE = "notice", _("this record is itself a notice")

    @classmethod
    def counts_as_absent(cls):
        """States in which a work supports nothing."""
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
    CSL = "csl", "CSL-JSON"
    CROSSREF = "crossref", "Crossref"
    PUBMED_XML = "pubmed_xml", "PubMed XML"
    MANUAL = "manual", _("typed into the form")


class Reference(models.Model):
    """A work that claims may rest on. `csl` is the stored truth; the columns below it are derived at save."""

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

    doi = models.CharField("DOI", max_length=255, blank=True, help_text=_("As the publisher writes it."))
    # Null rather than "" when there is none: unique columns may hold many nulls, but only one "".
    doi_key = models.CharField(max_length=255, null=True, blank=True, editable=False)  # noqa: DJ001
    pmid = models.CharField("PMID", max_length=8, null=True, blank=True)  # noqa: DJ001
    pmcid = models.CharField("PMCID", max_length=12, null=True, blank=True)  # noqa: DJ001
    isbn13 = models.CharField("ISBN", max_length=13, null=True, blank=True)  # noqa: DJ001
    nct = models.CharField(_("trial registration"), max_length=40, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    archive_url = models.URLField(_("archived copy"), max_length=1000, blank=True)
    free_url = models.URLField(_("free full text"), max_length=1000, blank=True)
    language = models.CharField(max_length=20, blank=True)

    raw = models.TextField(_("as it came in"), blank=True, help_text=_("The pasted line or record, never changed."))
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.MANUAL)
    origin_detail = models.CharField(max_length=300, blank=True, help_text=_("File name and record number."))
    payload = models.JSONField(null=True, blank=True, editable=False)
    payload_at = models.DateTimeField(null=True, blank=True, editable=False)
    field_source = models.JSONField(default=dict, blank=True, editable=False)
    repairs = models.JSONField(default=list, blank=True, editable=False)

    design = models.CharField(_("kind of study"), max_length=20, choices=Design, blank=True)
    peer_reviewed = models.BooleanField(null=True, blank=True)
    preprint_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="preprints")
    version_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="later_versions"
    )
    identity = models.CharField(max_length=16, choices=Identity, default=Identity.UNRESOLVED)
    identity_checked_by = models.ForeignKey(
        "auth.User", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    identity_checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    integrity = models.CharField(max_length=12, choices=Integrity, default=Integrity.UNCHECKED)
    integrity_checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="merged_from"
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
        ]

    def __str__(self):
        return f"{self.first_author or _('no author')} {self.year or _('no year')}: {self.title or _('no title')}"

    def save(self, *args, update_fields=None, **kwargs):
        self.derive()
        if update_fields is not None:
            update_fields = {*update_fields, *self.DERIVED}
        super().save(*args, update_fields=update_fields, **kwargs)

    #: Columns `derive` fills; bulk_create and update() must call it themselves.
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
        ]
    )

    def derive(self):
        """Fill the search columns from `csl`; an identifier typed into its own field goes into `csl` first."""
        if self.merged_into_id is None:
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
        self.pmid, self.pmcid, self.isbn13 = self.pmid or None, self.pmcid or None, self.isbn13 or None

    def _derive_identifiers(self):
        # Not for a merged row: its csl still names what it gave away, but that leads to the other row now.
        for column, key in (("doi", "DOI"), ("pmid", "PMID"), ("pmcid", "PMCID")):
            if typed := getattr(self, column):
                self.csl[key] = typed
            elif key in self.csl:
                setattr(self, column, str(self.csl[key]))
        self.doi_key = self.doi.lower() or None

    def clean(self):
        if not isinstance(self.csl, dict):
            raise ValidationError(
                {"csl": _('Write the record as a CSL-JSON object, for example {"title": "…"}.')}, code="not_csl"
            )
        if not (self.csl.get("title") or self.raw):
            raise ValidationError({"csl": _("Give the work at least a title.")}, code="no_title")

    @property
    def survivor(self):
        """The row that stands for this work now: itself, unless it was merged. Costs a query for each merge."""
        found, seen = self, {self.pk}
        while found.merged_into_id is not None and found.merged_into_id not in seen:
            seen.add(found.merged_into_id)
            found = found.merged_into
        return found

    @property
    def counts_as_evidence(self):
        """Retracted and withdrawn works, and notices about works, support nothing."""
        return self.integrity not in Integrity.counts_as_absent()


class Notice(models.Model):
    """What a publisher or a register said about a work after it came out."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("correction")
        CONCERN = "expression_of_concern", _("expression of concern")
        RETRACTION = "retraction", _("retraction")
        WITHDRAWAL = "withdrawal", _("withdrawal")
        REINSTATEMENT = "reinstatement", _("reinstatement")
        OTHER = "other", _("other notice")

    belongs_to = "reference"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=24, choices=Kind)
    date = models.DateField(null=True, blank=True)
    doi = models.CharField("DOI", max_length=255, blank=True)
    pmid = models.CharField("PMID", max_length=8, blank=True)
    source = models.CharField(max_length=40, help_text=_("Who says so, for example publisher or Retraction Watch."))
    label = models.CharField(max_length=300, blank=True, help_text=_("In the source's own words."))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-date", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.reference}"


class SourceRecord(models.Model):
    """A record that came in for a work the library had already: kept as it was, because `raw` holds the first one."""

    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="source_records")
    raw = models.TextField()
    digest = models.CharField(max_length=64, editable=False, help_text=_("SHA-256 of the record."))
    origin = models.CharField(max_length=12, choices=Origin)
    origin_detail = models.CharField(max_length=300, blank=True)
    payload = models.JSONField(null=True, blank=True, editable=False)
    added_at = models.DateTimeField()

    #: What came in for a row stays with that row when it is merged.
    stays_when_merged = True

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["reference", "digest"], name="a_source_record_is_kept_once"),
        ]

    def __str__(self):
        return self.origin_detail or self.digest[:12]


class Merge(models.Model):
    """Two references that turned out to be one work. `moved` holds all that undoing it takes."""

    keep = models.ForeignKey(
        Reference, on_delete=models.PROTECT, related_name="merges_kept", verbose_name=_("is now part of")
    )
    lose = models.ForeignKey(
        Reference, on_delete=models.PROTECT, related_name="merges_lost", verbose_name=_("reference")
    )
    by = models.ForeignKey("auth.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("merged by"))
    at = models.DateTimeField(_("merged"))
    moved = models.JSONField(default=dict, editable=False)
    undone_by = models.ForeignKey("auth.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    stays_when_merged = True

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lose"], condition=Q(undone_at=None), name="a_reference_is_merged_into_one_other_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(undone_by=None, undone_at=None) | Q(undone_by__isnull=False, undone_at__isnull=False),
                name="an_undone_merge_names_who_and_when",
            ),
        ]

    def __str__(self):
        return f"{self.lose} → {self.keep}"


class Distinct(models.Model):
    """Two references that look alike and are not the same work: a person said so, and nobody is asked again."""

    one = models.ForeignKey(Reference, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Reference, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey("auth.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    #: Said of these two rows; a row that was merged is asked about by nobody.
    stays_when_merged = True

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("pair that is not one work")
        verbose_name_plural = _("pairs that are not one work")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="two_references_are_told_apart_once"),
            models.CheckConstraint(condition=Q(one__lt=models.F("other")), name="told_apart_lower_key_first"),
        ]

    def __str__(self):
        return f"{self.one} ≠ {self.other}"


class BulkCheck(models.Model):
    """Many references on their way past Crossref and PubMed. `keys` are primary keys, `place` counts those done."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")

    by = models.ForeignKey("auth.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("checked by"))
    at = models.DateTimeField(_("begun"))
    of_identity = models.BooleanField(_("identity"))
    of_integrity = models.BooleanField(_("integrity"))
    keys = models.JSONField(editable=False)
    place = models.PositiveIntegerField(_("done"), default=0)
    checked = models.PositiveIntegerField(default=0)
    unchecked = models.PositiveIntegerField(_("could not be checked"), default=0)
    mismatched = models.PositiveIntegerField(_("another work"), default=0)
    new_notices = models.PositiveIntegerField(_("new notices"), default=0)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    why = models.CharField(max_length=300, blank=True, editable=False, help_text=_("Why it stopped by itself."))
    report = models.JSONField(default=list, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("bulk check")
        verbose_name_plural = _("bulk checks")
        constraints = [
            models.CheckConstraint(
                condition=Q(place=models.F("checked") + models.F("unchecked")), name="a_bulk_check_counts_every_one"
            ),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M}, {len(self.keys)}"


class ReferenceImport(models.Model):
    """One file on its way into the library. Its bytes are kept until every record is in, so that it can go on."""

    class State(models.TextChoices):
        LOOKING = "looking", _("being looked through")
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("could not be read")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(max_length=255)
    by = models.ForeignKey(
        "auth.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("imported by")
    )
    at = models.DateTimeField(_("received"))
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    format = models.CharField(max_length=12, choices=Origin, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text=_("Bytes."))
    found = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    merged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict, blank=True, editable=False)
    #: What was found in it before anything was written (references.previewing).
    preview = models.JSONField(default=dict, blank=True, editable=False)
    progressed_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("import of references")
        verbose_name_plural = _("imports of references")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(found=models.F("created") + models.F("merged") + models.F("refused")),
                name="a_finished_import_accounts_for_every_record",
            ),
        ]

    def __str__(self):
        return self.file_name

    @property
    def content(self):
        """The bytes of the file; None once every record is in. A query, and up to a hundred megabytes."""
        return ImportedFile.objects.filter(upload=self).values_list("content", flat=True).first()


class ImportedFile(models.Model):
    """The bytes of an import, in a row of their own: counting a batch would else write all of them anew on SQLite."""

    upload = models.OneToOneField(ReferenceImport, on_delete=models.CASCADE, related_name="+")
    content = models.BinaryField()

    def __str__(self):
        return str(self.upload)
