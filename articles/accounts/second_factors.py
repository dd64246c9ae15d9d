"""The second factor of an account: an authenticator app, and recovery codes for a lost phone.

The codes of the app are those of django-otp, and so is the rule that each works once. Recovery
codes are digits, because phones show a keypad of digits for the field. Only a keyed hash of them
is kept.
"""

import base64
import re
import secrets
import time
from binascii import unhexlify
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from articles.refusals import Refused

#: How many recovery codes somebody gets at once, and how many digits each has.
HOW_MANY, DIGITS = 10, 12
#: Spaces and hyphens, as people type them and as apps show them.
_BETWEEN = re.compile(r"[\s\u00a0\u2010-\u2015-]+")


def app_of(account: User) -> TOTPDevice | None:
    """Return the app that is set up; None where the account has no second factor yet."""
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=account, confirmed=True).first()
    return found


def draw_key() -> str:
    """Draw the key of an app that is to be set up, in hexadecimal digits."""
    return str(random_hex(20))


def key_in_words(key: str) -> str:
    """Return a key as people type it into an app."""
    return base64.b32encode(unhexlify(key)).decode()


def otpauth_address(account: User, key: str) -> str:
    """Return what the QR code says to an app: name, site and key as an otpauth: address."""
    return str(TOTPDevice(user=account, key=key).config_url)


def is_right(account: User, typed: str) -> bool:
    """Whether `typed` is a code of the app or a recovery code. It works only once."""
    code = digits_of(typed)
    with transaction.atomic():
        # The lock keeps two requests at the same moment from using one code twice.
        if len(code) == 6:
            app = TOTPDevice.objects.select_for_update().filter(user=account, confirmed=True)
            return any(one.verify_token(code) for one in app)
        lists = StaticDevice.objects.select_for_update().filter(user=account, confirmed=True)
        return any(one.verify_token(_kept_as(account, code)) for one in lists)


def is_recovery_code(typed: str) -> bool:
    """Whether it looks like a recovery code, and not like one of the app."""
    return len(digits_of(typed)) == DIGITS


def digits_of(typed: str) -> str:
    """Return the digits of a code without spaces and hyphens; "" where it holds anything else."""
    code = _BETWEEN.sub("", typed)
    return "".join(str(int(one)) for one in code) if code.isdecimal() else ""


def keep_app(account: User, key: str, typed: str, *, replaces: int | None) -> list[str]:
    """Keep the app that has `key`, and return recovery codes; [] where the code is not of that app.

    `replaces` is the number of the app there was when this began, None where there was none.
    Raises Refused where another was set up since. Where there was one, all log-ins end.
    """
    code = digits_of(typed)
    totp = TOTP(unhexlify(key))
    totp.time = time.time()
    if len(code) != 6 or not totp.verify(int(code), tolerance=1):
        return []
    with transaction.atomic():
        User.objects.select_for_update().get(pk=account.pk)
        present = app_of(account)
        if (present.pk if present else None) != replaces:
            raise Refused(
                _("A second factor was set up meanwhile. If it was not you, tell an administrator.")
            )
        TOTPDevice.objects.filter(user=account).delete()
        # The code that was typed works no second time.
        TOTPDevice.objects.create(user=account, name="app", key=key, last_t=totp.t())
        return make_recovery_codes(account)


def make_recovery_codes(account: User) -> list[str]:
    """Return new recovery codes. Those there were do not work any longer."""
    codes = [
        "".join(secrets.choice("0123456789") for _digit in range(DIGITS)) for _n in range(HOW_MANY)
    ]
    with transaction.atomic():
        StaticDevice.objects.filter(user=account).delete()
        made = StaticDevice.objects.create(user=account, name="recovery codes")
        StaticToken.objects.bulk_create(
            StaticToken(device=made, token=_kept_as(account, code)) for code in codes
        )
    return codes


def recovery_codes_left(account: User) -> int:
    return StaticToken.objects.filter(device__user=account, device__confirmed=True).count()


def in_groups_of_four(codes: Iterable[str]) -> list[str]:
    """Return codes as they are shown: four digits, a space, four digits …."""
    return [" ".join(re.findall(".{1,4}", code)) for code in codes]


def remove(account: User) -> bool:
    """Take the second factor away, and return whether there was one. All log-ins end."""
    with transaction.atomic():
        apps, _by_model = TOTPDevice.objects.filter(user=account).delete()
        lists, _by_model = StaticDevice.objects.filter(user=account).delete()
    return bool(apps or lists)


def _kept_as(account: User, code: str) -> str:
    """Return the hash that is kept of a recovery code, as long as its column takes: 96 bits."""
    digest = salted_hmac("a recovery code", f"{account.pk}\0{code}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode()[:16]
