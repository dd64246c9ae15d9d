"""Asking other services: who is asked, how politely, and what every kind of failure comes to."""

import contextlib
import http.client
import http.server
import json
import socket
import threading
import urllib.request
from unittest import mock

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import SimpleTestCase, override_settings

from references.lookup import Outcome, client, crossref, pubmed, sending
from tests.evidence.recordings import (
    CROSSREF,
    EFETCH,
    IDCONV,
    a_work,
    an_article,
    crossref_knows_nothing,
    crossref_work,
    pubmed_article,
    recorded,
)
from tests.shared_data import shared


class Replies:
    """A sender that gives these replies, one after the other, and remembers what it was asked."""

    def __init__(self, *replies):
        self.replies, self.asked = list(replies), []

    def send(self, url, headers, seconds):
        self.asked.append((url, headers))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        return reply


@contextlib.contextmanager
def answered_with(*replies):
    """(the Replies, the seconds slept so far as a list): nobody really waits."""
    sender, slept, now = Replies(*replies), [], [0.0]

    def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds

    paces = {host: client.Pace(0.4, clock=lambda: now[0], sleep=sleep) for host in sending.HOSTS}
    real = client.ask
    with (
        mock.patch.object(sending, "sender", return_value=sender),
        mock.patch.object(
            client, "ask", lambda question: real(question, paces=paces, clock=lambda: now[0])
        ),
    ):
        yield sender, slept


def reply(body=b"{}", status=200, **headers):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return sending.Reply(
        status, body, {name.replace("_", "-"): value for name, value in headers.items()}
    )


WORK = reply({"message": a_work()})


class ARecordedWork(SimpleTestCase):
    def test_is_found_by_its_doi(self):
        works = json.loads(shared("data", "references", "crossref", "works_dev.json").read_text())
        works = [work for work in works if work.get("title") and "volume" in work][:20]
        with recorded(*map(crossref_work, works)):
            for work in works:
                answer = crossref.work(work["DOI"])
                self.assertEqual(answer.outcome, Outcome.FOUND, work["DOI"])
                self.assertEqual(answer.record.csl["DOI"], work["DOI"])
                self.assertEqual(answer.record.payload, work)

    def test_is_found_by_pmid_and_pmcid(self):
        converted = {"records": [{"pmcid": "PMC7654", "pmid": "7654321"}]}
        with recorded(
            pubmed_article("7654321", an_article()),
            {"url": f"{IDCONV}?format=json&ids=PMC7654", "body": converted},
        ):
            self.assertEqual(pubmed.article("7654321").record.pmid, "7654321")
            self.assertEqual(pubmed.by_pmcid("PMC7654").record.pmid, "7654321")

    def test_is_the_same_recording_whoever_asks(self):
        with (
            recorded(crossref_work(a_work())),
            override_settings(LOOKUP_CONTACT="librarian@clinic.example"),
        ):
            self.assertEqual(crossref.work("10.5555/needles.1").outcome, Outcome.FOUND)

    def test_is_found_by_its_words_without_what_nobody_cites(self):
        csl = {
            "title": "Needles for sore necks",
            "author": [{"family": "Osei"}],
            "issued": {"date-parts": [[2019]]},
        }
        query = (
            "query.bibliographic=Needles+for+sore+necks+Osei+2019&rows=8&select="
            + crossref._SELECTED_FIELDS
        )
        items = [a_work(), a_work(type="peer-review"), a_work(type="component"), {"DOI": "10.1/x"}]
        with recorded({"url": f"{CROSSREF}?{query}", "body": {"message": {"items": items}}}):
            answer = crossref.search(csl)

        self.assertEqual([record.csl["type"] for record in answer.records], ["article-journal"])


