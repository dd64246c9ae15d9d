"""Syllables are counted as a word is heard, figures and short forms included."""

from django.test import SimpleTestCase

from articles.preflight.syllables import english
from articles.preflight.syllables.english import syllables_in_english
from articles.preflight.syllables.english_exceptions import EXCEPTIONS
from articles.preflight.syllables.spanish import syllables_in_spanish
from articles.preflight.syllables.spoken import WORD, number_in_words, syllables

#: Words of patients' pages, counted by ear.
ENGLISH = {
    1: "pain nerve knee ached eased stretched through here's don't we'll",
    2: "needle needles muscle muscles' tired-out tendon bruise's bruises disease needed ankle"
    " movement careful safely sometimes lifestyle something headache headaches someone business"
    " hadn't it'll client quiet being doing fluid cruel lion giant triage café naïve every",
    3: "surgery medicine medicines area areas exercise clinician's family ligament vertebra fascia"
    " meniscus serious previous studying healthier everyone anyone element oedema apnoea diagnose"
    " scientist variant violent warfarin impingement recovered certainty arthritis",
    4: "emergency physician-led myofascial sciatica fasciitis haematoma anaemia diabetes diarrhoea"
    " temperature evaluate coordinate variety society acupuncture piriformis experience radius's"
    " inflammation",
    5: "tendinopathy individual's examination rehabilitate bronchiectasis deactivated"
    " immediately opportunity paracetamol biomechanics",
    6: "physiotherapy physiotherapist osteoarthritis anticoagulant rehabilitation contraindication"
    " responsibility iliotibial osteopenia musculoskeletal",
    7: "anti-inflammatory kinesiophobia",
}

SPANISH = {
    1: "y de la que muy bien hoy rey ley pie dio fue vio guion buey sal más él tú sí ya yo seis"
    " diez tos luz piel hay juez huir",
    2: "dolor cuello agua guerra queso mano hombro codo pecho hombre hielo ahí aún país raíz oír"
    " reír leer caer fuerza puerta cuerpo hueso nervio sangre tendón lesión reuma ciudad viudo"
    " jueves lengua causa aire peine deuda cuatro nueve siete sueño miedo duele puede quiere hacia"
    " serie guía río tía frío ruido fluido búho púa tensión presión reunión huésped siguen",
    3: "columna rodilla espalda cadera músculo hinchado doctora médico semana ahora alcohol teatro"
    " poeta caída países raíces cuidado jesuita aguante pingüino vergüenza antiguo estudio iglesia"
    " ausencia caoba paraguas ciática ahuyentar desagüe línea oído alergias aguja",
    4: "medicina ejercicio movimiento hospitales teoría energía vehículo enfermera cirugía aéreo"
    " tratamiento desahogo poesía cooperar zanahoria lingüística biología tendinitis inflamación",
    5: "fisioterapia articulación medicamento analgésicos respiratorio averiguado",
    6: "fisioterapeuta osteoartritis hematológico rehabilitación",
    7: "antiinflamatorio",
}


def counted(table, count):
    """{word: (our syllables, those of the table)} of each word of `table` that is not right."""
    return {
        word: (count(word), number)
        for number, words in table.items()
        for word in words.split()
        if count(word) != number
    }


class TheSyllablesOfAnEnglishWord(SimpleTestCase):
    def test_are_those_one_hears(self):
        self.assertEqual(counted(ENGLISH, lambda word: syllables(word, "en")), {})

    def test_are_listed_only_where_the_rules_are_wrong(self):
        needless = [
            word
            for count, words in EXCEPTIONS.items()
            for word in words.split()
            if "'" not in word and english._by_rules(word) == count
        ]

        self.assertEqual(needless, [])

    def test_are_those_of_a_listed_word_in_its_simple_forms(self):
        for word, count in {
            "recipes": 3,
            "laboratories": 4,
            "soldier's": 2,
            "nakedness": 3,
            "implementing": 4,
            "diamonds": 2,
        }.items():
            with self.subTest(word):
                self.assertEqual(syllables_in_english(word), count)


class WhatIsNoWord(SimpleTestCase):
    def test_is_counted_as_it_is_read_aloud(self):
        for typed, spoken in {
            "10": "ten",
            "0": "zero",
            "42": "forty two",
            "100": "one hundred",
            "1918": "nineteen eighteen",
            "2,500": "two thousand five hundred",
            "3.5": "three point five",
            "0800": "zero eight zero zero",
            "21st": "twenty one",
        }.items():
            with self.subTest(typed):
                self.assertEqual(number_in_words(typed, "en"), spoken)
        self.assertEqual(number_in_words("1.250,5", "es"), "mil dos ciento cincuenta coma cinco")

    def test_has_signs_and_short_forms_that_are_read_too(self):
        for typed, count in {
            "50%": 4,
            "£10": 2,
            "MRI": 3,
            "NHS": 3,
            "ACL": 3,
            "TENS": 1,
            "RICE": 1,
            "NOT": 1,
            "AIDS": 1,
            "e.g": 2,
            "Dr": 2,
            "mg": 3,
            "tv": 2,
        }.items():
            with self.subTest(typed):
                self.assertEqual(WORD.findall(typed), [typed])
                self.assertEqual(syllables(typed, "en"), count)


class TheSyllablesOfASpanishWord(SimpleTestCase):
    def test_follow_from_its_spelling(self):
        self.assertGreater(sum(len(words.split()) for words in SPANISH.values()), 150)
        self.assertEqual(counted(SPANISH, syllables_in_spanish), {})
