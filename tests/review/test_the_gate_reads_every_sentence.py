"""No sentence that a reader gets is surer than its evidence, wherever it stands."""

from django.test import SimpleTestCase, TestCase
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from articles import preflight
from articles.drafts import edits
from articles.models import Article, KeyPoint, PendingImport, Publication, SignedException
from articles.preflight.carried_texts import carried_texts, place_of_block
from articles.preflight.overclaims import first_overclaim, promises
from articles.publishing import publishing
from articles.refusals import Refused
from articles.review import exceptions, reviewing
from articles.revisions import contents, freezing
from articles.richtext.cleaning import clean, plain_text
from articles.richtext.markers import claims_in, text_and_spans
from tests.builders import (
    LATER,
    NOON,
    a_clinician,
    a_draft,
    a_full_article,
    a_picture,
    a_reference,
    a_superuser,
    an_editor,
    link,
    mark,
    published,
    set_claim,
    with_condition,
    with_picture,
    with_side_effect,
)
from tests.forms import add_row, filled_in, findings_in
from tests.frozen import digest_now
from tests.labelled_sentences import LISTS, sentences_in
from tests.shared_data import shared

_MARK = '<mark data-claim="c123456789">'
PIECES = [
    *"<p> </p> <strong> </strong> <ul><li> </li></ul> &amp; <br> <h2> </h2> you".split(),
    *(" ", "\n", "\u00a0", "It helps", _MARK, "</mark>"),
]
CLAIMS = "claims_promise_no_more_than_their_evidence"
SUMMARY = "summary_promises_no_more_than_the_claims"
UNMARKED = "effects_are_claims"
MEDICINES = "instructions_on_medicines_are_signed"


def stopped_by(article):
    """{code: message} of what stops `article` because of its words."""
    return {
        message.code: message
        for message in preflight.blockers(article)
        if message.code in {CLAIMS, SUMMARY, UNMARKED, MEDICINES}
    }