class AFailure(SimpleTestCase):
    """Always an Answer with a plain sentence: never an exception, and never "not found"."""

    def comes_to(self, outcome, answer):
        self.assertEqual((answer.outcome, answer.records, answer.is_failure), (outcome, (), True))
        self.assertTrue(answer.sentence.startswith("could not be checked: "), answer.sentence)
        self.assertTrue(answer.sentence.endswith("."))

    def test_is_off(self):
        self.comes_to(Outcome.OFF, crossref.work("10.5555/x"))
        self.comes_to(Outcome.OFF, pubmed.by_pmcid("PMC1"))

    def test_is_a_missing_recording(self):
        with recorded():
            self.comes_to(Outcome.UNREACHABLE, crossref.work("10.5555/x"))
            self.comes_to(Outcome.UNREACHABLE, crossref.search({"title": "Needles"}))
            self.comes_to(Outcome.UNREACHABLE, pubmed.article("1"))
            self.comes_to(Outcome.UNREACHABLE, pubmed.by_pmcid("PMC1"))

    def test_is_silence_in_time_or_out_of_it(self):
        for problem, outcome in (
            (sending.TooSlow(), Outcome.TIMEOUT),
            (sending.NoReply(), Outcome.UNREACHABLE),
            (sending.BadReply(), Outcome.NONSENSE),
        ):
            with answered_with(problem):
                self.comes_to(outcome, crossref.work("10.5555/x"))

    def test_is_nonsense(self):
        for body in (
            b"",
            b"<html>",
            b"[]",
            b"null",
            b'{"message": null}',
            b'{"message": []}',
            b"\xff\xfe",
            b"[" * 100_000,
        ):
            with self.subTest(body=body[:20]), answered_with(reply(body)):
                self.comes_to(Outcome.NONSENSE, crossref.work("10.5555/x"))
                self.comes_to(Outcome.NONSENSE, crossref.search({"title": "Needles"}))
                self.comes_to(Outcome.NONSENSE, pubmed.article("7654321"))
                self.comes_to(Outcome.NONSENSE, pubmed.by_pmcid("PMC7654"))
        with answered_with(reply(an_article(pmid="1").encode())):
            self.comes_to(Outcome.NONSENSE, pubmed.article("7654321"))
        for status in (400, 401, 403, 418):
            with answered_with(reply(status=status)):
                self.comes_to(Outcome.NONSENSE, crossref.work("10.5555/x"))

    def test_is_not_what_a_404_or_an_empty_list_means(self):
        with recorded(
            crossref_knows_nothing("10.5555/x"),
            pubmed_article("1", "<PubmedArticleSet></PubmedArticleSet>"),
            {
                "url": f"{IDCONV}?ids=PMC1&format=json",
                "body": {"records": [{"pmcid": "PMC1", "status": "error"}]},
            },
        ):
            for answer in (
                crossref.work("10.5555/x"),
                pubmed.article("1"),
                pubmed.by_pmcid("PMC1"),
            ):
                self.assertEqual((answer.outcome, answer.is_failure), (Outcome.NOT_FOUND, False))


class AQuestion(SimpleTestCase):
    def test_goes_to_a_fixed_host_whatever_the_identifier_says(self):
        hostile = json.loads(shared("data", "hostile_dev.json").read_text())["url"]
        for text in [
            *hostile,
            "10.5555/x?mailto=a#b",
            "10.5555/x y",
            "10.5555/@127.0.0.1/",
            "\r\nHost: evil.example",
        ]:
            with self.subTest(text=text), answered_with(WORK) as (sender, _):
                crossref.work(text)
                for url, _headers in sender.asked:
                    self.assertTrue(url.startswith("https://api.crossref.org/works/"), url)
                    self.assertNotRegex(url, r"[?#\s]")

    def test_does_not_walk_out_of_its_folder(self):
        with answered_with(WORK) as (sender, _):
            self.assertEqual(crossref.work("10.5555/../../members").outcome, Outcome.NOT_FOUND)
        self.assertEqual(sender.asked, [])

    def test_says_who_asks(self):
        with (
            answered_with(WORK) as (sender, _),
            override_settings(LOOKUP_CONTACT="librarian@clinic.example"),
        ):
            crossref.work("10.5555/x")
        ((url, headers),) = sender.asked
        self.assertIn("mailto=librarian%40clinic.example", url)
        self.assertIn("mailto:librarian@clinic.example", headers["User-Agent"])

    def test_follows_a_redirect_on_the_same_machines_only(self):
        moved = reply(status=301, location="/works/10.5555/needles.1")
        with answered_with(moved, WORK) as (sender, _):
            self.assertEqual(crossref.work("10.5555/old").outcome, Outcome.FOUND)
        self.assertEqual(sender.asked[1][0], f"{CROSSREF}/10.5555/needles.1")

        elsewhere = (
            "http://api.crossref.org/works/x",
            "https://evil.example/",
            "https://api.crossref.org:8443/",
            "//127.0.0.1/",
            "https://api.crossref.org@127.0.0.1/",
            "https://api.crossref.org.evil.example/",
            "file:///etc/passwd",
            "https://169.254.169.254/latest/",
            "https://[::1",
            "",
        )
        for location in elsewhere:
            with (
                self.subTest(location=location),
                answered_with(reply(status=302, location=location)) as (sender, _),
            ):
                self.assertEqual(crossref.work("10.5555/x").outcome, Outcome.NONSENSE)
                self.assertTrue(
                    all(url.startswith(f"{CROSSREF}/") for url, _headers in sender.asked)
                )

    def test_is_not_sent_round_in_circles(self):
        with answered_with(reply(status=302, location="/works/10.5555/x")) as (sender, _):
            self.assertEqual(crossref.work("10.5555/x").outcome, Outcome.NONSENSE)
        self.assertEqual(len(sender.asked), 3)


