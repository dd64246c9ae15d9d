"""The production server, read by several processes while articles change.

bench/check_freshness.py does the same for as long as one likes.
"""

import os
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from bench import check_freshness
from physiohub import roles


def address_of_database():
    made = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{made['NAME']}"
    account = f"{made['USER']}:{made['PASSWORD']}@{made['HOST']}:{made['PORT']}"
    return f"postgres://{account}/{made['NAME']}"


class ReadsUnderLoad(TransactionTestCase):
    def setUp(self):
        # Emptying the database took the roles along; they are made after each migrate.
        for config in apps.get_app_configs():
            roles.set_up_after_migrate(config)
        Path(settings.MEDIA_ROOT).mkdir(exist_ok=True)

    def test_show_what_every_act_before_them_did(self):
        env = {
            **os.environ,
            "DATABASE_URL": address_of_database(),
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
            "DEBUG": "true",  # static files need not be collected
        }
        found = check_freshness.check(env, reads=2_000, acts=8, readers=2)

        self.assertEqual(found.wrong, {})
        self.assertEqual(found.failed, {})
        self.assertGreaterEqual(found.reads, 2_000)
        self.assertGreaterEqual(found.acts, 8)
