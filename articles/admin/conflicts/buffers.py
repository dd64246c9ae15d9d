"""Unsaved work in the article form.

It is kept in a buffer while people type. After a crash they can take it back or throw it away.
"""

import copy
import json
import re
import secrets

from django.core.exceptions import PermissionDenied, TooManyFieldsSent
from django.db.models import Exists, OuterRef
from django.forms.utils import ErrorDict, ErrorList
from django.http import HttpResponseRedirect, JsonResponse, QueryDict
from django.http.request import RawPostDataException
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from articles import audit
from articles.drafts.conflicts import comparing_forms, form_state
from articles.drafts.conflicts.units import Happened
from articles.models import Article, AuditEntry, Buffer
from articles.richtext.cleaning import normalise_newlines
from physiohub import request_limits

from .forms_as_documents import ChangeForm
from .in_words import ComparisonInWords

MAX_OFFERS = 3
_KEY = re.compile(r"[A-Za-z0-9_-]{16,40}\Z")
_ONLY_THEIRS = {
    Happened.THEY_CHANGED,
    Happened.THEY_ADDED,
    Happened.THEY_DELETED,
}


class KeepsUnsavedWork:
    """Mixin for the article's ModelAdmin: keeps unsaved work and offers it again."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("alive/", never_cache(require_GET(self.alive)), name="articles_article_alive"),
            path("unsaved/", view(require_POST(self.keep)), name="articles_article_unsaved"),
            path(
                "unsaved/<str:key>/throw-away/",
                view(self.throw_away),
                name="articles_article_throw_away",
            ),
            *super().get_urls(),
        ]

    # Requests of the script on the form ----------------------------------------------------------

    def alive(self, request):
        """Return who is logged in, if anybody, and the CSRF token, which each log-in changes."""
        user = request.user if self.admin_site.has_permission(request) else None
        return JsonResponse(
            {
                "user": str(user.pk) if user else None,
                "name": audit.name_of(user) if user else "",
                "token": get_token(request),
            }
        )

    def keep(self, request):
        """Keep the form as it is now in a buffer. Writes nothing else."""
        try:
            if int(request.META.get("CONTENT_LENGTH") or 0) > request_limits.MOST_BYTES:
                return JsonResponse({"problem": "too large"}, status=413)
            key, article, form = _parse(request.body)
            request_limits.check_rows(form)
        except TooManyFieldsSent:
            return JsonResponse({"problem": "too large"}, status=413)
        except (ValueError, RecursionError, RawPostDataException):  # the last: it came as a form
            return JsonResponse({"problem": "malformed"}, status=400)
        if article is not None:
            article = get_object_or_404(Article, pk=article)
        may = (
            self.has_change_permission(request, article)
            if article
            else self.has_add_permission(request)
        )
        if not may:
            raise PermissionDenied
        version = dict(form).get("seen_version", "")
        now = timezone.now()
        Buffer.objects.keep(
            user=request.user,
            key=key,
            article=article,
            form=form,
            based_on=int(version) if re.fullmatch(r"[0-9]{1,9}", version) else None,
            at=now,
        )
        return JsonResponse({"at": f"{timezone.localtime(now):%H:%M}"})

    def throw_away(self, request, key):
        """Ask once, then delete the buffer."""
        buffer = get_object_or_404(
            Buffer.objects.kept_by(request.user).select_related("article"), key=key
        )
        back = self._address(buffer.article)
        if request.method == "POST":
            buffer.delete()
            return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Throw the unsaved work away?"),
            "opts": self.opts,
            "buffer": buffer,
            "back": back,
        }
        return TemplateResponse(request, "admin/conflicts/throw_away.html", context)

    # The form ------------------------------------------------------------------------------------

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "GET" and "take_back" in request.GET:
            return self._restore_buffer(request, object_id, form_url, extra_context)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if getattr(request, "only_shows", False):
            return type(form)(form.__name__, (_NeverSaved, form), {})
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if may:
            context["buffer_key"] = request.POST.get("buffer_key") or secrets.token_urlsafe(16)
            context["keeping_article"] = obj.pk if obj else ""
            context["most"] = {
                "bytes": request_limits.MOST_BYTES,
                "fields": request_limits.MOST_FIELDS,
                "rows": request_limits.MOST_ROWS,
            }
            context["is_unsaved"] = request.method == "POST"
            if request.method == "GET":
                context["offers"] = self._offers(request, context, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        self._delete_buffer(request)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        self._delete_buffer(request)
        return super().response_change(request, obj)

    def _delete_buffer(self, request):
        key = request.POST.get("buffer_key", "")
        if _KEY.match(key):
            Buffer.objects.kept_by(request.user).filter(key=key).delete()

    def _offers(self, request, context, obj):
        """Return [(buffer, what differs)] of work kept after the last save, newest first."""
        buffers = Buffer.objects.kept_by(request.user).filter(article=obj).order_by("-saved_at")
        if obj is not None:
            own_saves_since = AuditEntry.objects.filter(
                subject_uid=obj.uid,
                act=AuditEntry.Act.EDITED,
                actor_id=request.user.pk,
                at__gte=OuterRef("saved_at"),
            )
            buffers = buffers.filter(~Exists(own_saves_since))
        offers = []
        for buffer in buffers[:MAX_OFFERS]:
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            form = ChangeForm(context["adminform"].form, formsets, obj)
            data, now = _form_data(buffer), form.document()
            opened = form_state.parse_base(data.get("opened_on", ""))
            comparison = comparing_forms.compare_forms(opened, form.posted(data, opened, now), now)
            comparison.units = [
                unit for unit in comparison.units if unit.happened not in _ONLY_THEIRS
            ]
            if comparison.units or (obj is None and form.posted(data, opened, now).evidence):
                offers.append((buffer, ComparisonInWords(form, comparison).summary()))
            else:
                buffer.delete()  # all of it is saved
        return offers

    def _restore_buffer(self, request, object_id, form_url, extra_context):
        """Show the form, filled with what the buffer holds. Nothing is saved.

        A later save is compared with other saves as always.
        """
        obj = self.get_object(request, object_id) if object_id else None
        buffer = (
            Buffer.objects.kept_by(request.user)
            .filter(key=request.GET["take_back"], article=obj)
            .first()
        )
        if buffer is None or (object_id and obj is None):
            self.message_user(request, _("That unsaved work is not there any more."))
            return HttpResponseRedirect(self._address(obj))
        if not (
            self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        ):
            raise PermissionDenied
        data = _form_data(buffer)
        opened = form_state.parse_base(data.get("opened_on", ""))
        form = ChangeForm.opened_now(self, request, obj)
        now = form.document()
        packed, _again = form.pack(
            comparing_forms.rebased(opened, form.posted(data, opened, now), now), now, data
        )
        for name in ("seen_version", "opened_on"):
            packed[name] = data.get(name, "")
        # Read this first. If Django read it later, the copy would get the empty form of a GET.
        request.FILES  # noqa: B018
        shown_request = copy.copy(request)
        shown_request.method, shown_request.POST, shown_request.only_shows = "POST", packed, True
        response = super().changeform_view(
            shown_request,
            object_id,
            form_url,
            {**(extra_context or {}), "taken_back": buffer, "back": self._address(obj)},
        )
        _remove_errors(response.context_data)
        return response

    def _address(self, article):
        if article is None:
            return reverse("admin:articles_article_add")
        return reverse("admin:articles_article_change", args=[article.pk])


class _NeverSaved:
    """A form that is filled but never saved."""

    def is_valid(self):
        return False


def _remove_errors(context):
    """Remove all errors: unfinished work is checked when it is saved."""
    context["errors"] = []
    context["adminform"].form._errors = ErrorDict()
    for inline in context["inline_admin_formsets"]:
        inline.formset._errors = [{} for _form in inline.formset.forms]
        inline.formset._non_form_errors = ErrorList()
        for row in inline.formset.forms:
            row._errors = ErrorDict()


def _form_data(buffer):
    data = QueryDict(mutable=True)
    for name, text in buffer.form:
        data.appendlist(name, text)
    data["buffer_key"] = buffer.key
    return data


def _parse(body):
    """Return (key, id of the article or None, [[name, text] …]) from the JSON `body`.

    Raises ValueError for anything else.
    """
    received = json.loads(body)
    if not isinstance(received, dict) or set(received) != {"key", "article", "form"}:
        raise ValueError("not a form")
    key, article, form = received["key"], received["article"], received["form"]
    if not isinstance(key, str) or not _KEY.match(key) or not isinstance(form, list):
        raise ValueError("not a form")
    if len(form) > request_limits.MOST_FIELDS:
        raise TooManyFieldsSent
    if not (article is None or (type(article) is int and 0 < article < 2**63)):
        raise ValueError("not an article")
    pairs = []
    for pair in form:
        if (
            not isinstance(pair, list)
            or len(pair) != 2
            or not all(isinstance(text, str) for text in pair)
        ):
            raise ValueError("not a field")
        name, text = pair
        (name + text).encode()  # half of a surrogate pair cannot be stored
        if name != "csrfmiddlewaretoken":
            pairs.append([name.replace("\0", ""), normalise_newlines(text)])
    return key, article, pairs
