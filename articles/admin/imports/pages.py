"""The pages of an import: choosing the document, and checking what becomes of its lines."""

import re

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.imports import CannotRead, check_size, making_drafts, pending_imports
from articles.models import PendingImport
from physiohub import policy

from .result import AS_READ, ImportResult

_LOOKS_LIKE_HTML = re.compile(
    r"</(p|div|li|ul|ol|h[1-6]|body|html|span|strong|b|table|td)>|<br\s*/?>", re.I
)
_LOOKS_LIKE_MARKDOWN = re.compile(r"^#{1,6} \S", re.M)

#: At most this many messages about unfinished work stand above a form.
_MOST_MESSAGES = 8


class ImportForm(forms.Form):
    """A file or pasted text. If the form is valid, `pending` is the import that was begun."""

    file = forms.FileField(
        label=_("A file"),
        required=False,
        allow_empty_file=True,  # the importer has its own message for an empty file
        help_text=_(
            "Word (.docx), plain text (.txt), Markdown (.md) or a web page (.html), up to 15 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".docx,.txt,.md,.markdown,.html,.htm"}),
    )
    text = forms.CharField(
        label=_("Or the text itself"),
        required=False,
        strip=False,
        help_text=_("Paste it here. The source of a web page works too."),
        widget=forms.Textarea(attrs={"rows": 14, "dir": "auto"}),
    )
    kind = forms.ChoiceField(
        label=_("What the pasted text is"),
        required=False,
        choices=[
            ("", _("find out")),
            ("txt", _("plain text")),
            ("md", _("Markdown")),
            ("html", _("source of a web page")),
        ],
    )

    def __init__(self, *args, by=None, at=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.at = by, at

    def clean(self):
        cleaned = super().clean()
        file, text = cleaned.get("file"), cleaned.get("text") or ""
        if file is None and not text.strip():
            raise forms.ValidationError(
                _("Choose a file or paste the text of the article."), code="nothing"
            )
        if file is not None and text.strip():
            raise forms.ValidationError(
                _("Both a file and a pasted text are here, so take one of them away."), code="both"
            )
        try:
            if file is not None:
                check_size(file.size)  # before any of it is read
                data, name = file.read(), file.name
            else:
                data, name = (
                    text.encode("utf-8", "replace"),
                    f"pasted-text.{cleaned.get('kind') or _kind_of(text)}",
                )
            self.pending, self.is_new = pending_imports.begin(data, name, by=self.by, at=self.at)
        except CannotRead as error:
            raise forms.ValidationError(str(error), code="cannot_read") from error
        return cleaned


def _kind_of(text):
    if _LOOKS_LIKE_HTML.search(text):
        return "html"
    return "md" if _LOOKS_LIKE_MARKDOWN.search(text) else "txt"


class ImportPages:
    """Mixin for the article's ModelAdmin: adds the pages and their addresses."""

    def get_urls(self):
        urls = [
            path(
                "import/",
                self.admin_site.admin_view(self.begin_import),
                name="articles_article_import",
            ),
            path(
                "import/<int:pk>/",
                self.admin_site.admin_view(self.review_import),
                name="articles_article_imported",
            ),
        ]
        return urls + super().get_urls()

    def begin_import(self, request):
        """Choose a file, paste a text, or continue with an import that was begun before."""
        self._refuse_readers(request)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = ImportForm(*sent, by=request.user, at=timezone.now())
        if form.is_valid():
            if not form.is_new:
                messages.info(
                    request,
                    _("You began with this very document before. Here it is as you left it."),
                )
            return HttpResponseRedirect(
                reverse("admin:articles_article_imported", args=[form.pending.pk])
            )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import an article"),
            "opts": self.opts,
            "form": form,
            "pending": (
                PendingImport.objects.filter(by=request.user).defer("lines", "choices", "notes")
            ),
        }
        return TemplateResponse(request, "admin/imports/import.html", context)

    def review_import(self, request, pk):
        """Show the document beside what becomes of it, to the person who began the import only."""
        self._refuse_readers(request)
        pending = get_object_or_404(PendingImport, pk=pk, by=request.user)
        first = _number(request.GET.get("from"), 1)
        if request.method == "POST":
            return self._act_on_import(request, pending, first)
        choices = pending_imports.choices_of(pending)
        result = ImportResult(pending_imports.document_of(pending), choices, first)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import: %s") % pending,
            "opts": self.opts,
            "is_nav_sidebar_enabled": False,  # the two sides need the width
            "pending": pending,
            "result": result,
            "before": making_drafts.imported_before(pending.sha256),
        }
        return TemplateResponse(request, "admin/imports/review.html", context)

    def _act_on_import(self, request, pending, first):
        """Do what the pressed button says. The choices on the page are kept first."""
        act, _colon, which = request.POST.get("act", "update").partition(":")
        if act == "discard":
            pending.delete()
            messages.success(request, _("Thrown away. No article was touched."))
            return HttpResponseRedirect(reverse("admin:articles_article_import"))
        choices = pending_imports.choices_of(pending)
        result = ImportResult(pending_imports.document_of(pending), choices, first)
        _keep_moves(request.POST, choices, result)
        _keep_claims(request.POST, choices, result)
        if act == "accept":
            wanted = [
                point.id for point in result.points_to_check if which in {point.id, point.kind}
            ]
            choices.seen.update(wanted)
        elif act == "accept-cited":
            choices.claims |= {claim.id for claim in result.claims_that_cite}
        elif act == "take-back":
            choices.seen.discard(which)
        elif act == "range":
            self._move_range(request, choices, result)
        pending_imports.keep_choices(pending, choices, at=timezone.now())
        if act == "make":
            return self._make_draft(request, pending)
        return self._back_to(pending, result.first)

    def _move_range(self, request, choices, result):
        start, end = _number(request.POST.get("range_from")), _number(request.POST.get("range_to"))
        role = request.POST.get("range_role", "")
        numbers = [number for number in result.uses if start and end and start <= number <= end]
        if not numbers or not role:
            messages.warning(
                request, _("Say from which line to which, and what these lines become.")
            )
            return
        moved = sum(
            choices.move(
                number,
                role=role,
                was=result.uses[number].role,
                read_as=result.read_as[number],
                at=timezone.now(),
            )
            for number in numbers
        )
        messages.success(request, ngettext("%d line moved.", "%d lines moved.", moved) % moved)

    def _make_draft(self, request, pending):
        try:
            draft = pending_imports.make(
                pending,
                by=request.user,
                at=timezone.now(),
                allow_duplicate=request.POST.get("again") == "yes",
            )
        except pending_imports.Gone:
            messages.info(
                request,
                _(
                    "This import was finished in another window. Look for it in the list of"
                    " articles."
                ),
            )
            return HttpResponseRedirect(reverse("admin:articles_article_changelist"))
        except making_drafts.AlreadyImported as before:
            messages.warning(
                request,
                _(
                    "%s To make a second draft of it, tick “import it again” and press the button"
                    " once more."
                )
                % before,
            )
            return self._back_to(pending)
        except CannotRead as error:
            messages.warning(request, str(error))
            return self._back_to(pending)
        messages.success(
            request,
            _(
                "The draft is made: %(lines)d lines, %(claims)d claims accepted. Readers do not see"
                " it yet."
            )
            % {"lines": len(draft.imported.line_uses), "claims": len(draft.claims)},
        )
        _say_what_is_left(request, draft)
        return HttpResponseRedirect(
            reverse("admin:articles_article_change", args=[draft.article.pk])
        )

    @staticmethod
    def _back_to(pending, first=1):
        address = reverse("admin:articles_article_imported", args=[pending.pk])
        return HttpResponseRedirect(address if first == 1 else f"{address}?from={first}")

    def _refuse_readers(self, request):
        if not policy.may(request.user, policy.BEGIN):
            raise PermissionDenied


