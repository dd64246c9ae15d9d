"""The inbox of each person, and how they get e-mail. People see only their own notifications."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Count, Max, When
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_tasks_db.models import DBTaskResult

from articles.models import Delivery, MailOutage, Notification
from articles.notifications import email, inbox
from physiohub import policy
from physiohub.read_only import ReadOnlyAdmin

_PAGE_SIZE = 30


class GoesWithItsAccount(ReadOnlyAdmin):
    """Rows that are deleted only together with their account."""

    def has_delete_permission(self, request, obj=None):
        return obj is not None and policy.may(request.user, policy.DELETE_ACCOUNTS)


@admin.register(Notification)
class NotificationAdmin(GoesWithItsAccount):
    """The inbox. Django's own list and page are only there for the search."""

    list_display = ["text", "kind", "at", "read_at"]
    list_filter = ["kind"]
    search_fields = ["text"]
    fields = ["text", "article", "at", "read_at", "mailed_at"]

    def has_module_permission(self, request):
        return False

    def has_view_permission(self, request, obj=None):
        return policy.works_here(request.user)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(recipient=request.user)

    def get_urls(self):
        def at(address, view, name):
            return path(
                address, self.admin_site.admin_view(view), name=f"articles_notification_{name}"
            )

        return [
            at("inbox/", self.inbox, "inbox"),
            at("inbox/count/", self.count, "count"),
            at("inbox/how/", self.how, "how"),
            at("inbox/<int:pk>/", self.open, "open"),
            *super().get_urls(),
        ]

    def inbox(self, request):
        """Show the notifications, unread ones first. Four queries besides those of every page."""
        if request.method == "POST":
            return self._mark(request)
        kind = request.GET.get("kind", "")
        kind = kind if kind in Notification.Kind.values else ""
        unread = (
            inbox.unread(request.user).order_by().aggregate(count=Count("pk"), newest=Max("pk"))
        )
        only_unread = request.GET.get("show") == "unread"
        notifications = inbox.unread(request.user) if only_unread else self.get_queryset(request)
        if kind:
            notifications = notifications.filter(kind=kind)
        notifications = notifications.order_by(
            Case(When(read_at=None, then=0), default=1), "-at", "-pk"
        )
        page = Paginator(notifications, _PAGE_SIZE).get_page(request.GET.get("page"))
        return self._page(
            request,
            "inbox",
            _("Inbox"),
            {
                "page": page,
                "entries": list(page),
                "unread": unread["count"],
                "newest": unread["newest"],
                "kind": kind,
                "kinds": Notification.Kind.choices,
                "only_unread": only_unread,
                "how": email.delivery_of(request.user),
            },
        )

    def _mark(self, request):
        own = self.get_queryset(request)
        if request.POST.get("act") == "all":
            # The person has not seen what came while the page was open.
            newest = request.POST.get("newest", "")
            own = own.filter(pk__lte=int(newest)) if _is_number(newest) else own.none()
            if count := inbox.mark_read(own, at=timezone.now()):
                message = (
                    ngettext("%s line is marked as read.", "%s lines are marked as read.", count)
                    % count
                )
                messages.success(request, message)
        elif _is_number(request.POST.get("notification", "")):
            inbox.mark_read(own.filter(pk=int(request.POST["notification"])), at=timezone.now())
        else:
            raise PermissionDenied
        return HttpResponseRedirect(request.get_full_path())

    def open(self, request, pk):
        """Mark the notification as read, and redirect to what it is about.

        It is a GET, because people can open a link in a new tab but not a button.
        """
        notification = get_object_or_404(self.get_queryset(request), pk=pk)
        if not url_has_allowed_host_and_scheme(notification.address, allowed_hosts=None):
            raise PermissionDenied
        inbox.mark_read(self.get_queryset(request).filter(pk=pk), at=timezone.now())
        return HttpResponseRedirect(notification.address)

    def count(self, request):
        """Return how many are unread, for the header of every page.

        A script asks for it, so that no page needs one more query.
        """
        response = JsonResponse({"unread": inbox.unread(request.user).count()})
        response["Cache-Control"] = "no-store, private"
        return response

    def how(self, request):
        """Let the person choose how they get e-mail."""
        if request.method == "POST":
            how = request.POST.get("how", "")
            if how not in Delivery.How.values:
                raise PermissionDenied
            email.set_delivery(request.user, how)
            messages.success(request, _("Noted. This is how you are told from now on."))
            return HttpResponseRedirect(reverse("admin:articles_notification_inbox"))
        return self._page(
            request,
            "how",
            _("How you are told"),
            {
                "chosen": email.delivery_of(request.user),
                "ways": [(how.value, email.how_it_reads(how)) for how in Delivery.How],
            },
        )

    def _page(self, request, name, title, context):
        context |= {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        response = TemplateResponse(request, f"admin/inbox/{name}.html", context)
        response["Cache-Control"] = "no-store, private"
        return response


@admin.register(Delivery)
class DeliveryAdmin(GoesWithItsAccount):
    """For administrators: how people get e-mail and whose address is refused, not what they get."""

    list_display = ["user", "how", "digest_on", "failing_since", "said"]
    list_filter = ["how", ("failing_since", admin.EmptyFieldListFilter)]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__last_name", "user__email", "said"]


@admin.register(MailOutage)
class MailOutageAdmin(ReadOnlyAdmin):
    list_display = ["since", "tries", "again_at", "said"]
    search_fields = ["said"]


admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class TaskAdmin(ReadOnlyAdmin):
    """Background tasks, if TASKS=database. The page of the library itself has no search."""

    list_display = ["task_path", "status", "enqueued_at", "started_at", "finished_at"]
    list_filter = ["status"]
    search_fields = ["task_path", "traceback"]
    ordering = ["-enqueued_at"]
    fields = [
        "task_path",
        "status",
        "enqueued_at",
        "started_at",
        "finished_at",
        "args_kwargs",
        "traceback",
    ]


def _is_number(text):
    return text.isascii() and text.isdecimal() and len(text) < 19