class ABusyService(SimpleTestCase):
    def test_is_asked_again_after_what_it_asked_for(self):
        with answered_with(reply(status=429, retry_after="3"), reply(status=503), WORK) as (
            sender,
            slept,
        ):
            self.assertEqual(crossref.work("10.5555/x").outcome, Outcome.FOUND)
        self.assertEqual(len(sender.asked), 3)
        self.assertEqual(slept, [3, 2])

    def test_is_left_in_peace_when_it_asks_for_more_than_a_person_waits(self):
        with answered_with(reply(status=429, retry_after="120")) as (sender, slept):
            first, second = crossref.work("10.5555/x"), crossref.work("10.5555/y")
        self.assertEqual((first.outcome, second.outcome), (Outcome.BUSY, Outcome.BUSY))
        self.assertIn("Try again in 121 seconds.", first.sentence)
        self.assertEqual((len(sender.asked), slept), (1, []))

    def test_is_asked_three_times_at_most(self):
        with answered_with(reply(status=500)) as (sender, _):
            self.assertEqual(crossref.work("10.5555/x").outcome, Outcome.UNREACHABLE)
        self.assertEqual(len(sender.asked), 3)

    def test_may_name_a_date_or_nonsense(self):
        for stated in ("Wed, 21 Oct 2015 07:28:00 GMT", "soon", "-5", "١٢", "9" * 400):
            with self.subTest(stated=stated), answered_with(reply(status=429, retry_after=stated)):
                self.assertEqual(crossref.work("10.5555/x").outcome, Outcome.BUSY)


class ThePace(SimpleTestCase):
    def test_is_one_at_a_time_and_not_too_often_over_all_threads(self):
        pace, now, open_now, most_open, begun = (
            client.Pace(0.4, clock=lambda: now[0]),
            [0.0],
            [0],
            [0],
            [],
        )

        def sleep(seconds):
            now[0] += seconds

        pace._sleep = sleep

        def ask():
            with pace.turn(60):
                open_now[0] += 1
                most_open[0] = max(most_open[0], open_now[0])
                begun.append(now[0])
                open_now[0] -= 1

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        self.assertEqual(most_open, [1])
        self.assertEqual(
            [round(moment, 6) for moment in begun], [round(0.4 * turn, 6) for turn in range(8)]
        )

    def test_sends_away_who_would_wait_too_long(self):
        pace = client.Pace(0.4, clock=lambda: 0.0)
        pace.pause(100)
        with self.assertRaises(client.Failed) as failed, pace.turn(5):
            pass
        self.assertEqual((failed.exception.outcome, failed.exception.seconds), (Outcome.BUSY, 101))