class ASentenceWithAKnownLabel(SimpleTestCase):
    def assert_read_right(self, path):
        wrong = [one for one in sentences_in(path) if not one.is_read_right]

        self.assertFalse([(one.text, one.certainty, one.found) for one in wrong])

    def test_is_read_right_in_english(self):
        self.assert_read_right(LISTS / "english.txt")

    def test_is_read_right_in_spanish(self):
        self.assert_read_right(LISTS / "spanish.txt")

    def test_is_read_right_in_arabic(self):
        self.assert_read_right(LISTS / "arabic.txt")

    def test_is_read_right_as_leaflets_have_it(self):
        for path in sorted(LISTS.glob("*_sample_*.txt")):
            with self.subTest(path.name):
                self.assert_read_right(path)

    def test_promises_nothing_where_it_warns_of_a_promise(self):
        for language, sentence, found in (
            ("en", "Beware of miracle cures.", []),
            ("en", "Be wary of adverts that say it is safe and has no side effects.", []),
            ("en", "Steer clear of treatments that promise fast relief.", []),
            ("en", "Be careful, it cures pain.", ["cures"]),
            ("en", "Be careful with heat, but massage is safe.", ["safe"]),
            ("en", "Be careful with heat, it cures pain.", ["cures"]),
            ("es", "Tenga cuidado con las curas milagrosas.", []),
            ("es", "Tenga cuidado con el calor, es un milagro.", ["milagro"]),
            ("ar", "احذر من العلاجات المعجزة.", []),
        ):
            with self.subTest(sentence):
                self.assertEqual([one.words for one in promises(sentence, language)], found)

    def test_promises_what_it_foretells_unless_a_time_makes_it_the_course_of_things(self):
        for language, sentence, promised in (
            ("en", "Your pain will go away.", True),
            ("en", "Your pain will ease over the next few days.", False),
            ("en", "Your wound will heal.", False),
            ("en", "Your bruise will fade.", False),
            ("es", "Su herida se curará.", False),
            ("en", "Do these daily and your pain will ease.", True),
            ("en", "Start gently and the soreness will go within two days.", False),
            ("en", "You will sleep better.", True),
            ("en", "You will walk better each day.", False),
            ("es", "Su dolor desaparecerá.", True),
            ("es", "El dolor desaparecerá en unos días.", False),
            ("es", "Cada día dolerá menos.", False),
            ("ar", "سيختفي الألم.", True),
            ("ar", "سيقل التورم تدريجيا.", False),
        ):
            with self.subTest(sentence):
                self.assertEqual(bool(list(promises(sentence, language))), promised)

    def test_of_the_shared_sample_is_read_right(self):
        self.assert_read_right(shared("data", "wording", "sentences.json"))

    def test_that_promises_nothing_stops_no_page(self):
        for path in sorted(LISTS.glob("*.txt")):
            with self.subTest(path.name):
                stopped = [
                    (one.text, one.certainty, one.found)
                    for one in sentences_in(path)
                    if not one.is_too_strong and one.found
                ]
                self.assertFalse(stopped)

    def test_is_almost_always_read_right_as_others_write(self):
        for language in ("english", "spanish", "arabic"):
            with self.subTest(language):
                paths = [
                    *LISTS.glob(f"{language}_written_by_others.txt"),
                    *LISTS.glob(f"{language}_leaflets.txt"),
                    *LISTS.glob(f"{language}_drafts.txt"),
                    *LISTS.glob(f"{language}_pages.txt"),
                ]
                sentences = [one for path in paths for one in sentences_in(path)]
                missed = [one for one in sentences if one.is_too_strong and not one.found]

                self.assertGreater(len(sentences), 90)
                self.assertLessEqual(len(missed), len(sentences) * 4 / 100)

    def test_promises_in_the_answer_to_a_question(self):
        for question, answer, found in (
            ("Does heat help?", "Yes.", "help"),
            ("Is it safe?", "Absolutely.", "safe"),
            ("Safe?", "Yes.", "Safe"),
            ("Are there any risks?", "None.", "Are there any risks"),
            ("Does heat help?", "Yes, for some people.", None),
            ("Does heat help?", "It may.", None),
            ("Does heat help?", "No.", None),
            ("Are there any risks?", "Yes.", None),
            ("Are there any risks?", "No treatment is without them.", None),
        ):
            with self.subTest(f"{question} {answer}"):
                words = [one.words for one in promises(f"{question} {answer}")]
                self.assertEqual(words, [found] if found else [])

    def test_promises_for_a_helper_whatever_left_its_verb_out(self):
        for sentence, found in (
            ("Ice will not ease the pain, but heat will.", ["will"]),
            ("If tablets do not ease the pain, massage does.", ["does"]),
            ("Ice will not ease the pain, but heat might.", ["might"]),
            ("Ice does not ease the pain, and heat does not.", []),
            ("If you want to ease the pain, your doctor will.", []),
            ("You can climb the stairs if you will.", []),
        ):
            with self.subTest(sentence):
                self.assertEqual([one.words for one in promises(sentence)], found)


