"""What a phone does in tests: the codes of an authenticator app, and a log-in through the pages.

Most tests need neither: `client.force_login` stands for a whole log-in (tests/conftest.py).
"""

import time

from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

LOG_IN, CODE, SET_UP = "/admin/login/", "/admin/login/code/", "/admin/login/set-up/"


def an_app(account):
    """An app on the phone of `account` that is set up already."""
    return TOTPDevice.objects.create(user=account, name="app")


def code_of(app, *, later=0):
    """What the app shows now, or `later` half minutes on: a code of this moment works only once."""
    return code_with(app.bin_key, later=later)


def code_with(key, *, later=0):
    """What an app shows that was given `key`, as bytes."""
    totp = TOTP(key)
    totp.time = time.time() + later * 30
    return f"{totp.token():06d}"


def log_in_on(page, account, password, *, app=None):
    """Log in on a page of a browser that shows the log-in. Returns the app that was used."""
    app = app or an_app(account)
    page.fill("#id_username", account.username)
    page.fill("#id_password", password)
    page.click('[type="submit"]')
    page.fill("#id_code", code_of(app))
    page.click('[type="submit"]')
    return app


def log_in(client, account, password, *, app=None, **headers):
    """Log in through the pages; with an app that is not set up yet, one is. Returns the answer."""
    app = app or an_app(account)
    client.post(LOG_IN, {"username": account.username, "password": password}, **headers)
    return client.post(CODE, {"code": code_of(app)}, **headers)
