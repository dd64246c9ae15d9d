"""The headings of public leaflets lead their lists to the rows they belong to."""

from django.test import SimpleTestCase

from articles.imports import read_article
from articles.imports.known_headings import role_named_in
from tests.shared_data import shared

HEADINGS = {
    "now": (
        "Call 999 or go to A&E if",
        "Get help now",
        "Get medical help immediately if",
        "Immediate action required: Call 999 if:",
        "Go to hospital if",
        "See a doctor straight away if",
        "Llame al 112 si",
        "Vaya a urgencias si",
        "Busque ayuda ahora",
        "اتصل بالإسعاف إذا",
        "اذهب إلى الطوارئ إذا",
    ),
    "today": (
        "Urgent advice: Ask for an urgent GP appointment if:",
        "Call 111 if",
        "When to get help",
        "When to seek medical help",
        "Red flags",
        "Get help as soon as possible if",
        "Cuándo pedir ayuda",
        "Pida una cita urgente si",
        "متى تطلب المساعدة",
    ),
    "routine": (
        "See a GP if",
        "See a doctor if:",
        "Advice: See a doctor if:",
        "Non-urgent advice: See a GP if:",
        "Speak to your pharmacist if",
        "When to see your physiotherapist",
        "Consulte a su médico si",
        "Acuda al fisioterapeuta si",
        "راجع الطبيب إذا",
    ),
    "stop": (
        "Who should not",
        "Who should not lift weights",
        "Who can’t have it",
        "Do not have it if",
        "Do not do these exercises if",
        "Don’t use a heat pack if you have",
        "When not to use heat",
        "Not suitable for",
        "Quién no debe hacerlo",
        "No lo use si",
        "Contraindicaciones",
        "من لا ينبغي له ذلك",
        "لا تستخدم الكمادة إذا",
    ),
    "side_effects": (
        "Side effects",
        "Possible side-effects",
        "What are the risks?",
        "Risks and complications",
        "Efectos secundarios",
        "الآثار الجانبية",
    ),
    "during": (
        "What to expect",
        "What you can expect",
        "Qué esperar",
        "¿Qué esperar?",
        "ماذا تتوقع",
    ),
    "indications": ("Who can have it", "Who is it for?", "Quién puede hacerlo", "من يمكنه ذلك"),
    "ask_first": ("Tell your physio first if", "Speak to your doctor first if you have"),
    "before": ("Before your appointment", "Antes de la sesión", "قبل الجلسة"),
    "after": ("After the session", "Después de la sesión", "بعد الجلسة"),
    "key_points": ("Key facts", "Puntos clave", "النقاط الرئيسية"),
    "alternatives": ("Other treatments", "Otros tratamientos", "علاجات أخرى"),
}
#: What sounds like one of these and is something else.
NOTHING = (
    "Do not worry if",
    "Do not stop the exercises if",
    "Risk factors",
    "What helps",
    "Who gets it?",
    "How long it takes",
    "Emergency contact",
    "What causes it",
    "Qué es",
    "Cómo funciona",
    "ما هو",
    "متى يتحسن",
)


class TheHeadingOfALeaflet(SimpleTestCase):
    def test_leads_its_list_to_its_rows(self):
        for role, headings in HEADINGS.items():
            for heading in headings:
                with self.subTest(heading):
                    read = read_article(
                        f"# Heat\n\n## {heading}\n\n- One thing.\n".encode(), "a.md"
                    )
                    self.assertEqual(read.line_uses[-1].role, role)
                    self.assertEqual(read.line_uses[-2].role, "rows_heading")

    def test_that_says_something_else_leaves_its_list_in_the_text(self):
        for heading in NOTHING:
            with self.subTest(heading):
                self.assertIsNone(role_named_in(heading))

    def test_counts_where_the_lead_in_says_nothing(self):
        for lead_in, role in (
            ("You have:", "stop"),
            ("People with:", "stop"),
            ("To lower the risk:", "ul"),
            ("Here is a list:", "ul"),
        ):
            with self.subTest(lead_in):
                text = f"# Heat\n\n## Who should not have it\n\n{lead_in}\n\n- A burn.\n"
                self.assertEqual(read_article(text.encode(), "a.md").line_uses[-1].role, role)


class ThePageOfAClinic(SimpleTestCase):
    def test_has_its_advice_and_its_reasons_in_their_rows(self):
        file = shared("data", "documents", "D6-web-page.html")
        read = read_article(file.read_bytes(), file.name)

        self.assertEqual(
            [(row.kind, row.text) for row in read.help_advice],
            [
                ("routine", "it still hurts after 2 weeks of care"),
                ("now", "you cannot move the arm after a fall"),
            ],
        )
        self.assertEqual(
            [row.text for row in read.contraindications], ["people with a broken bone in the arm"]
        )
