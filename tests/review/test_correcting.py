"""The light path is for a small mistake.

Nothing that decides what a patient does goes out by it unread.
"""

import copy

from django.test import SimpleTestCase, TestCase
from django.urls import reverse

from articles.drafts import edits
from articles.models import KeyPoint, Publication, ReviewRequest
from articles.publishing import correcting, publishing
from articles.refusals import Refused
from articles.revisions import freezing
from articles.richtext import weighty_words
from articles.richtext.cleaning import clean
from tests.builders import LATER, a_draft, an_editor, published
from tests.frozen import digest_now

from .test_comparing import everything

BODY = "<p>It uses a thin neddle. It may help some people.</p>"


class OnTheReviewPage(TestCase):
    def setUp(self):
        self.publication = published(a_draft(slug="needling", body=BODY))
        self.article = self.publication.article
        self.article.refresh_from_db()
        self.editor = an_editor()
        self.client.force_login(self.editor)
        self.address = reverse("admin:articles_article_review", args=[self.article.pk])

    def edit(self, body=None):
        if body:
            self.article.body = body
            self.article.save()
        edits.record_edit(self.article, by=self.article.owner, at=LATER)

    def correct(self, note="A letter was wrong."):
        data = {"act": "correct", "digest": digest_now(self.article), "note": note}
        return self.client.post(self.address, data, follow=True)

    def version(self):
        return Publication.objects.live_of(self.article).number


class ASmallMistake(OnTheReviewPage):
    def test_is_put_right_in_one_act(self):
        self.edit(BODY.replace("neddle", "needle"))

        self.assertContains(self.client.get(self.address), "Nothing but harmless wording differs")
        self.assertContains(self.correct(), "Corrected. Readers see it now")

        self.assertEqual(self.version(), 2)
        self.assertContains(self.client.get("/articles/needling/"), "a thin needle")

    def test_leaves_who_checked_the_page_and_when_as_it_was(self):
        corrector = an_editor(first_name="Corinna", last_name="Corrector")
        self.client.force_login(corrector)
        self.edit(BODY.replace("neddle", "needle"))
        self.correct()
        self.client.logout()

        page = self.client.get("/articles/needling/")

        self.assertContains(page, self.publication.approvals[0]["name"])
        self.assertContains(page, '"lastReviewed":"2026-03-01"')
        self.assertNotContains(page, "Corinna")


class AChangedKeyPoint(OnTheReviewPage):
    def setUp(self):
        super().setUp()
        point = KeyPoint.objects.filter(article=self.article)[0]
        point.text = "It cures pain for good."
        point.save()
        self.edit()

    def test_is_refused_at_the_address_of_the_admin_and_leaves_what_readers_have(self):
        page = self.correct(note="A letter.")

        self.assertContains(page, "key point “It cures pain for good.” differs.")
        self.assertEqual(self.version(), 1)
        self.assertNotContains(self.client.get("/articles/needling/"), "for good")

    def test_is_said_before_anybody_presses_the_button_and_leads_to_a_review(self):
        page = self.client.get(self.address)

        self.assertContains(page, "This cannot go out as a small correction.")
        self.assertContains(page, "key point “It cures pain for good.” differs.")
        self.assertContains(page, '<a class="button" href="#form-submit">Ask for a review</a>')
        self.assertNotContains(page, "Publish the correction")

    def test_keeps_what_was_typed_for_the_review_it_needs(self):
        page = self.correct(note="The first point said too little.")

        self.assertContains(
            page, '<textarea name="note" rows="2">The first point said too little.</textarea>'
        )
        self.client.post(
            self.address, {"act": "submit", "kind": "clinical", "note": "The first point."}
        )
        self.assertEqual(
            ReviewRequest.objects.get(article=self.article, closed_at=None).note, "The first point."
        )

    def test_is_refused_by_the_act_whoever_calls_it(self):
        with self.assertRaisesMessage(Refused, "Ask for a review"):
            publishing.correct(
                self.article,
                by=self.editor,
                at=LATER,
                change_note="x",
                seen=digest_now(self.article),
            )


def another(value):
    """Something else than `value`, of the same kind where that can be."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value + " "
    if isinstance(value, int):
        return value + 1
    if isinstance(value, list):
        return value[1:] if value else ["new"]
    return {**value, "new": 1} if isinstance(value, dict) else "new"


def places_in(value, path=()):
    """The path of every value inside `value` that holds no other."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from places_in(inner, (*path, name))
    elif isinstance(value, list) and value:
        yield path  # a row that goes
        for number, inner in enumerate(value):
            yield from places_in(inner, (*path, number))
    else:
        yield path


