"""Importing files: choose them, see what the import would do, confirm, and watch it.

A large file goes in by slices, one request after the other, and what a slice did is in the database
when it answers. So no worker process is needed, and a closed browser or a killed process loses
nothing. Where no script runs, a button continues. The bytes wait in the ReferenceImport.
"""

import csv
import io
import time

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from physiohub import policy
from references import formats, importing, integrity, previewing
from references.models import Integrity, Reference, ReferenceImport

from . import merging

State = ReferenceImport.State

#: Seconds that a slice may take: enough to make progress, and less than any proxy waits.
SLICE_SECONDS = 3
_MOST_FILES = 20
_MOST_LETTERS = 1_000_000


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    widget = SeveralFiles

    def clean(self, data, initial=None):
        return [super(FilesField, self).clean(one, initial) for one in data or []]


class UploadForm(forms.Form):
    files = FilesField(
        label=_("Files"),
        required=False,
        allow_empty_file=True,
        help_text=_(
            "RIS, BibTeX, NBIB, CSL-JSON, Crossref JSON, PubMed XML or a typed list, up to 100 MB"
            " each."
        ),
        widget=SeveralFiles(attrs={"aria-describedby": "id_files_helptext"}),
    )
    text = forms.CharField(
        label=_("Or paste the records or a list"),
        required=False,
        strip=False,
        max_length=_MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
    )

    def __init__(self, *args, by=None, at=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.at, self.received = by, at, []

    def clean(self):
        cleaned = super().clean()
        files, text = cleaned.get("files") or [], cleaned.get("text") or ""
        if self.errors:
            return cleaned
        if not files and not text.strip():
            raise forms.ValidationError(_("Choose a file, or paste the records."), code="nothing")
        if len(files) > _MOST_FILES:
            raise forms.ValidationError(_("Choose at most 20 files at once."), code="too_many")
        named_files = [(file.name, file) for file in files]
        if text.strip():
            named_files.append((str(_("pasted text")), io.BytesIO(text.encode("utf-8", "replace"))))
        refusals = []
        for name, file in named_files:
            try:
                formats.check_size(getattr(file, "size", 0))
                upload = importing.receive(
                    file.read(), file_name=name, by=self.by, at=self.at, preview_first=True
                )
                self.received.append(upload)
            except formats.CannotRead as error:
                refusals.append(forms.ValidationError(f"{name}: {error}", code="cannot_read"))
        if refusals and not self.received:
            raise forms.ValidationError(refusals)
        self.refusals = refusals
        return cleaned


class UploadPages:
    """Mixin for the import's ModelAdmin: the page to choose files, an import's page, its report."""

    def get_urls(self):
        view, name = self.admin_site.admin_view, "references_referenceimport"
        own = [
            path("upload/", view(self.upload), name=f"{name}_upload"),
            path("<int:pk>/progress/", view(self.progress), name=f"{name}_progress"),
            path("<int:pk>/report.<str:suffix>", view(self.report), name=f"{name}_report"),
        ]
        return own + super().get_urls()

    @staticmethod
    def may_import(request):
        return policy.may(request.user, policy.IMPORT_REFERENCES)

    def upload(self, request):
        """Keep posted `files` or `text` for a preview. Nothing goes into the library yet."""
        if not self.may_import(request):
            raise PermissionDenied
        form = UploadForm(
            request.POST or None, request.FILES or None, by=request.user, at=timezone.now()
        )
        if request.method == "POST" and form.is_valid():
            for refusal in form.refusals:
                self.message_user(request, refusal.message, "WARNING")
            return HttpResponseRedirect(_progress_of(form.received[0]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import references"),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "admin/references/referenceimport/upload.html", context)

    def progress(self, request, pk):
        """Show the page of one import.

        POST `act`: go_on (a slice of the preview or of the import), start, or discard.
        """
        if not self.may_import(request):
            raise PermissionDenied
        upload = get_object_or_404(ReferenceImport.objects.select_related("by"), pk=pk)
        if request.method == "POST":
            return self._act(request, upload)
        return TemplateResponse(
            request,
            "admin/references/referenceimport/progress.html",
            self._context(request, upload),
        )

    def _act(self, request, upload):
        act, until = request.POST.get("act"), _slice_is_over()
        if act == "discard" and upload.state != State.DONE:
            ReferenceImport.objects.filter(pk=upload.pk, state=upload.state).delete()
            if upload.found:
                self.message_user(
                    request, _("Thrown away. What had gone in before stays in the library.")
                )
            else:
                self.message_user(
                    request, _("Thrown away. Nothing of it was taken into the library.")
                )
            return HttpResponseRedirect(reverse("admin:references_referenceimport_changelist"))
        try:
            if act == "go_on" and upload.state == State.LOOKING:
                previewing.preview_upload(upload, until=until)
            elif (act == "start" and upload.state == State.WAITING) or (
                act == "go_on" and upload.state == State.RUNNING
            ):
                importing.import_upload(upload, until=until)
        except formats.CannotRead as error:
            self.message_user(request, str(error), "ERROR")
        except ReferenceImport.DoesNotExist:
            # Somebody deleted it in another window.
            return HttpResponseRedirect(reverse("admin:references_referenceimport_changelist"))
        return HttpResponseRedirect(_progress_of(upload))

    def _context(self, request, upload):
        counts = upload.preview.get("counts", {})
        looked = sum(counts.values())
        rows = upload.preview.get("rows", [])
        known = Reference.objects.in_bulk({row["pk"] for row in rows if row.get("pk")})
        waiting = ReferenceImport.objects.filter(
            by=request.user, state__in=[State.LOOKING, State.WAITING, State.RUNNING]
        ).exclude(pk=upload.pk)
        return {
            **self.admin_site.each_context(request),
            "title": upload.file_name,
            "opts": self.opts,
            "upload": upload,
            "counts": counts,
            "looked": looked,
            "rows": [{**row, "known": known.get(row.get("pk"))} for row in rows],
            "refusals": upload.preview.get("refusals", []),
            "report": upload.report,
            "notes": _notes(upload.report.get("remarks", ())),
            "marked": _marked(upload),
            "others": waiting.only("pk", "file_name")[:_MOST_FILES],
        }

    def report(self, request, pk, suffix):
        """Send every refusal and note of an import as a file: csv or txt."""
        if not policy.may(request.user, policy.SEE_IMPORTS):
            raise PermissionDenied
        upload = get_object_or_404(ReferenceImport.objects.defer("preview"), pk=pk)
        if suffix not in ("csv", "txt"):
            raise Http404
        if suffix == "csv":
            text, content_type = _report_as_csv(upload), "text/csv"
        else:
            text, content_type = _report_as_text(upload), "text/plain"
        disposition = content_disposition_header(
            as_attachment=True, filename=f"import-{upload.pk}-report.{suffix}"
        )
        return HttpResponse(
            text,
            content_type=f"{content_type}; charset=utf-8",
            headers={"Content-Disposition": disposition},
        )


def _marked(upload):
    """Return the works in question, the gravest first, each with its state in words."""
    kept = upload.report if upload.state == State.DONE else upload.preview
    gravest_first = sorted(kept.get("marked", ()), key=_how_harmless)
    return [{**row, "state": Integrity(row["state"]).label} for row in gravest_first]


def _how_harmless(row):
    return -integrity.GRAVITY.index(row["state"])


def _notes(stored):
    """Return the notes of a report, each with its number, line and text, and with what to look at.

    That is the `address` of the page that compares several references, and the `pk` of the first.
    Rows that were deleted since are not among them.
    """
    uids = {uid for note in stored for uid in note["compare"]}
    keys = dict(Reference.objects.filter(uid__in=uids).values_list("uid", "pk"))
    keys = {str(uid): pk for uid, pk in keys.items()}
    notes = []
    for note in stored:
        found = [keys[uid] for uid in note["compare"] if uid in keys]
        address = merging.address_of(found) if len(found) > 1 else ""
        notes.append({**note, "address": address, "pk": found[0] if found else None})
    return notes


def _report_as_csv(upload):
    out = io.StringIO()
    head = ["file", "record", "line", "what", "text"]
    csv.writer(out).writerows([head, *map(_without_formulas, _report_lines(upload))])
    # Spreadsheets recognise UTF-8 by this mark.
    return "\ufeff" + out.getvalue()


def _report_as_text(upload):
    counts = (
        f"found {upload.found}, created {upload.created}, merged {upload.merged}, refused"
        f" {upload.refused}"
    )
    lines = (
        f"{file}, record {record}, line {line}: {what}: {text}"
        for file, record, line, what, text in _report_lines(upload)
    )
    return "\n".join([f"{upload.file_name}: {counts}", *lines, ""])


def _report_lines(upload):
    """Yield file, record, line, what and text of each refusal and note."""
    if reason := upload.report.get("reason"):
        yield upload.file_name, "", "", "refused", reason
    for entry in sorted(upload.report.get("marked", ()), key=_how_harmless):
        yield upload.file_name, entry["number"], entry["line"], entry["state"], entry["text"]
    for entry in upload.report.get("refusals", ()):
        yield upload.file_name, entry["number"], entry["line"], "refused", entry["reason"]
    if left_out := upload.report.get("refusals_left_out"):
        yield upload.file_name, "", "", "refused", _("and %s more records") % left_out
    for entry in upload.report.get("remarks", ()):
        yield upload.file_name, entry["number"], entry["line"], "note", entry["text"]


def _without_formulas(row):
    """Return a row in which a spreadsheet takes no cell for a formula."""
    return [
        f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
        for cell in row
    ]


def _progress_of(upload):
    return reverse("admin:references_referenceimport_progress", args=[upload.pk])


def _slice_is_over():
    """Return a function that says whether the time of a slice that begins now is over."""
    end = time.monotonic() + SLICE_SECONDS
    return lambda: time.monotonic() > end