class _ToLoopback(urllib.request.AbstractHTTPHandler):
    """Takes the place of https in Network, so that a server of our own can misbehave."""

    def __init__(self, port):
        super().__init__()
        self.port = port

    def https_open(self, request):
        # What was asked for is kept, where it goes is not.
        request.host = f"127.0.0.1:{self.port}"
        return self.do_open(http.client.HTTPConnection, request)

    https_request = urllib.request.AbstractHTTPHandler.do_request_


@contextlib.contextmanager
def a_server(answer):
    """A Network that reaches only this server of ours; `answer(handler)` writes what it says."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            with contextlib.suppress(OSError):
                answer(self)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with mock.patch.object(
        sending.Network, "_handlers", return_value=[_ToLoopback(server.server_port)]
    ):
        network = sending.Network()
    try:
        yield network
    finally:
        server.shutdown()
        server.server_close()


def _says(status, body=b"", **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


class TheNetwork(SimpleTestCase):
    URL = "https://api.crossref.org/works/10.5555/x"

    def test_gives_status_headers_and_body(self):
        with a_server(_says(429, b"wait", Retry_After="7")) as network:
            self.assertEqual(network.send(self.URL, {}, 5).status, 429)
            self.assertEqual(network.send(self.URL, {}, 5).headers["retry-after"], "7")
            self.assertEqual(network.send(self.URL, {}, 5).body, b"wait")

    def test_follows_no_redirect_by_itself(self):
        with a_server(_says(302, Location="http://127.0.0.1:1/")) as network:
            self.assertEqual(network.send(self.URL, {}, 5).status, 302)

    def test_stops_reading_what_is_too_long(self):
        with (
            a_server(_says(200, b"x" * (sending.MOST_BYTES + 1))) as network,
            self.assertRaises(sending.BadReply),
        ):
            network.send(self.URL, {}, 20)

    def test_gives_up_on_silence_and_on_a_drip(self):
        done = threading.Event()

        def drip(handler):
            handler.send_response(200)
            handler.end_headers()
            while not done.wait(0.05):
                handler.wfile.write(b"x")

        for answer in (lambda handler: done.wait(5), drip):
            with a_server(answer) as network, self.assertRaises(sending.TooSlow):
                try:
                    network.send(self.URL, {}, 0.3)
                finally:
                    done.set()
            done.clear()

    def test_makes_no_reply_of_what_is_no_answer(self):
        garbage = a_server(lambda handler: handler.wfile.write(b"\x00\x01garbage\r\n"))
        with garbage as network, self.assertRaises(sending.NoReply):
            network.send(self.URL, {}, 5)
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            handlers = [_ToLoopback(nobody.getsockname()[1])]
            with mock.patch.object(sending.Network, "_handlers", return_value=handlers):
                network = sending.Network()
            with self.assertRaises(sending.NoReply):
                network.send(self.URL, {}, 5)

    def test_knows_no_way_of_asking_but_https(self):
        for url in ("http://api.crossref.org/", "file:///etc/passwd", "ftp://api.crossref.org/"):
            with self.subTest(url=url), self.assertRaises(sending.NoReply):
                sending.Network().send(url, {}, 5)


class AFolderOfRecordings(SimpleTestCase):
    def test_that_cannot_be_read_is_named(self):
        for broken in ("{", '"x"', '{"url": 1}', '[{"url": "https://x"}]'):
            with self.subTest(broken=broken), recorded():
                folder = settings.LOOKUP.removeprefix("recorded:")
                with open(f"{folder}/broken.json", "w") as file:
                    file.write(broken)
                with self.assertRaisesMessage(ImproperlyConfigured, "broken.json"):
                    sending.Recorded(folder)
                with self.assertLogs("references.lookup.client", "WARNING") as logged:
                    self.assertEqual(crossref.work("10.5555/x").outcome, Outcome.UNREACHABLE)
                self.assertIn("broken.json", logged.output[0])

    def test_answers_from_the_address_alone(self):
        with recorded(
            {"url": f"{EFETCH}?retmode=xml&id=1&db=pubmed", "body": an_article(pmid="1")}
        ):
            self.assertEqual(pubmed.article("1").outcome, Outcome.FOUND)