class EveryFrozenPart(TestCase):
    def setUp(self):
        self.content = freezing.freeze(everything())

    def changed_at(self, path):
        content = copy.deepcopy(self.content)
        *parents, last = path
        inside = content
        for name in parents:
            inside = inside[name]
        inside[last] = another(inside[last])
        return content

    def test_but_the_text_is_refused_whatever_changes_in_it(self):
        seen = set()
        for path in places_in(self.content):
            if path[0] != "body":
                seen.add(path[0])
                with self.subTest(path):
                    self.assertTrue(correcting.refusals(self.content, self.changed_at(path)))
        self.assertEqual(seen, set(self.content) - {"body"})

    def test_is_refused_when_it_comes_or_goes(self):
        for name in self.content:
            if name != "body":
                less = {key: value for key, value in self.content.items() if key != name}
                with self.subTest(name):
                    self.assertTrue(correcting.refusals(self.content, {**less, "key_points": []}))
                    self.assertTrue(correcting.refusals(less, self.content))

    def test_that_nobody_knows_yet_is_refused_by_its_name(self):
        first, *_rest = correcting.refusals(self.content, {**self.content, "price_list": ["free"]})

        self.assertIn("price list", first)

    def test_is_refused_when_its_rows_change_their_order(self):
        points = self.content["key_points"]
        self.assertTrue(
            correcting.refusals(self.content, {**self.content, "key_points": points[::-1]})
        )

    def test_that_is_as_it_was_says_nothing(self):
        self.assertEqual(correcting.refusals(self.content, copy.deepcopy(self.content)), [])


LINK = '<a href="https://example.org/a">leaflet</a>'
MARK = '<mark data-claim="c123456789">it eases sore necks</mark>'

#: (before, after): what one person may let out.
ALLOWED = [
    ("It uses a thin neddle.", "It uses a thin needle."),
    ("It uses a thin needle , and so on.", "It uses a thin needle, and so on."),
    ("The the needle is thin.", "The needle is thin."),
    ("your physio therapist", "your physiotherapist"),
    ("A needle is is thin", "A needle is thin."),
    ("It s a muslce.", "Its a muscle."),
    ("the neck muslce", "the neck muscle"),
    ("its a needle", "it's a needle"),
    ("it's a needle", "it’s a needle"),
    ("A “needle”", 'A "needle"'),
    ("a needle , thin", "a needle, thin"),
    ("A needle - thin as hair", "A needle – thin as hair"),
    ("one<br>two", "one two"),
    ("You should not stop.", "You should <strong>not</strong> stop."),
    ("STOP when it hurts", "Stop when it hurts"),
    ("Physio therapy is nice", "Physiotherapy is nice"),
    ("colour", "color"),
    ("recieve a leaflet", "receive a leaflet"),
    ("The sesion is fine. Most people like it.", "The session is fine. Most people like it."),
    ("A nice room", "The nice room"),
    ("Take 5 steps, then rset a bit: teh needle", "Take 5 steps, then rset a bit: the needle"),
    (f"Read our {LINK} adn more", f"Read our {LINK} and more"),
    (f"They say {MARK} adn more", f"They say {MARK} and more"),
    ("<p>A needle.</p><p>It is thin.</p>", "<p>A needle. It is thin.</p>"),
    ("Una ahuja fina", "Una aguja fina"),
    ("La sesion es agradable", "La sesión es agradable"),
    ("إبرة رفيعه", "إبرة رفيعة"),
    ("هذه جلسةٌ مريحة", "هذه جلسة مريحة"),
]

