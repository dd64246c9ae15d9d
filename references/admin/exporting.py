"""The library as a file, sent while it is written, so that its size does not matter."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from physiohub import policy
from references import exporting
from references.models import Reference

_CHUNK = 2000


class ExportingPages:
    """Mixin for the reference's ModelAdmin: exports the whole library, or what is selected."""

    def get_urls(self):
        own = [
            path(
                "library.<str:suffix>",
                self.admin_site.admin_view(self.export),
                name="references_reference_export",
            )
        ]
        return own + super().get_urls()

    def export(self, request, suffix):
        if not policy.may(request.user, policy.SEE_REFERENCES):
            raise PermissionDenied
        if suffix not in exporting.SUFFIXES:
            raise Http404
        return _as_file(Reference.objects.current(), exporting.kind_of(suffix), "library")

    def get_actions(self, request):
        actions = super().get_actions(request)
        for key, kind in exporting.KINDS.items():
            name = f"export_{key}"
            actions[name] = (
                _export_action(key),
                name,
                _("Export as %(format)s") % {"format": kind.name},
            )
        return actions


def _export_action(key):
    return lambda model_admin, request, queryset: _as_file(queryset, key, "references")


def _as_file(references, key, name):
    # Rows of a few columns: to make a model of each takes longer than to fetch it.
    rows = references.order_by("pk").values_list(*exporting.COLUMNS, named=True)
    rows = rows.iterator(chunk_size=_CHUNK)
    pieces = (piece.encode() for piece in exporting.export(rows, key))
    return StreamingHttpResponse(
        _in_blocks(pieces),
        content_type=exporting.KINDS[key].header,
        headers={
            "Content-Disposition": exporting.disposition(name, key),
            # For the page, which says how many of them were written.
            "X-Records": str(references.count()),
        },
    )


def _in_blocks(pieces):
    """Yield the same bytes in larger pieces. A network write for each record would cost more."""
    held, size = [], 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > 64_000:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)
