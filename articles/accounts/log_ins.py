"""How many wrong passwords and codes are too many.

Ten for one name from one address in a quarter of an hour. A name alone is never locked, or anybody
could lock a colleague out; an address alone is not either, for a whole clinic may be behind one.

Tries are counted in the database, so that the count is that of all workers. A try is counted before
the password is looked at: many at the same moment get no further than one after the other.
"""

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from articles.models import WrongPassword

MOST, WITHIN = 10, timedelta(minutes=15)


class TooOften(Exception):
    """The password was not looked at. `again_in` is how many seconds to wait."""

    def __init__(self, again_in: int) -> None:
        self.again_in = again_in
        super().__init__(f"Too many wrong passwords: again in {again_in} seconds.")


def count_try(username: str, address: str, *, at: datetime) -> WrongPassword:
    """Count a try that is about to be made. Delete the row where the password was right.

    Raises TooOften. Neither name nor address is stored, only a keyed hash of both.
    """
    WrongPassword.objects.filter(at__lt=at - WITHIN).delete()
    key = salted_hmac(
        "a wrong password", f"{username.casefold()}\0{address}", algorithm="sha256"
    ).hexdigest()
    mine = WrongPassword.objects.create(key=key, at=at)
    # A clock that was set back must not lock anybody out.
    counted = WrongPassword.objects.filter(key=key, at__lte=at + WITHIN)
    tries = list(counted.order_by("-at", "-pk").values_list("at", flat=True)[: MOST + 1])
    if len(tries) > MOST:
        mine.delete()
        # A place is free again once the oldest of the newest ten is too old.
        free_at = tries[-1] + WITHIN
        raise TooOften(max(1, int((free_at - at).total_seconds()) + 1))
    return mine
