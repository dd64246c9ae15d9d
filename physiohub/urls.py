"""The addresses of the whole site."""

from django.contrib import admin
from django.contrib.auth import views
from django.urls import include, path

from articles.admin.accounts import log_ins, passwords, second_factor

from . import branding, health, languages

#: Django's own answer to what is too large or cannot be read has no sentence.
handler400 = "physiohub.request_limits.refused"

urlpatterns = [
    # The admin links to the first where there is one of this name.
    path("admin/password/forgotten/", passwords.Forgotten.as_view(), name="admin_password_reset"),
    path("admin/password/sent/", views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "admin/password/<uidb64>/<token>/",
        passwords.SetPassword.as_view(),
        name="password_reset_confirm",
    ),
    path(
        "admin/password/set/",
        views.PasswordResetCompleteView.as_view(),
        name="password_reset_complete",
    ),
    path("admin/login/code/", second_factor.ask_for_code, name="second_factor_code"),
    path("admin/login/set-up/", second_factor.set_up_app, name="second_factor_set_up"),
    path(
        "admin/second-factor/<uidb64>/<token>/", second_factor.with_link, name="second_factor_link"
    ),
    path(
        "admin/second-factor/",
        admin.site.admin_view(second_factor.own_second_factor),
        name="own_second_factor",
    ),
    path("admin/your-log-ins/", admin.site.admin_view(log_ins.own_log_ins), name="own_log_ins"),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("language/", languages.choose_language, name="set_language"),
    path("brand/<str:name>", branding.brand_file, name="brand_file"),
    path("", include("articles.urls")),
]