def _say_what_is_left(request, draft):
    """Show what a person has to do by hand after the draft was made."""
    by_hand = [
        _("Line %(line)d is still to be added by hand: “%(text)s” %(why)s")
        % {
            "line": line,
            "text": text[:200],
            "why": why,
        }
        for line, text, why in draft.unread_references
    ]
    by_hand += draft.messages_about_claims
    if left := len(draft.citations_left):
        by_hand.append(
            ngettext(
                "%d sentence that cites a reference was not ticked: the record of this import"
                " says which.",
                "%d sentences that cite a reference were not ticked: the record of this import"
                " says which.",
                left,
            )
            % left
        )
    for sentence in by_hand[:_MOST_MESSAGES]:
        messages.warning(request, sentence)
    if (more := len(by_hand) - _MOST_MESSAGES) > 0:
        messages.warning(request, _("And %d more: the record of this import lists them.") % more)


def _number(text, default=None):
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else default


def _keep_moves(posted, choices, result):
    """Keep the roles that the person chose for lines.

    The name of a select holds the line and its role when the page was shown. Only a change of that
    is a choice. So an old page in another window does not undo later moves.
    """
    for name, value in posted.items():
        match = re.fullmatch(r"(?:line|look)-([0-9]{1,9})-([a-z0-9_]+)", name)
        if not match or value == match[2] or int(match[1]) not in result.uses:
            continue
        number = int(match[1])
        read_as = result.read_as[number]
        role = read_as if value == AS_READ else value
        choices.move(
            number, role=role, was=result.uses[number].role, read_as=read_as, at=timezone.now()
        )


def _keep_claims(posted, choices, result):
    """Accept the ticked claims of the page, and not the others."""
    known = {claim.id for claim in result.imported.suggested_claims}
    choices.claims -= set(posted.getlist("shown_claim"))
    choices.claims |= known & set(posted.getlist("claim"))
