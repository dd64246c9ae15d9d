"""Whole answers, kept in the memory of a worker until anything changes that readers could see.

An answer is kept with the token of public_state and the day it was made on. One look at the
database says whether both are still those of now; then it is sent before sessions, languages and
templates are touched. So no page is ever older than the last act, on any worker or machine. Without
this everything works the same, only slower; a new worker begins with nothing, so a changed setting
or template counts from the restart. Where CACHE_URL names a Redis, workers find there what others
have made (articles.public.shared_answers).
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from threading import Lock
from typing import Any, TypeGuard

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.http import parse_etags

from articles.live import public_state, purging
from articles.paper.kept import FilesSeen
from physiohub.compression import coding_for

from . import shared_answers

State = tuple[str, date]
View = Callable[..., HttpResponseBase]

_KEPT_STATUSES = {200, 301, 302, 410}
#: How often a page is made while something changes each time; then it is sent as it is, unkept.
_MOST_TIMES = 3
#: Larger answers are not kept, a PDF with many pictures for example: they would push out hundreds.
_LARGEST = 256 * 1024
#: What an answer takes in memory beside its body, about.
_OVERHEAD = 2_000
#: Headers of an answer that go with "not modified" too (RFC 9110, 15.4.5).
_OF_NOT_MODIFIED = {"cache-control", "content-location", "etag", "expires", "vary"}
#: How long a cache on the way may send what it has while the site does not answer, in seconds.
_STALE_IF_ERROR = 3600


def kept(view: View, *parameters: str) -> View:
    """Return `view` with its answers marked to be kept, where its query has no other `parameters`.

    A parameter is a name, or a name with the only value that counts: "size=large".

    Only for views whose answer follows from the database, the day, the language of the reader, the
    address and these parameters. Anything else in the query is not kept: nobody fills the memory by
    making addresses up.
    """
    known = set(parameters)

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.may_be_kept = all(  # type: ignore[attr-defined]
            len(values) == 1 and {name, f"{name}={values[0]}"} & known
            for name, values in request.GET.lists()
        )
        return response

    marked.kept_parameters = parameters  # type: ignore[attr-defined]
    return marked


def made_from_files(response: HttpResponse, files: FilesSeen) -> HttpResponse:
    """Return `response`, which also holds no longer than a folder of PDFs has these `files`."""
    response.files_seen = files  # type: ignore[attr-defined]
    return response


@dataclass(frozen=True)
class Finished:
    """An answer as it is sent. `body` is compressed already, if it is compressed at all."""

    state: State
    status: int
    headers: dict[str, str]
    body: bytes
    files: FilesSeen | None = None

    def holds(self, state: State) -> bool:
        return self.state == state and (self.files is None or self.files.are_the_same())

    def response(self, request: HttpRequest) -> HttpResponse:
        etag = self.headers["ETag"]
        asked = request.META.get("HTTP_IF_NONE_MATCH")
        if asked and self.status == 200 and _names(asked, etag):
            unchanged = HttpResponseNotModified()
            for name, value in self.headers.items():
                if name.lower() in _OF_NOT_MODIFIED:
                    unchanged.headers[name] = value
            return unchanged
        return HttpResponse(self.body, status=self.status, headers=self.headers)


class ByLanguage:
    """Says of an address that its answer follows from the language of the reader."""


class Keeper:
    """Answers by key, those that were asked for last. Never more than `most` bytes, about."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._found: OrderedDict[Hashable, Finished | ByLanguage] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> Finished | ByLanguage | None:
        with self._lock:
            found = self._found.get(key)
            if found is not None:
                self._found.move_to_end(key)
            return found

    def keep(self, key: Hashable, answer: Finished | ByLanguage) -> None:
        if _size(answer) > _LARGEST:
            return
        with self._lock:
            self._forget(key)
            self._found[key] = answer
            self._bytes += _size(answer)
            while self._bytes > self.most:
                self._forget(next(iter(self._found)))

    def clear(self) -> None:
        with self._lock:
            self._found.clear()
            self._bytes = 0

    def _forget(self, key: Hashable) -> None:
        if key in self._found:
            self._bytes -= _size(self._found.pop(key))


def _size(answer: Finished | ByLanguage) -> int:
    return _OVERHEAD + (len(answer.body) if isinstance(answer, Finished) else 0)


keeper = Keeper(settings.PAGE_MEMORY)


