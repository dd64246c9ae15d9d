"""The page where people answer checklists about an article, and enter tests with readers.

One form for all, so that a save loses nothing that was typed elsewhere on the page.
"""

from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.checklists import answering, recording, scoring
from articles.checklists.answering import Given
from articles.models import ChecklistAnswer, ChecklistResult, ReviewRequest, UserTest
from articles.refusals import Refused
from articles.review import checklists
from articles.revisions import freezing
from physiohub import policy
from physiohub.read_only import ReadOnlyAdmin


class UserTestForm(forms.ModelForm):
    """One test with readers; an empty one at the end adds another."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    is_removed = forms.BooleanField(label=_("Take this test out"), required=False)

    class Meta:
        model = UserTest
        fields = ["tested_on", "people", "who", "changed"]
        widgets = {
            "tested_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "who": forms.TextInput,
            "changed": forms.TextInput,
        }
        error_messages = {
            "tested_on": {"required": _("Enter the day of the test.")},
            "people": {"required": _("Enter how many people tried the page.")},
            "who": {"required": _("Say in a few words who they were, such as: older people.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["shown"].initial = answering.as_shown(self.instance)
        else:
            del self.fields["is_removed"]

    def _post_clean(self):
        """Leave the whole row to `answering`: it looks at what the database has by then."""

    @property
    def told(self):
        return answering.UserTestEntry(
            **{name: self.cleaned_data[name] for name in self.Meta.fields}
        )

    @property
    def is_touched(self):
        """Whether the person typed something else than the page showed them."""
        if not self.is_valid():
            return True
        if self.cleaned_data.get("is_removed"):
            return True
        if not self.cleaned_data.get("who"):
            return False  # the empty form for another test
        return answering.as_shown(self.told) != self.cleaned_data["shown"]


@dataclass
class ItemRow:
    """One item as the page shows it."""

    result: scoring.ItemResult
    given: Given  # as typed, else as stored
    shown: Given  # as stored when the page was made
    error: str = ""
    is_offered: bool = False  # `given` is from a review, and not stored

    @property
    def code(self):
        return self.result["code"]

    @property
    def number(self):
        return self.code.rpartition("-")[2]

    @property
    def is_told(self):
        """Whether the product answers it, and a person could only overrule that."""
        return bool(self.result["product_said"])

    @property
    def is_open(self):
        """Whether the form to overrule it is unfolded."""
        return bool(self.given.answer or self.error)


class ChecklistForms:
    """All that stands on the page, with what was typed."""

    def __init__(self, article, posted=None):
        self.article = article
        self.posted = None if posted is None else posted.copy()
        self.by_code = {}
        self.found = recording.result_of_draft(article, freezing.freeze(article))
        self.stored = answering.answers_of(article)
        self.offered = checklists.answers_of_last_review(article)
        rows = list(UserTest.objects.filter(article=article))
        self.tests = [self._test_form(f"test-{row.uid}", instance=row) for row in rows]
        self.tests += [self._test_form(prefix) for prefix in self._gone({row.uid for row in rows})]
        self.new_test = self._test_form("test-new")

    def _test_form(self, prefix, **how):
        how |= {"empty_permitted": True, "use_required_attribute": False}
        return UserTestForm(self.posted, prefix=prefix, **how)

    def _gone(self, uids):
        """Yield the prefix of each test that was sent and that a colleague took out meanwhile."""
        kept = {f"test-{uid}" for uid in uids} | {"test-new"}
        for name in self.posted or ():
            prefix = name.removesuffix("-shown")
            if name.startswith("test-") and name != prefix and prefix not in kept:
                yield prefix

    def _typed(self, code, name=""):
        return Given(
            self.posted.get(f"{name}answer-{code}", ""),
            self.posted.get(f"{name}reason-{code}", "").strip(),
        )

    @property
    def lists(self):
        """[(score, [ItemRow])]"""
        return [
            (score, [self._row(result) for result in results])
            for score, results in scoring.by_list(self.found["results"], self.found["scores"])
        ]

    def _row(self, result):
        code = result["code"]
        stored = self.stored.get(code, Given())
        if self.posted is not None:
            return ItemRow(result, self._typed(code), stored, self.by_code.get(code, ""))
        offered = self.offered.get(code)
        if offered and code not in self.stored and not result["product_said"]:
            return ItemRow(result, offered, stored, is_offered=True)
        return ItemRow(result, stored, stored)

    def save(self, *, by, at):
        """Save what changed and return whether that went well.

        Else nothing is saved, and each item and each test says why.
        """
        changed = [form for form in [*self.tests, self.new_test] if form.is_touched]
        is_whole = all(form.is_valid() for form in changed)
        codes = [result["code"] for result in self.found["results"]]
        given = {code: self._typed(code) for code in codes}
        shown = {code: self._typed(code, "shown-") for code in codes}
        try:
            with transaction.atomic():
                answering.save_answers(self.article, given, shown=shown, by=by, at=at)
                for form in changed if is_whole else ():
                    self._save_test(form, by=by, at=at)
                if not is_whole:
                    raise Refused(_("A test with readers is not whole."))
        except answering.AnswersRefused as refusal:
            self.by_code = refusal.by_code
            return False
        except Refused:
            return False
        return True

    def _save_test(self, form, *, by, at):
        test, how = form.instance if form.instance.pk else None, {"by": by, "at": at}
        values = form.cleaned_data
        shown = values["shown"]
        try:
            if test is None and shown:
                raise Refused(
                    _("A colleague took this test out meanwhile. Save again to add it once more.")
                )
            if values.get("is_removed"):
                answering.remove_user_test(self.article, test, shown=shown, **how)
            else:
                answering.save_user_test(self.article, form.told, test=test, shown=shown, **how)
        except Refused as refusal:
            form.add_error(None, refusal.sentences)
            # What is sent next was typed beside what is stored now.
            row = UserTest.objects.filter(pk=form.instance.pk).first()
            form.data[form.add_prefix("shown")] = answering.as_shown(row) if row else ""
            raise


class AnsweredRowAdmin(ReadOnlyAdmin):
    """One row, which people reach by search or link. It is written on the page of checklists."""

    list_display = ["__str__", "article"]
    list_select_related = ["article"]
    search_fields = ["article__title"]

    def has_module_permission(self, request):
        return False


admin.site.register([ChecklistAnswer, UserTest], AnsweredRowAdmin)


@admin.register(ChecklistResult)
class ChecklistResultAdmin(ReadOnlyAdmin):
    """What lists said of each revision. Only submitting and publishing write it."""

    list_display = ["revision", "at"]
    list_select_related = ["revision"]
    search_fields = ["revision__article__title"]


class ChecklistPage:
    """Mixin for the article's ModelAdmin: adds the page and its address."""

    def get_urls(self):
        page = path(
            "<int:pk>/checklists/",
            self.admin_site.admin_view(self.checklists),
            name="articles_article_checklists",
        )
        return [page, *super().get_urls()]

    def checklists(self, request, pk):
        """Show all lists and their scores; a POST saves what people answered."""
        article = self._get(request, pk, policy.READ_DRAFT)
        may_change = policy.may(request.user, policy.WRITE)
        if request.method == "POST" and not may_change:
            raise PermissionDenied
        shown = ChecklistForms(article, request.POST if request.method == "POST" else None)
        if request.method == "POST" and shown.save(by=request.user, at=timezone.now()):
            messages.success(request, _("Saved. The figures below count it in."))
            return HttpResponseRedirect(
                reverse("admin:articles_article_checklists", args=[article.pk])
            )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Checklists: %s") % article,
            "opts": self.opts,
            "article": article,
            "lists": shown.lists,
            "tests": shown.tests,
            "new_test": shown.new_test,
            "refused": shown.by_code,
            "is_refused": request.method == "POST",
            "answers": ChecklistAnswer.Answer.choices,
            "longest_reason": answering.LONGEST_REASON,
            "may_change": may_change,
            "is_under_review": ReviewRequest.objects.filter(
                article=article, closed_at=None
            ).exists(),
        }
        return TemplateResponse(request, "admin/articles/article/checklists.html", context)
