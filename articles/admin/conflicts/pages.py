"""Save conflicts: the answer to a save of a form that somebody else saved meanwhile.

The page shows both versions side by side, unit by unit, and one button.
"""

import json

from django.contrib.admin.utils import unquote
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db import transaction
from django.http import QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.drafts import edits
from articles.drafts.conflicts import choosing, comparing_forms, form_state
from articles.models import Article, AuditEntry
from articles.revisions import storing
from articles.richtext import cleaning
from articles.richtext.allowed_html import CLAIM_KEY
from physiohub import request_limits

from . import resending
from .forms_as_documents import ChangeForm
from .in_words import ComparisonInWords

#: The status of the page. It tells scripts, logs and proxies that nothing was saved. Browsers show
#: the page of a 409 like any other.
CONFLICT = 409

_TOKEN = "csrfmiddlewaretoken"  # noqa: S105  (the name of a field)


class ResolvesSaveConflicts:
    """Mixin for a ModelAdmin whose objects are an article or part of one.

    No save overwrites another one unseen.
    """

    change_form_template = "admin/articles/change_form.html"

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        is_no_save = getattr(request, "only_shows", False) or hasattr(request, "rehearsal")
        if request.method != "POST" or object_id is None or is_no_save:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():  # the lock must last until the save
            response = self._conflict(request, object_id)
            if response is None:
                response = super().changeform_view(request, object_id, form_url, extra_context)
                if _names_a_deleted_row(response):
                    response = self._conflict(request, object_id, is_stale=True) or response
        return response

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Put the state the form was opened on into the form."""
        if request.method == "POST":
            context["opened_on"] = request.POST.get("opened_on", "")
        elif change and self.has_change_permission(request, obj):
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            document = ChangeForm(context["adminform"].form, formsets, obj).document()
            context["opened_on"] = _opened_on(obj, document)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_formset(self, request, form, formset, change):
        restore_identity(request, formset)
        super().save_formset(request, form, formset, change)

    def _conflict(self, request, object_id, *, is_stale=False):
        """Return the page of a save conflict, or None if the save can continue.

        It can continue if nobody saved meanwhile. If the person chose on that page, the request
        then posts what they chose.
        """
        obj = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, obj):
            return None  # the admin refuses it
        is_resolved = "merge-posted" in request.POST
        data = _posted_form(request.POST["merge-posted"]) if is_resolved else request.POST
        if obj is not None:
            article = storing.lock(edits.article_of(obj))
            obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._page_of_deleted(request, data)
        opened = form_state.parse_base(data.get("opened_on", ""))
        is_article = isinstance(obj, Article)
        may_be_current = not is_resolved and not is_stale
        if may_be_current and is_article and data.get("seen_version") == str(article.lock_version):
            return None
        now = ChangeForm.opened_now(self, request, obj)
        if (
            may_be_current
            and not is_article
            and form_state.is_as_remembered(opened, now.document())
        ):
            return None
        conflict = SaveConflict(now, data, opened, request.POST, is_resolved=is_resolved)
        if conflict.has_result:
            self._save_resolved(request, conflict, obj, article)
            return None
        return self._conflict_page(request, conflict, obj)

    def _save_resolved(self, request, conflict, obj, article):
        """Make the request post what was chosen, based on what is saved now."""
        packed, request.created_again = conflict.now.pack(
            conflict.result, conflict.theirs, conflict.data
        )
        if isinstance(obj, Article):
            packed["seen_version"] = str(article.lock_version)
        packed["opened_on"] = _opened_on(obj, conflict.theirs)
        packed._mutable = False
        request.POST = packed

    def _conflict_page(self, request, conflict, obj):
        posted = [
            [name, text]
            for name, texts in conflict.data.lists()
            for text in texts
            if name != _TOKEN
        ]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "title": _("Changed meanwhile: %s") % obj,
            "saves": _saves_since(conflict.opened, edits.article_of(obj), request.user),
            "parts": conflict.in_words().parts(),
            "undecided": len(conflict.undecided),
            "came_again": conflict.is_resolved and not conflict.is_current,
            "posted": json.dumps(posted),
            "against": conflict.against,
        }
        page = TemplateResponse(request, "admin/conflicts/merge.html", context, status=CONFLICT)
        page.has_no_editor = True
        return page

    def _page_of_deleted(self, request, data):
        """Return the page for the form of a deleted object: it can be created again."""
        form = ChangeForm.opened_now(self, request, None)
        blank = form.document()
        posted = form.posted(data, form_state.parse_base(data.get("opened_on", "")), blank)
        packed, _again = form.pack(posted, blank, data)
        address = None
        if self.has_add_permission(request):
            address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
        typed = ComparisonInWords(
            form, comparing_forms.compare_forms(None, posted, blank)
        ).my_texts()
        return resending.page_of_something_deleted(request, typed, packed, address)


class SaveConflict:
    """A save and what was saved meanwhile, compared, with the choices between the two.

    `data` is the form as it was posted first. `posted` is what came now: the same, or the choices
    that were made on the page of the conflict.
    """

    def __init__(self, now, data, opened, posted, *, is_resolved):
        self.now, self.data, self.opened, self.is_resolved = now, data, opened, is_resolved
        self.theirs = now.document()
        mine = now.posted(data, opened, self.theirs)
        self.comparison = comparing_forms.compare_forms(opened, mine, self.theirs)
        self.choices, self.texts = _choices(posted, self.comparison)
        self.against = form_state.digest(self.theirs)
        self.is_current = posted.get("merge-against") == self.against
        self.result, self.undecided = None, []
        if (is_resolved and self.is_current) or not self.comparison.units:
            try:
                self.result = choosing.merged_form(self.comparison, self.choices, self.texts)
            except choosing.Undecided as refusal:
                self.undecided = refusal.keys

    @property
    def has_result(self):
        return self.result is not None

    def in_words(self):
        return ComparisonInWords(
            self.now, self.comparison, self.choices, self.texts, self.undecided
        )


def restore_identity(request, formset):
    """Give rows that were deleted meanwhile and kept by the person their old uid and claim."""
    for row in formset.extra_forms:
        key = getattr(request, "created_again", {}).get(row.prefix)
        if key and hasattr(row.instance, "uid") and _is_free(formset.model, key):
            row.instance.uid = key
        claim = formset.data.get(f"{row.prefix}-claim_key", "")
        if hasattr(row.instance, "claim_key") and CLAIM_KEY.match(claim):
            row.instance.claim_key = claim


def _is_free(model, uid):
    try:
        return not model._base_manager.filter(uid=uid).exists()
    except ValidationError:  # this is no uid
        return False


def _opened_on(obj, document):
    newest = (
        AuditEntry.objects.filter(subject_uid=edits.article_of(obj).uid)
        .order_by("-pk")
        .values_list("pk", flat=True)
    )
    return json.dumps(
        {**form_state.base_hashes(document), "entry": newest.first() or 0}, separators=(",", ":")
    )


def _posted_form(text):
    """Return the form as it was first posted.

    Our own page sends it, so anything else was tampered with.
    """
    try:
        pairs = json.loads(text)
        data = QueryDict(mutable=True)
        for name, value in pairs:
            data.appendlist(*map(_text, (name, value)))
    except (ValueError, TypeError, RecursionError) as error:
        raise SuspiciousOperation("merge-posted holds no form") from error
    request_limits.check_rows(data.items())
    return data


def _text(value):
    if not isinstance(value, str):
        raise TypeError(value)
    value.encode()  # half of a surrogate pair cannot be stored or shown
    return value.replace("\0", "")


def _choices(data, comparison):
    choices = {unit.key: data.get(f"merge-choice-{unit.key}") for unit in comparison.units}
    texts = {}
    for unit in comparison.units:
        start = f"merge-text-{unit.key}-"
        typed = {
            name.removeprefix(start): cleaning.normalise_newlines(data[name])
            for name in data
            if name.startswith(start)
        }
        if typed:
            texts[unit.key] = typed
    return choices, texts


def _names_a_deleted_row(response):
    """Return whether the form came back because a posted row was deleted.

    The admin does not say so.
    """
    context = getattr(response, "context_data", None) or {}
    for inline in context.get("inline_admin_formsets", ()):
        formset = inline.formset
        if formset.is_bound and any(
            formset.model._meta.pk.name in row.errors for row in formset.initial_forms
        ):
            return True
    return False


def _saves_since(opened, article, user):
    """Return who saved since the form was opened, newest first.

    [(name, or None for `user`; moment; what changed)]
    """
    entries = AuditEntry.objects.filter(
        subject_uid=article.uid, act__in=[AuditEntry.Act.EDITED, AuditEntry.Act.IMPORTED]
    )
    since = opened.get("entry") if opened else None
    entries = (
        entries.filter(pk__gt=since)[:10]
        if isinstance(since, int) and since < 2**62
        else entries[:1]
    )
    return [
        (None if entry.actor_id == user.pk else entry.actor_name, entry.at, entry.summary)
        for entry in entries
    ]