class TheGrammar(SimpleTestCase):
    @example("İ  Menos dolor en dos semanas. ", "es")
    @given(st.text(max_size=200), st.sampled_from(["en", "es", "ar", "fr"]))
    def test_reads_any_text_and_quotes_it_to_the_letter(self, text, language):
        for promise in promises(text, language):
            self.assertEqual(text[promise.start : promise.end], promise.words)

    @given(
        st.lists(
            st.sampled_from(
                "it may not exercise reduces pain that if to , and but never no best safe cures"
                " helps you than better with is are . proven have been the works only does will"
                " ? Yes, None. can less more benefits : goodbye say free of".split()
            ),
            max_size=25,
        )
    )
    def test_reads_any_order_of_its_own_words(self, words):
        text = " ".join(words)
        for promise in promises(text):
            self.assertEqual(text[promise.start : promise.end], promise.words)

    def test_reads_a_sentence_without_an_end(self):
        for words in (
            "it may ",
            "and , ",
            "that ",
            "if you ",
            "not to be ",
            "reduce and ",
            "a",
            "and see it help ",
        ):
            with self.subTest(words):
                found = list(promises(words * 5_000 + " it cures pain. It works."))
                self.assertEqual(found[-1].words, "works")

    def test_allows_a_surer_certainty_whatever_it_allows_a_less_sure_one(self):
        order = ["none", "very-low", "low", "moderate", "high"]
        for one in sentences_in(LISTS / "english.txt"):
            stopped = [bool(first_overclaim(one.text, level)) for level in order]
            self.assertEqual(stopped, sorted(stopped, reverse=True), one.text)


class TheWordsOfABody(SimpleTestCase):
    @given(st.lists(st.sampled_from(PIECES), max_size=30))
    @example(["you", _MARK, "you", _MARK, "<br>", "</mark>", "you", "</mark>"])
    def test_are_those_of_its_plain_text_and_its_claims(self, pieces):
        html = clean("".join(pieces))
        text, spans = text_and_spans(html)

        self.assertEqual(text, plain_text(html))
        marked = "".join("".join(text[one.start : one.end].split()) for one in spans)
        self.assertEqual(marked, "".join("".join(one.text.split()) for one in claims_in(html)))


class EveryText(TestCase):
    def test_that_readers_get_of_a_full_article_is_read(self):
        content = freezing.freeze(a_full_article())
        read = {text.text for text in carried_texts(content)}

        for value in contents.VALUES:
            if value.is_explained and value.name != "body" and content[value.name]:
                self.assertIn(content[value.name], read)
        for rows in contents.OWN_ROWS:
            for row in rows.in_content(content):
                for value in rows.values:
                    if value.is_explained and row[value.name]:
                        said = row[value.name]
                        self.assertIn(said["name"] if isinstance(said, dict) else said, read)
        labels = [risk["label"] for row in content["findings"] for risk in row["starting_risks"]]
        self.assertTrue(labels)
        self.assertLessEqual(set(labels), read)
        for picture in content["pictures"]:
            self.assertIn(picture["picture"]["alt"], read)

    def test_has_a_place_that_fits_a_signature(self):
        longest = SignedException._meta.get_field("place").max_length

        self.assertLessEqual(len(place_of_block("text:" + "+".join(["c123456789"] * 20))), longest)
        self.assertEqual(place_of_block("text:1"), "text:1")