#: (before, after, what the refusal says).
REFUSED = [
    # Numbers.
    ("Take 2 steps", "Take 3 steps", "a number"),
    ("about 1.5 hours", "about 15 hours", "a number"),
    ("3–5 times", "35 times", "a number"),
    ("10% of people", "10 of people", "a number"),
    ("ten steps", "two steps", "a number"),
    ("once a day", "twice a day", "a number"),
    ("half of people", "a dozen people", "a number"),
    ("H<sub>2</sub>O", "H2O", "a sign"),
    ("10<sup>2</sup> people", "102 people", "a sign"),
    ("pain < 3", "pain > 3", "a sign"),
    ("dos pasos", "tres pasos", "a number"),
    ("مرتين", "ثلاث مرات", "a number"),
    ("٣ خطوات", "٤ خطوات", "a number"),
    # Whether something is so or not.
    ("You do it", "You do not it", "so or not"),
    ("You do nto stop", "You do not stop", "so or not"),
    ("You can not", "You can", "so or not"),
    ("It isn't deep", "It is deep", "so or not"),
    ("It is deep", "It isn’t deep", "so or not"),
    ("It is deep", "It ISN`T deep", "so or not"),
    ("a n<strong>o</strong>t b", "a b", "so or not"),
    ("a notable needle", "a not able needle", "so or not"),
    ("out of pain", "with out of pain", "so or not"),
    ("It has none", "It has some", "so or not"),
    ("a lovely room", "an unlovely room", "so or not"),
    ("a harmful needle", "a harmless needle", "do"),
    ("La aguja es profunda", "La aguja no es profunda", "so or not"),
    ("con aguja", "sin aguja", "so or not"),
    ("nada", "algo", "so or not"),
    ("هذا عميق", "هذا غير عميق", "so or not"),
    ("هذا مريح", "هذا ليس مريحا", "so or not"),
    ("ولا تخف", "وتخف", "so or not"),
    ("بدون إبرة", "مع إبرة", "so or not"),
    ("It is a nоt needle", "It is a needle", "look alike"),
    # Medicines.
    ("an ibuprofn", "an ibuprofen", "a medicine"),
    ("ibuprofen", "paracetamol", "a medicine"),
    ("a blood thiner", "a blood thinner", "a medicine"),
    ("an anti-inflammatory", "a leaflet", "a medicine"),
    ("celecoxib", "etoricoxib", "a medicine"),
    ("a tablet", "a pill", "a medicine"),
    ("5 of these", "5 mg of these", "a medicine"),
    ("ibu profen", "ibu leaflet", "a medicine"),
    ("toma su paracetamol", "toma su té", "a medicine"),
    ("الإيبوبروفين", "الشاي", "a medicine"),
    # How sure we are.
    ("It may be nice", "It is nice", "how sure"),
    ("It is probably nice", "It is nice", "how sure"),
    ("It is nice", "It is always nice", "how sure"),
    ("It is a low needle", "It is a high needle", "how sure"),
    ("a nice needle", "a safe needle", "how sure"),
    ("un cuarto", "puede un cuarto", "how sure"),
    ("قد يكون لطف", "يكون لطف", "how sure"),
    # What people are told to do.
    ("Stop it", "Start it", "told to do"),
    ("Your physio", "Call your physio", "told to do"),
    ("Avoid the room", "Leave the room", "told to do"),
    ("Aviod the room", "Avoid the room", "told to do"),
    ("It eases pain", "It cures pain", "told to do"),
    ("Evite la sala", "Use la sala", "told to do"),
    ("توقف", "استمر", "told to do"),
    # How much, when, where, whom.
    ("the left knee", "the right knee", ""),
    ("each knee", "each hip", "the body"),
    ("a day", "a week", "how long"),
    ("weak", "week", ""),
    # Words that are in no list: one of them never becomes another.
    ("Lie prone.", "Lie supine.", "what the text says"),
    ("Keep the knee straight.", "Keep the knee flexed.", ""),
    ("Ask your nurse.", "Ask your neighbour.", "what the text says"),
    ("It is benign.", "It is malignant.", "what the text says"),
    ("a hot pack", "a cold pack", "what the text says"),
    ("It uses a thin needle.", "It uses a thin, fine needle.", "what the text says"),
    ("A nice room", "A very nice room", "what the text says"),
    ("Beware of kneeling", "Of kneeling", "what the text says"),
    ("the cauda equina", "the cauda", "what the text says"),
    ("Dogs and cats", "Dogs or cats", "what the text says"),
    ("Boca arriba", "Boca abajo", ""),
    ("una toalla seca", "una toalla mojada", "what the text says"),
    ("pan o queso", "pan y queso", "what the text says"),
    ("منشفة جافة", "منشفة مبللة", "what the text says"),
    # Words a letter or two apart.
    ("hypotension", "hypertension", "so or not"),
    ("an asymptomatic tear", "a symptomatic tear", "so or not"),
    ("adduction", "abduction", ""),
    ("a sprain", "a strain", ""),
    ("a hop", "a hip", ""),
    ("on the mat", "in the mat", "what the text says"),
    ("Mothers may kneel", "Fathers may kneel", "what the text says"),
    ("Kneel on a pad. Kneel on a pat.", "Kneel on a pat. Kneel on a pat.", "what the text says"),
    ("a little swelling", "little swelling", "a number"),
    # Where a sentence pauses.
    ("No, pain is normal.", "No pain is normal.", "pauses"),
    ("Do not, move.", "Do not move.", "pauses"),
    ("Stop, if it hurts rest.", "Stop if it hurts, rest.", "pauses"),
    ("It is safe.", "It is safe?", "a sign"),
    ("لا، هذا مريح", "لا هذا مريح", "pauses"),
    # The order, links, claims, and how the text is built.
    ("needles are thin and rooms are nice", "rooms are thin and needles are nice", "another place"),
    ("<p>The room is nice.</p><p>I am here.</p>", "<p>I am here.</p><p>The room is nice.</p>", ""),
    (f"Our {LINK}", f"Our {LINK}".replace("org/a", "org/b"), "a link"),
    (f"Our {LINK}", "Our leaflet", "a link"),
    ("Our leaflet", f"Our {LINK}", "a link"),
    (f"They say {MARK}", "They say it eases sore necks", "a claim"),
    (f"They say {MARK}", f"They say {MARK}".replace("c123456789", "c987654321"), "a claim"),
    ("<h2>Good</h2><p>A room</p>", "<p>Good</p><p>A room</p>", "a heading"),
    ("<ul><li>a</li><li>b</li></ul>", "<ol><li>a</li><li>b</li></ol>", "a heading"),
    ("<ul><li>a b</li></ul>", "<ul><li>a</li><li>b</li></ul>", "a heading"),
    ("a room", "a \u202eroom", "a sign"),
    # More than one person sees at a glance.
    ("a b c d e f", "g h i j k l", "more than 5 words"),
    ("a", "a b c d e f g", "more than 5 words"),
    ("a b c d e f g", "a", "more than 5 words"),
    ("a", "b " * 3000, "more than 5 words"),
]  # fmt: skip


