"""The list of pairs that may be one work, and the page to compare, merge or tell apart."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from physiohub import policy
from references import cards, matching, merging, pairs, possible_pairs, usage
from references.models import Merge, Reference

_PAIRS_A_PAGE = 25
_MOST_AT_ONCE, _COMPARED_AT_ONCE = 6, 200


class MergingPages:
    """Mixin for the reference's ModelAdmin: adds the pages about pairs and merges."""

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("duplicates/", view(self.duplicates), name="references_reference_duplicates"),
            path("merge/", view(self.merge), name="references_reference_merge"),
            path("merged/<int:pk>/", view(self.merged), name="references_reference_merged"),
        ]
        return own + super().get_urls()

    @admin.action(description=_("Compare side by side and merge"), permissions=["change"])
    def merge_selected(self, request, queryset):
        keys = list(queryset.values_list("pk", flat=True)[: _MOST_AT_ONCE + 1])
        if not 2 <= len(keys) <= _MOST_AT_ONCE:
            messages.warning(request, _("Select two to six references to compare."))
            return None
        return HttpResponseRedirect(address_of(keys))

    def duplicates(self, request):
        self._must_change(request)
        # What came in a moment ago is among the pairs; the clock's job compares whole imports.
        left = possible_pairs.compare_new(most=_COMPARED_AT_ONCE)
        found = possible_pairs.open_pairs().select_related("one", "other")
        found = found.defer("one__raw", "one__payload", "other__raw", "other__payload")
        page = Paginator(found, _PAIRS_A_PAGE).get_page(request.GET.get("page"))
        entries = [
            {
                "certain": pair.is_certain,
                "likeness": pair.get_likeness_display(),
                "cards": [cards.card(pair.one), cards.card(pair.other)],
                "address": address_of([pair.one_id, pair.other_id]),
            }
            for pair in page
        ]
        return self._page(
            request,
            "duplicates",
            _("Pairs that may be one work"),
            page=page,
            pairs=entries,
            left=left,
        )

    def merge(self, request):
        """Merge references. GET `pk` several times: show these side by side.

        POST `keep` and `pk`: merge them. With `act=apart`: they are different works. With
        `act=preprint`: the others are preprints of the one to keep.
        """
        self._must_change(request)
        given = request.POST if request.method == "POST" else request.GET
        keys = [
            int(pk) for pk in given.getlist("pk") if pk.isascii() and pk.isdigit() and len(pk) < 19
        ]
        rows = Reference.objects.defer("payload").in_bulk(keys[:_MOST_AT_ONCE])
        references = [rows[pk] for pk in dict.fromkeys(keys) if pk in rows]
        if len(references) < 2:
            messages.warning(request, _("Select two to six references to compare."))
            return HttpResponseRedirect(reverse("admin:references_reference_changelist"))
        if request.method == "POST":
            return self._decide(request, references)
        columns = [_column(reference) for reference in references]
        best = max(
            columns,
            key=lambda column: (len(column["live"]), column["claims"], -column["reference"].pk),
        )
        return self._page(
            request,
            "merge",
            _("Are these one work?"),
            columns=columns,
            lines=pairs.side_by_side(references),
            certain=len(references) == 2 and matching.is_certain(*references),
            keep=best["reference"].pk,
            apart=pairs.are_told_apart(references),
        )

    def _decide(self, request, references):
        by, at = request.user, timezone.now()
        if request.POST.get("act") == "apart":
            pairs.tell_apart(references, by=by, at=at)
            messages.success(
                request, _("Noted: they are different works. Nobody is asked about them again.")
            )
            return HttpResponseRedirect(reverse("admin:references_reference_duplicates"))
        keep = next((row for row in references if str(row.pk) == request.POST.get("keep")), None)
        if keep is None:
            messages.warning(request, _("Choose which of them stays."))
            return HttpResponseRedirect(address_of([row.pk for row in references]))
        if request.POST.get("act") == "preprint":
            others = [row for row in references if row.pk != keep.pk]
            pairs.tie_preprints(keep, others, by=by, at=at)
            messages.success(request, _("Noted: the other is a preprint of “%s”.") % keep)
            return HttpResponseRedirect(reverse("admin:references_reference_duplicates"))
        try:
            with transaction.atomic():
                merges = [
                    merging.merge(keep, lose, by=by, at=at)
                    for lose in references
                    if lose.pk != keep.pk
                ]
        except merging.CannotMerge as reason:
            messages.error(request, str(reason))
            return HttpResponseRedirect(address_of([row.pk for row in references]))
        for merge in merges:
            self.log_change(request, keep, str(merge))
        return HttpResponseRedirect(
            reverse("admin:references_reference_merged", args=[merges[-1].pk])
        )

    def merged(self, request, pk):
        """Show what a merge did. POST: undo it."""
        self._must_change(request)
        merge = Merge.objects.select_related("keep", "lose", "by").filter(pk=pk).first()
        if merge is None:
            messages.warning(request, _("There is no such merge."))
            return HttpResponseRedirect(reverse("admin:references_reference_changelist"))
        if request.method == "POST":
            try:
                merging.unmerge(merge, by=request.user, at=timezone.now())
            except merging.CannotMerge as reason:
                messages.error(request, str(reason))
            else:
                messages.success(request, _("Undone: they stand apart again, with all they had."))
            return HttpResponseRedirect(reverse("admin:references_reference_merged", args=[pk]))
        moved = len(merge.moved.get("links", ())) + len(merge.moved.get("folded", ()))
        return self._page(
            request, "merged", _("Merged"), done=merge, moved=moved, uses=usage.uses_of(merge.keep)
        )

    def _must_change(self, request):
        if not policy.may(request.user, policy.CHANGE_REFERENCES):
            raise PermissionDenied

    def _page(self, request, name, title, **context):
        context |= {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/references/reference/{name}.html", context)


def _column(reference):
    """Return a reference and where it is used, for the page that compares."""
    uses = usage.uses_of(reference)
    drafts = [use for use in uses if use.kind == usage.DRAFT]
    return {
        "reference": reference,
        "is_merged": reference.merged_into_id is not None,
        "live": [use for use in uses if use.kind == usage.LIVE],
        "drafts": drafts,
        "claims": sum(len(use.claims) for use in drafts),
    }


def address_of(keys):
    """Return the address of the page that compares the references with these primary keys."""
    query = QueryDict(mutable=True)
    query.setlist("pk", [str(pk) for pk in keys])
    return f"{reverse('admin:references_reference_merge')}?{query.urlencode()}"