class TheForm(TestCase):
    """What a clinician types, through the admin's own address."""

    def setUp(self):
        self.author = a_clinician()
        self.article = a_draft(by=self.author)
        self.client.force_login(self.author)
        self.address = reverse("admin:articles_article_change", args=[self.article.pk])

    def save(self, rows=None, **fields):
        data = filled_in(self.client.get(self.address), **fields)
        for prefix, values in (rows or {}).items():
            data = add_row(data, prefix, **values)
        answer = self.client.post(self.address, data)
        self.assertEqual(answer.status_code, 302, getattr(answer, "context", None))
        self.article = Article.objects.get(pk=self.article.pk)

    def test_is_stopped_by_a_key_point_surer_than_its_claims(self):
        self.save(
            rows={"keypoint_rows": {"text": "It cures pain.", "kind": "point", "position": 9}}
        )

        self.assertIn("“cures” in “It cures pain.”", stopped_by(self.article)[SUMMARY].message)

    def test_is_stopped_by_a_summary_and_a_title_that_promise(self):
        self.save(summary="This treatment works.", title="A miracle cure for pain")

        places = {m.place for m in preflight.blockers(self.article) if m.code == SUMMARY}
        self.assertEqual(places, {"title", "summary"})

    def test_is_stopped_by_an_effect_nobody_marked(self):
        self.save(body="<p>It uses a needle.</p><p>Needling reduces pain. It can be sore.</p>")

        message = stopped_by(self.article)[UNMARKED]
        self.assertIn("“reduces” in “Needling reduces pain.”", message.message)
        self.assertEqual(message.place, "text:2")

    def test_is_stopped_by_steps_options_help_and_questions_that_promise(self):
        for prefix, kind in (("step_rows", {"kind": "during"}), ("alternative_rows", {})):
            with self.subTest(prefix):
                self.save(rows={prefix: {"text": "Massage relieves pain.", "position": 9, **kind}})
                self.assertIn(UNMARKED, stopped_by(self.article))
                getattr(self.article, prefix).filter(text="Massage relieves pain.").delete()

    def test_is_stopped_by_a_caption_that_promises(self):
        picture = a_picture(by=self.author)
        caption = "This stretch cures heel pain."
        self.save(
            rows={"articlepicture_rows": {"picture": picture.pk, "caption": caption, "position": 0}}
        )

        message = stopped_by(self.article)[UNMARKED]
        self.assertIn(f"“cures” in “{caption}”", message.message)
        self.assertEqual(message.place, str(self.article.articlepicture_rows.get().uid))

    def test_is_not_stopped_by_advice_doubt_or_the_natural_course(self):
        point = {"text": "Ask if it is safe for you.", "kind": "point", "position": 9}
        self.save(
            summary="It does not cure the cause.",
            body="<p>Stop if it hurts. Most back pain settles. We do not know if it helps.</p>",
            rows={"keypoint_rows": point},
        )

        self.assertFalse(stopped_by(self.article))

    def test_leads_to_the_field_to_mend(self):
        self.save(summary="This treatment works.")
        self.client.force_login(a_superuser())

        page = self.client.get(reverse("admin:articles_article_review", args=[self.article.pk]))

        self.assertContains(page, f'href="{self.address}#id_summary"')

    def test_is_told_in_the_panel_before_it_is_saved(self):
        address = reverse("admin:articles_article_standing", args=[self.article.pk])
        data = filled_in(self.client.get(self.address), summary="It is guaranteed to work.")

        found = findings_in(self.client.post(address, data).json())

        self.assertIn(SUMMARY, {finding["code"] for finding in found if finding["is_blocker"]})


