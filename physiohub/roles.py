"""The four roles and the rights each holds. Groups are made from the table below.

`policy` says which acts these rights open, and docs/roles.md shows both together.
"""

from collections.abc import Iterable

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS

from articles.revisions import contents

CLINICIAN, EDITOR, LIBRARIAN, ADMINISTRATOR = "Clinician", "Editor", "Librarian", "Administrator"

VIEW, ADD, CHANGE, DELETE = "view", "add", "change", "delete"
_WRITE = (VIEW, ADD, CHANGE, DELETE)

#: The parts of a working article.
_WORKING = [
    *(rows.model.__name__.lower() for rows in contents.OWN_ROWS),
    "claim",
    "citation",
    "readinglistentry",
]
#: Shared by all articles.
_VOCABULARY = ["condition", "sideeffect", "contraindication", "glossaryterm", "person", "picture"]
#: What readers say. Nobody here writes it, but one that holds private details must be deleted.
_FEEDBACK = ["feedback"]
#: Records that only acts write (approve, publish, withdraw …). Nobody adds or changes one by hand.
_RECORDS = [
    "revision",
    "reviewrequest",
    "reviewtask",
    "decision",
    "comment",
    "publication",
    "publishedcitation",
    "publishedpicture",
    "publishedtranslation",
    "publishedwork",
    "withdrawal",
    "safetynotice",
    "auditentry",
    "importeddocument",
    "livearticle",
    "liveterm",
    "livefinding",
    "confirmation",
    "invitation",
    "schedule",
    "signedexception",
    "checklistresult",
]
#: Records of e-mail, so that administrators see whom it does not reach. What the notifications say
#: is for their recipient alone.
_MAIL_RECORDS = ["delivery", "mailoutage"]
#: Records of the evidence library that only acts write.
_REFERENCE_RECORDS = [
    "merge",
    "sourcerecord",
    "referenceimport",
    "distinct",
    "bulkcheck",
    "importedfile",
]


def _may(actions: Iterable[str], models: Iterable[str], app: str = "articles") -> list[str]:
    return [f"{app}.{action}_{model}" for model in models for action in actions]


_AUTHORING = [
    *_may((VIEW, ADD, CHANGE), ["article"]),
    *_may(_WRITE, _WORKING),
    *_may((VIEW, ADD, CHANGE), _VOCABULARY),
    *_may((VIEW,), [*_RECORDS, *_FEEDBACK]),
    *_may((VIEW, ADD, CHANGE), ["reference"], "references"),
    *_may((VIEW,), ["notice", *_REFERENCE_RECORDS], "references"),
    *_may((VIEW, ADD), ["tag"], "taggit"),
]

PERMISSIONS = {
    CLINICIAN: _AUTHORING,
    EDITOR: [
        *_AUTHORING,
        *_may((DELETE,), _FEEDBACK),
        "articles.view_accessrequest",
        "articles.review_article",
        "articles.publish_article",
        "articles.override_review",
    ],
    LIBRARIAN: [
        *_may(_WRITE, ["reference", "notice"], "references"),
        *_may((VIEW,), _REFERENCE_RECORDS, "references"),
        *_may((ADD,), ["referenceimport"], "references"),
        *_may((VIEW, ADD, CHANGE), _VOCABULARY),
        *_may((VIEW,), ["article", "claim", "citation"]),
    ],
    ADMINISTRATOR: [
        *_may(_WRITE, ["user"], "auth"),
        *_may((VIEW,), ["group"], "auth"),
        # They say which account is which person.
        *_may((VIEW, ADD, CHANGE), ["person"]),
        *_may((VIEW,), [*_RECORDS, *_MAIL_RECORDS]),
        *_may((VIEW,), ["accessrequest"]),
        *_may((VIEW,), ["article"]),
        *_may((VIEW,), ["dbtaskresult"], "django_tasks_database"),
    ],
}


def set_up_after_migrate(
    sender: AppConfig, using: str = DEFAULT_DB_ALIAS, apps: Apps = installed_apps, **kwargs: object
) -> None:
    """Give each role exactly what the table says: a post_migrate receiver.

    What a role had in an earlier release, or was given in a shell, is taken away again. Rights of
    single accounts, and roles that are not in the table, stay as they are.
    """
    # Only once, after the last app with models (others send no signal). By then all tables and
    # permissions exist.
    with_models = [
        config.name for config in installed_apps.get_app_configs() if config.models_module
    ]
    if sender.name != with_models[-1]:
        return
    from django.contrib.auth.management import create_permissions

    for app in ("articles", "references", "auth", "taggit", "django_tasks_database"):
        create_permissions(installed_apps.get_app_config(app), using=using, verbosity=0)
    group_model = installed_apps.get_model("auth", "Group")
    permission_model = installed_apps.get_model("auth", "Permission")
    by_name = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in permission_model.objects.using(using).select_related("content_type")
    }
    for role, names in PERMISSIONS.items():
        group, _ = group_model.objects.using(using).get_or_create(name=role)
        # In bulk, without signals: a release that changes a role is no act of a person, and the
        # log need not be there yet.
        through = group_model.permissions.through
        held = through.objects.using(using).filter(group=group)
        held.exclude(permission__in=[by_name[name] for name in names]).delete()
        through.objects.using(using).bulk_create(
            [through(group=group, permission=by_name[name]) for name in names],
            ignore_conflicts=True,
        )