class FinishedPages:
    """The first middleware: sends what is kept, and keeps what views marked (`kept`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return purging.purge_after(lambda: self.get_response(request))
        state = _state_of_now(request)
        if state is None:
            return self.get_response(request)
        key = (request.path_info, request.META.get("QUERY_STRING", ""), _coding(request))
        found = _find(key, state)
        if isinstance(found, ByLanguage):
            found = _find((*key, translation.get_language_from_request(request)), state)
        if isinstance(found, Finished):
            return found.response(request)
        return self._make(key, state, request)

    def _make(self, key: tuple, state: State, request: HttpRequest) -> HttpResponseBase:
        """Make the answer, and keep it where its view wants that.

        A page asks the database several questions. If something changed between them, it may be
        half old and half new, so it is made again.
        """
        for _time in range(_MOST_TIMES):
            response = self.get_response(request)
            if not _is_to_be_kept(response):
                return response
            after = _state_of_now(request)
            if after == state:
                return self._keep(key, state, request, response)
            if after is None:
                break
            state = after
        return response

    def _keep(
        self, key: tuple, state: State, request: HttpRequest, response: HttpResponse
    ) -> HttpResponseBase:
        body = response.content
        response.headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
        if not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = _CACHE_CONTROL
        response.headers["Content-Length"] = str(len(body))
        for name, value in purging.tags().items():
            response.headers[name] = value
        answer = Finished(
            state,
            response.status_code,
            dict(response.items()),
            body,
            getattr(response, "files_seen", None),
        )
        if "accept-language" in response.get("Vary", "").lower():
            _store(key, state, ByLanguage())
            key = (*key, translation.get_language_from_request(request))
        _store(key, state, answer)
        return answer.response(request)


def _is_to_be_kept(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    return (
        getattr(response, "may_be_kept", False)
        and isinstance(response, HttpResponse)
        and response.status_code in _KEPT_STATUSES
        and not response.cookies
    )


def _find(key: Hashable, state: State) -> Finished | ByLanguage | None:
    """Return what holds now, from our own memory or from the one all workers share."""
    found = keeper.get(key)
    if isinstance(found, ByLanguage) or (found and found.holds(state)):
        return found
    if not shared_answers.is_there() or not (shared := shared_answers.fetch((key, str(state)))):
        return None
    answer = _from_shared(*shared, state)
    if isinstance(answer, Finished) and not answer.holds(state):
        return None
    keeper.keep(key, answer)
    return answer


def _store(key: Hashable, state: State, answer: Finished | ByLanguage) -> None:
    keeper.keep(key, answer)
    if not shared_answers.is_there() or _size(answer) > _LARGEST:
        return
    if isinstance(answer, ByLanguage):
        shared_answers.share((key, str(state)), {})
    else:
        head = {"status": answer.status, "headers": answer.headers, "files": answer.files}
        shared_answers.share((key, str(state)), head, answer.body)


def _from_shared(head: dict[str, Any], body: bytes, state: State) -> Finished | ByLanguage:
    if not head:
        return ByLanguage()
    files = FilesSeen(*head["files"]) if head["files"] else None
    return Finished(state, head["status"], head["headers"], body, files)


_CACHE_CONTROL = (
    f"public, max-age=0, s-maxage={settings.SHARED_CACHE_SECONDS}, stale-if-error={_STALE_IF_ERROR}"
)


def _state_of_now(request: HttpRequest) -> State | None:
    """Return what kept answers must have been made in; None where none may be sent.

    Within a transaction of ours the token says nothing: on PostgreSQL it changes at the commit.
    """
    if (
        not keeper.most
        or request.path_info.startswith("/admin/")
        or connection.in_atomic_block
        or (settings.SECURE_SSL_REDIRECT and not request.is_secure())
    ):
        return None
    try:
        request.get_host()
        token = public_state.token()
    except Exception:
        # A wrong host, or a database that is down: what comes after answers in the reader's words.
        return None
    return (token, timezone.localdate()) if token else None


def _coding(request: HttpRequest) -> str:
    return coding_for(request.META.get("HTTP_ACCEPT_ENCODING", ""))


def _names(asked: str, etag: str) -> bool:
    """Whether If-None-Match names `etag`, compared weakly as RFC 9110, 13.1.2 says."""
    tags = parse_etags(asked)
    return tags == ["*"] or etag in (tag.removeprefix("W/") for tag in tags)