class AChangeOfTheText(SimpleTestCase):
    def refusals(self, before, after):
        before, after = (
            clean(text if text.startswith("<") else f"<p>{text}</p>") for text in (before, after)
        )
        self.assertNotEqual(before, after)
        return correcting.refusals({"body": before}, {"body": after})

    def test_that_is_harmless_may_go_out(self):
        for before, after in ALLOWED:
            with self.subTest(before=before, after=after):
                self.assertEqual(self.refusals(before, after), [])

    def test_that_may_mean_something_needs_a_review(self):
        for before, after, says in REFUSED:
            with self.subTest(before=before, after=after):
                sentences = self.refusals(before, after)
                self.assertTrue(sentences)
                self.assertIn(says, " ".join(sentences))
                self.assertIn("Ask for a review", sentences[-1])

    def test_is_refused_the_other_way_round_as_well(self):
        for before, after, _says in REFUSED:
            with self.subTest(before=after, after=before):
                self.assertTrue(self.refusals(after, before))

    def test_is_told_by_the_words_around_it(self):
        sentence, _ask = self.refusals(
            "We think that people who stop it rest well.",
            "We think that people who go it rest well.",
        )

        self.assertIn(
            "“people who stop it rest” is now “people who go it rest”, and “stop” changes", sentence
        )

    def test_hidden_behind_a_harmless_one_is_refused(self):
        self.assertTrue(self.refusals("A neddle is not thin, teh end", "A needle is thin, the end"))

    def test_at_both_ends_of_a_long_text_is_found(self):
        middle = "It uses a thin needle and a nice room. " * 2000
        self.assertEqual(
            self.refusals(f"Teh start. {middle} The lefalet.", f"The start. {middle} The leaflet."),
            [],
        )
        self.assertTrue(self.refusals(f"Teh start. {middle} Stop.", f"The start. {middle} Go."))


class TheWeightyWords(SimpleTestCase):
    def test_are_each_of_a_kind_as_they_stand_in_any_case_and_with_their_accents(self):
        for kind, (_called, languages) in weighty_words.KINDS.items():
            self.assertEqual(set(languages), {"en", "es", "ar"})
            for words in languages.values():
                for word in words.split():
                    with self.subTest(kind=kind, word=word):
                        self.assertTrue(weighty_words.kind_of_word(word.rstrip("*").upper()))

    def test_are_not_those_that_every_sentence_has(self):
        for word in (
            "the and of is it needle treatment physio leaflet session thin small people room usu"
            " body el la de para que una aguja sesión cuerpo في على إلى من الجلسة الإبر هذا كما"
        ).split():
            with self.subTest(word):
                self.assertEqual(weighty_words.kind_of_word(word), "")
