"""Control characters: in no text field of ours, whatever path a text came by."""

from django.apps import apps
from django.db import connection, models
from django.db.models.sql import InsertQuery, UpdateQuery
from django.test import SimpleTestCase, TestCase
from django.urls import reverse

from articles.drafts import edits
from articles.models import Article, Claim, Condition, KeyPoint, Person, Revision
from articles.review import reviewing
from articles.richtext import cleaning
from physiohub.control_characters import without_control_characters
from references.models import Reference
from tests.builders import NOON, a_clinician, a_draft, a_reference, mark
from tests.forms import add_row, filled_in

#: One of each kind: Word's broken line, a page break, others, NUL, DEL, C1, no characters, half a
#: surrogate pair.
TYPED = "one\x0btwo\x0cthree\x00\x01\x1f\x7f\x80\x9f\ufffe\uffff\ud800 four\tfive"
ON_ONE_LINE = "one two three four\tfive"
ON_MANY = "one\ntwo\nthree four\tfive"
#: Kept letter for letter, because its digest is kept beside it; it is made of fields that hold
#: none.
VERBATIM = {(Revision, "frozen")}


def text_fields():
    """(model, field) of every field of ours that holds text."""
    for label in ("articles", "references"):
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            for field in model._meta.concrete_fields:
                is_text = isinstance(field, (models.CharField, models.TextField, models.JSONField))
                if is_text and (model, field.name) not in VERBATIM:
                    yield model, field


def with_control_characters(model):
    """(object, {field name: text as it is to be kept}); every text field of the object
    holds TYPED.
    """
    kept, made = {}, model()
    for other, field in text_fields():
        if other is model and field.model is model:
            is_json, is_html = isinstance(field, models.JSONField), field.name == "body"
            setattr(made, field.attname, [{"a\x0bb": TYPED}] if is_json else TYPED)
            if is_json:
                kept[field.name] = [{"a b": ON_ONE_LINE}]
            elif is_html:
                kept[field.name] = "one two three four five"
            else:
                kept[field.name] = ON_MANY if isinstance(field, models.TextField) else ON_ONE_LINE
    return made, kept


def strings_in(value):
    """Every string in what a database would be given."""
    value = getattr(value, "obj", getattr(value, "adapted", value))
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from strings_in(inner)
    elif isinstance(value, dict):
        yield from strings_in([*value, *value.values()])


class ATextField(SimpleTestCase):
    databases = {"default"}  # is asked for its SQL, and for nothing else

    def setUp(self):
        self.models = {model for model, _field in text_fields()}
        self.assertGreater(len(self.models), 40)
        self.assertGreater(len(list(text_fields())), 220)

    def assert_clean(self, params):
        for text in strings_in(params):
            self.assertNotRegex(
                text, "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
            )
            self.assertNotRegex(text, r"\\u(?:00[01]|d8|fff[ef])")  # as JSON writes them

    def test_gives_none_to_the_database_in_save_and_bulk_create(self):
        for model in self.models:
            with self.subTest(model.__name__):
                made, kept = with_control_characters(model)
                query = InsertQuery(model)
                query.insert_values(model._meta.local_concrete_fields, [made])
                ((_sql, params),) = query.get_compiler(connection=connection).as_sql()

                self.assert_clean(params)
                # And the object holds what was saved.
                self.assertEqual({name: getattr(made, name) for name in kept}, kept)

    def test_gives_none_to_the_database_in_update(self):
        for model, field in text_fields():
            with self.subTest(f"{model.__name__}.{field.name}"):
                made, _kept = with_control_characters(field.model)
                query = UpdateQuery(field.model)
                query.add_update_values({field.name: getattr(made, field.attname)})
                _sql, params = query.get_compiler(connection=connection).as_sql()

                self.assertTrue(params)
                self.assert_clean(params)

    def test_gives_none_to_the_database_when_something_is_looked_for(self):
        for lookup, value in (("exact", TYPED), ("in", [TYPED]), ("gt", TYPED)):
            _sql, params = Condition.objects.filter(
                **{f"name__{lookup}": value}
            ).query.sql_with_params()
            self.assert_clean(params)

    def test_takes_them_out_of_what_a_form_hands_it(self):
        for model, field in text_fields():
            if (
                type(field).clean is models.Field.clean
                and not field.choices
                and not isinstance(field, models.JSONField)
            ):
                self.assertNotIn("\x0b", field.to_python(TYPED), f"{model.__name__}.{field.name}")

    def test_is_one_of_djangos_own_to_migrations(self):
        for model, field in text_fields():
            _name, path, _args, _kwargs = field.deconstruct()
            self.assertTrue(
                path.startswith("django.db.models."), f"{model.__name__}.{field.name}: {path}"
            )