class AClaim(TestCase):
    def setUp(self):
        self.article = a_draft(body="<p>We know that exercise reduces pain. It takes time.</p>")

    def claim(self, phrase, **fields):
        claim = mark(self.article, phrase, **fields)
        link(claim, a_reference(), by=self.article.owner)
        return claim

    def test_is_read_in_its_sentence(self):
        self.claim("exercise reduces pain", certainty="low")

        self.assertIn("“reduces”", stopped_by(self.article)[CLAIMS].message)

    def test_is_excused_by_the_words_around_it(self):
        self.article.body = "<p>We do not know if exercise reduces pain.</p>"
        self.article.save()
        self.claim("exercise reduces pain", certainty="very-low")

        self.assertFalse(stopped_by(self.article))

    def test_carries_its_own_words_and_not_its_neighbours(self):
        self.article.body = "<p>Exercise reduces pain. It cures stiffness.</p>"
        self.article.save()
        set_claim(self.claim("Exercise reduces pain."), certainty="high")

        found = stopped_by(self.article)
        self.assertNotIn(CLAIMS, found)
        self.assertIn("“cures”", found[UNMARKED].message)

    def test_may_count_who_got_better_once_a_study_supports_it(self):
        self.article.body = "<p>Nine in 10 people get better.</p>"
        self.article.save()
        claim = mark(self.article, "Nine in 10 people get better.", certainty="moderate")
        self.assertIn("Link the study that counted", stopped_by(self.article)[CLAIMS].message)

        link(claim, a_reference(), by=self.article.owner)
        self.assertFalse(stopped_by(self.article))

    def test_lets_a_key_point_repeat_its_count_and_no_other(self):
        self.article.body = "<p>Nine in 10 people get better.</p>"
        self.article.save()
        claim = mark(self.article, "Nine in 10 people get better.", certainty="moderate")
        link(claim, a_reference(), by=self.article.owner)
        point = KeyPoint.objects.filter(article=self.article).first()
        point.text = "Nine in 10 people get better with it."
        point.save()
        self.assertFalse(stopped_by(self.article))

        point.text = "Eight in 10 people get better with it."
        point.save()
        self.assertIn("Link the study that counted", stopped_by(self.article)[SUMMARY].message)

    def test_rated_very_low_lets_no_summary_say_may(self):
        self.claim("exercise reduces pain", certainty="not-rated")
        mark(self.article, "It takes time.", certainty="very-low")
        self.article.summary = "Exercise may ease pain."
        self.article.save()

        self.assertIn("(very low)", stopped_by(self.article)[SUMMARY].message)

    def test_of_a_row_is_read_with_its_note(self):
        row = with_condition(self.article, certainty="low")
        row.note = "It works for most people."
        row.save()
        effect = with_side_effect(self.article, note="It is completely safe.")

        places = {m.place for m in preflight.blockers(self.article) if m.code == CLAIMS}
        self.assertEqual(places, {str(row.uid), str(effect.uid)})

    def test_at_moderate_said_plainly_is_a_hint(self):
        set_claim(self.claim("exercise reduces pain"), certainty="moderate")

        hints = {m.code: m for m in preflight.check(self.article) if not m.is_blocker}
        self.assertIn("Say “probably”", hints["plain_words_are_kept_for_high_certainty"].message)


class ACaption(TestCase):
    def test_is_read(self):
        article = a_draft()
        row = with_picture(article, caption="This stretch cures heel pain.")

        self.assertEqual(stopped_by(article)[UNMARKED].place, str(row.uid))


class ACorrection(TestCase):
    def test_makes_nothing_surer(self):
        publication = published(a_draft(body="<p>It uses a thin neddle. It is new.</p>"))
        article = Article.objects.get(pk=publication.article_id)
        article.body = "<p>It uses a thin needle. It is new and it cures pain.</p>"
        article.save()
        edits.record_edit(article, by=article.owner, at=LATER)
        editor = an_editor()
        self.client.force_login(editor)

        self.client.post(
            reverse("admin:articles_article_review", args=[article.pk]),
            {"act": "correct", "digest": digest_now(article), "note": "A letter was wrong."},
        )

        self.assertEqual(Publication.objects.live_of(article).number, 1)
        with self.assertRaises(Refused):
            publishing.correct(
                article, by=editor, at=LATER, change_note="x", seen=digest_now(article)
            )


class AnImport(TestCase):
    def test_is_read_as_what_is_typed(self):
        clinician = a_clinician()
        self.client.force_login(clinician)
        text = (
            "# Warm packs\n\nA pack you warm up.\n\n## What we know\n"
            "Warm packs cure back pain. Take ibuprofen before it.\n"
        )
        self.client.post("/admin/articles/article/import/", {"text": text, "kind": ""})
        pending = PendingImport.objects.get(by=clinician)

        self.client.post(f"/admin/articles/article/import/{pending.pk}/", {"act": "make"})

        found = stopped_by(Article.objects.get(title="Warm packs"))
        self.assertIn("“cure”", found[UNMARKED].message)
        self.assertIn("Take ibuprofen", found[MEDICINES].message)


