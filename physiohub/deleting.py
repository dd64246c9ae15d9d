"""Admin pages that ask before they delete, and list what goes with it."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.utils import NestedObjects
from django.db import router
from django.db.models import Model
from django.http import HttpRequest
from django.utils.text import capfirst


class NamesOnlyWhatOneMaySee:
    """Mixin for a ModelAdmin: what somebody may not open is listed by its kind, not by its words.

    Django lists all that goes with an object, or keeps it, in its own words: the notifications of
    an account, for example, which are for their recipient alone.
    """

    admin_site: Any

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return what Django does, with other words. Collects twice, and asks once a kind."""
        _nested, counts, needed, _protected = super().get_deleted_objects(objs, request)  # type: ignore[misc]
        first = next(iter(objs), None)
        if first is None:
            return _nested, counts, needed, _protected
        collector = NestedObjects(using=router.db_for_write(type(first)), origin=objs)
        collector.collect(objs)
        listed = {*collector.protected}
        for rows in collector.data.values():
            listed.update(rows)
        seen = self._seen(listed, request)

        def words(obj: Model) -> str:
            kind = capfirst(str(obj._meta.verbose_name))
            return f"{kind}: {obj}" if obj in seen else kind

        return collector.nested(words), counts, needed, [words(obj) for obj in collector.protected]

    def _seen(self, objects: Iterable[Model], request: HttpRequest) -> set[Model]:
        """Return those that the person may open."""
        by_model: dict[type[Model], list[Model]] = {}
        for obj in objects:
            by_model.setdefault(type(obj), []).append(obj)
        seen: set[Model] = set()
        for model, rows in by_model.items():
            if not self.admin_site.is_registered(model):
                continue
            model_admin = self.admin_site.get_model_admin(model)
            own = set(
                model_admin.get_queryset(request)
                .filter(pk__in=[row.pk for row in rows])
                .values_list("pk", flat=True)
            )
            seen.update(
                row
                for row in rows
                if row.pk in own and model_admin.has_view_or_change_permission(request, row)
            )
        return seen