class ControlCharacters(SimpleTestCase):
    def test_leave_a_blank_or_a_line_end_where_they_parted_words(self):
        self.assertEqual(without_control_characters(TYPED), ON_ONE_LINE)
        self.assertEqual(without_control_characters(TYPED, line_break="\n"), ON_MANY)

    def test_are_all_that_is_taken_out(self):
        ordinary = "Zwei\r\nZeilen\t– é أَلَم 𝒳 \xa0\xad\u200b\u2028\ufeff\ufffd"

        self.assertEqual(without_control_characters(ordinary), ordinary)
        self.assertEqual(
            without_control_characters({"a": [1, None, True, ordinary]}),
            {"a": [1, None, True, ordinary]},
        )

    def test_are_taken_out_of_a_body_however_they_are_written(self):
        for written in ("a\x0bb", "a&#11;b", "a&#x0C;b", "a\x85b"):
            with self.subTest(ascii(written)):
                self.assertEqual(cleaning.clean(f"<p>{written}</p>"), "<p>a b</p>")
        for written in ("a\x01b", "a&#1;b", "a&#x7f;b", "a&#xFFFE;b", "a\ud800b"):
            with self.subTest(ascii(written)):
                self.assertEqual(cleaning.clean(f"<p>{written}</p>"), "<p>ab</p>")


class RowsOfTheLibraryAndOfArticles(TestCase):
    def test_are_kept_without_them_by_every_way_to_write(self):
        reference = a_reference(csl={"type": "book", "title": TYPED, "abstract": TYPED}, raw=TYPED)
        self.assertEqual(reference.csl["title"], ON_ONE_LINE)
        reference.refresh_from_db()
        self.assertEqual(
            (" ".join(reference.title.split()), reference.raw), ("one two three four five", ON_MANY)
        )

        Reference.objects.bulk_create([Reference(csl={"title": "A"}, title=TYPED, raw="1")])
        self.assertEqual(Reference.objects.get(raw="1").title, ON_MANY)

        article = a_draft()
        claim = mark(article, "some people")
        claim.text = TYPED
        Claim.objects.bulk_update([claim], ["text"])
        Article.objects.filter(pk=article.pk).update(title=TYPED, other_names=[TYPED])
        article.refresh_from_db()
        claim.refresh_from_db()
        self.assertEqual((article.title, article.other_names), (ON_ONE_LINE, [ON_ONE_LINE]))
        self.assertEqual(claim.text, ON_MANY)

    def test_are_found_again_by_what_was_typed(self):
        first, is_new = Person.objects.get_or_create(name=TYPED)
        self.assertTrue(is_new)
        self.assertEqual(Person.objects.get_or_create(name=TYPED), (first, False))

    def test_say_in_the_log_and_to_people_what_was_typed_without_them(self):
        article = a_draft()
        entry = edits.record_edit(article, by=article.owner, at=NOON, summary=TYPED)
        request = reviewing.submit(article, by=article.owner, at=NOON, note=TYPED)

        for row in (entry, request):
            row.refresh_from_db()
        self.assertEqual(
            (entry.summary, without_control_characters(request.note)), (ON_MANY, request.note)
        )


class AFormOfTheAdmin(TestCase):
    #: Half a surrogate pair and NUL no browser sends; of NUL Django's own forms say so.
    PASTED = "one\x0btwo\x0cthree\x01\x1f\x7f\x80\x9f\ufffe\uffff four"
    KEPT = "one two three four"
    NAMES = ["one", "two", "three four"]  # a list, in which a new line is a new name

    def setUp(self):
        self.author = a_clinician()
        self.client.force_login(self.author)

    def test_keeps_an_article_without_them(self):
        article = a_draft(by=self.author)
        address = reverse("admin:articles_article_change", args=[article.pk])
        names = (
            "title",
            "kicker",
            "summary",
            "compared_with",
            "funding",
            "conflicts",
            "other_names",
        )
        data = filled_in(
            self.client.get(address),
            **dict.fromkeys(names, self.PASTED),
            body=f"<p>{self.PASTED}</p>",
        )
        data = add_row(data, "keypoint_rows", text=self.PASTED, kind="point", position=9)

        answer = self.client.post(address, data)

        self.assertEqual(
            answer.status_code, 302, getattr(answer, "context", None) and answer.context["errors"]
        )
        article.refresh_from_db()
        said = [getattr(article, name) for name in names]
        self.assertEqual(said, [*[self.KEPT] * 6, self.NAMES])
        self.assertEqual(article.body, f"<p>{self.KEPT}</p>")
        self.assertTrue(KeyPoint.objects.filter(article=article, text=self.KEPT).exists())

    def test_keeps_a_word_of_the_vocabulary_without_them(self):
        answer = self.client.post(
            reverse("admin:articles_condition_add"),
            {
                "language": "en",
                "name": self.PASTED,
                "slug": "one",
                "summary": self.PASTED,
                "clinical_name": "",
                "other_names": self.PASTED,
            },
        )

        self.assertEqual(
            answer.status_code, 302, getattr(answer, "context", None) and answer.context["errors"]
        )
        condition = Condition.objects.get(slug="one")
        self.assertEqual(
            (condition.name, condition.summary, condition.other_names),
            (self.KEPT, self.KEPT, self.NAMES),
        )