class AnInstructionOnMedicines(TestCase):
    def setUp(self):
        self.article = a_draft()
        point = KeyPoint.objects.filter(article=self.article).first()
        point.text = "Stop taking your blood thinners."
        point.save()

    def sign(self, by):
        message = stopped_by(self.article)[MEDICINES]
        return exceptions.sign(
            self.article,
            code=message.code,
            place=message.place,
            by=by,
            at=NOON,
            reason="It is our local rule.",
        )

    def test_is_stopped_until_an_editor_signs(self):
        with self.assertRaisesMessage(Refused, "Only an editor may sign"):
            self.sign(self.article.owner)
        self.assertIn(MEDICINES, stopped_by(self.article))

        self.sign(an_editor())
        self.assertNotIn(MEDICINES, stopped_by(self.article))

    def test_offers_its_signature_to_editors_alone(self):
        address = reverse("admin:articles_article_review", args=[self.article.pk])
        form = f'<input type="hidden" name="code" value="{MEDICINES}">'

        self.client.force_login(self.article.owner)
        self.assertNotContains(self.client.get(address), form)
        self.client.force_login(an_editor())
        self.assertContains(self.client.get(address), form)

    def test_may_send_the_reader_to_somebody_who_knows(self):
        for sentence in (
            "Ask your doctor before you stop taking your blood thinners.",
            "Do not stop your tablets without asking your doctor.",
            "Tell us if you take blood thinners.",
            "Bring a list of your medicines.",
            "Take three steps. Stop if it hurts.",
            "You should not have it if you take blood thinners.",
            "a plan to change your medicines",
            "use of blood thinners",
        ):
            with self.subTest(sentence):
                KeyPoint.objects.filter(article=self.article, position=0).update(text=sentence)
                self.assertFalse(stopped_by(self.article))

    def test_is_one_about_what_somebody_has_too(self):
        for sentence in (
            "Take two ibuprofen before you train.",
            "You can take paracetamol twice a day.",
            "You have to stop your tablets.",
            "If it tingles at night, you have carpal tunnel syndrome.",
            "You do not need a scan.",
            "Ignore your diagnosis.",
        ):
            with self.subTest(sentence):
                KeyPoint.objects.filter(article=self.article, position=0).update(text=sentence)
                self.assertIn(MEDICINES, stopped_by(self.article))

    def test_is_found_in_spanish_and_arabic(self):
        for language, sentence in (
            ("es", "Deje de tomar los anticoagulantes."),
            ("ar", "توقف عن تناول أدوية السيولة."),
        ):
            with self.subTest(language):
                Article.objects.filter(pk=self.article.pk).update(language=language)
                KeyPoint.objects.filter(article=self.article, position=0).update(text=sentence)
                article = Article.objects.get(pk=self.article.pk)
                self.assertIn(MEDICINES, stopped_by(article))


class ASignature(TestCase):
    def setUp(self):
        self.article = a_draft(
            body="<p>Needling reduces pain.</p><p>It takes an hour.</p>", summary="It works."
        )

    def sign_all(self):
        for message in list(preflight.blockers(self.article)):
            if message.may_be_signed:
                exceptions.sign(
                    self.article,
                    code=message.code,
                    place=message.place,
                    by=self.article.owner,
                    at=NOON,
                    reason="It is a quote.",
                )

    def test_holds_while_something_else_changes(self):
        self.sign_all()
        self.article.body = self.article.body.replace("an hour", "two hours")
        self.article.save()

        self.assertFalse(stopped_by(self.article))

    def test_is_void_once_its_own_words_change(self):
        self.sign_all()
        self.article.body = self.article.body.replace("reduces pain", "reduces pain and swelling")
        self.article.summary = "It works wonders."
        self.article.save()

        self.assertEqual(set(stopped_by(self.article)), {UNMARKED, SUMMARY})

    def test_lets_the_page_be_approved_and_keeps_who_signed(self):
        self.sign_all()
        editor = an_editor()
        for claim in self.article.claims.all():
            for citation in claim.citations.all():
                reviewing.check_evidence(citation, by=editor, at=NOON)
        self.assertFalse(preflight.blockers(self.article))
