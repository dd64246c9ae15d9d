"""The headings and lead-ins of leaflets, and the role of the list under each.

A new wording goes into the table of its language. The first role that fits counts, in the order of
_ORDER: what is urgent comes before what may wait.
"""

import re

_ORDER = (
    "ask_first now today routine stop side_effects conditions indications key_points questions dont"
    " do experts alternatives before after during"
).split()

_END = r"\W*\Z"
#: A list of steps is known by its whole heading, because "After the treatment you may feel:" is
#: about side effects.
_WHAT_HAPPENS = r"what (?:happens|to expect|you can expect|will happen)"
_VISIT = (
    r"(?:(?:your|the|a|an|each|every) )?(?:first )?(?:visit|visits|appointment|treatment|session)"
)
#: What one does with a treatment. "Do not worry if" is no reason not to have it.
_HAVE = (
    r"(?:have|take|use|do|try|start|begin|wear|apply|get|book|lift|exercise|stretch|load"
    r"|go ahead)"
)
_CLINICIAN = (
    r"(?:gp|doctor|physio\w*|pharmacist|nurse|therapist|midwife|clinician|health ?care"
    r" (?:professional|team|provider)|surgeon|specialist)"
)
_REACH = (
    r"(?:see|call|tell|ask|contact|ring|phone|visit|talk to|speak to|go to"
    r"|make an appointment with)"
)
_YOUR = r"(?:a|an|your|the) (?:\w+ )?"
_HELP = r"(?:(?:medical|urgent|emergency) )?(?:help|advice|attention|care)"
_AT_ONCE = r"(?:immediately|straight away|right away|at once|now)"

_ENGLISH = {
    "ask_first": r"tell your \w+ first|ask (your \w+ )?first|check with your \w+ (first|before)"
    rf"|(talk|speak) to {_YOUR}{_CLINICIAN} (first|before)|who should (ask|check|take care)",
    "now": rf"\bnow if\b|\bemergency\b(?! contact)|(call|ring|dial|phone) (an ambulance"
    rf"|(?!111)\d{{3}})"
    rf"|ambulance|\bgo to (a ?& ?e|the er|casualty|hospital)\b"
    rf"|\b(get|seek) {_HELP} {_AT_ONCE}|{_REACH} {_YOUR}{_CLINICIAN} {_AT_ONCE}"
    r"|immediate action|\b999\b|\b911\b|\b112\b",
    "today": rf"\btoday if\b|same day|(?<!non-)(?<!non )\burgent(ly)?\b|\b111\b|within 24 hours"
    rf"|as soon as (you can|possible)|\b(when|get|seek|where) (to )?(get |seek )?{_HELP}\b"
    r"|red flags?\b|warning signs|danger signs",
    "routine": rf"{_REACH} {_YOUR}{_CLINICIAN} (again )?if\b|non-?urgent"
    rf"|when to {_REACH} {_YOUR}{_CLINICIAN}",
    "stop": r"\bavoid\b|contraindicat|do not have\b|should not have"
    r"|who (should not|shouldn.t|must not|cannot|can.t|can not)\b|not (suitable|safe|right) for"
    rf"|(do not|don.t) {_HAVE}\b.*\b(if|when)\b|reasons not to\b|when not to {_HAVE}\b",
    "side_effects": r"side[- ]effects?\b|adverse|unwanted effect"
    rf"|\A(what are the )?(possible |common |rare )?(risks|complications|problems)"
    rf"( and (risks|complications))?{_END}",
    "conditions": r"conditions such as|conditions like|tried for|used to treat|problems it is",
    "indications": r"may (help|suit) people|might benefit|may benefit|who (it )?may suit"
    rf"|people who have\s*:|who can {_HAVE}\b|who (is it|it is) (for|suitable for)"
    r"|who can benefit|who (might|could) (it|this) (help|suit)",
    "key_points": r"key points|key facts|at a glance|in brief",
    "questions": r"questions to ask|what to ask",
    "dont": rf"\A(do not|don.t|what not to do|things (to avoid|not to do)){_END}",
    "do": rf"\A(do|what to do|things (to do|you can do)){_END}",
    "experts": r"experts?\b",
    "alternatives": r"other (options|treatments|choices)\b|\belse (you|i|we)? ?(can|could)?( i"
    r"| you)?"
    r" ?try|\Aalternatives\b|other things (you (can|could)|to) try|\bdo nothing\b",
    "before": rf"\A(?:{_WHAT_HAPPENS} )?before(?: {_VISIT})?{_END}|\Ahow to (?:prepare"
    rf"|get ready)",
    "after": rf"\A(?:{_WHAT_HAPPENS} )?after(?:wards?| {_VISIT})?{_END}",
    "during": rf"\A{_WHAT_HAPPENS}(?: (?:during|at|in)(?: {_VISIT})?)?{_END}"
    rf"|\A(?:during|at)(?: {_VISIT})?{_END}|\Astep by step{_END}",
}

_SESSION_ES = r"(?:(?:la|el|su|cada) )?(?:primera )?(?:sesión|cita|visita|consulta|tratamiento)"
_CLINICIAN_ES = r"(?:médic[oa]|fisio\w*|doctora?|enfermer[oa]|farmacéutic[oa])"
_SPANISH = {
    "ask_first": rf"(avise|pregunte|consulte) (antes|primero)|(avise"
    rf"|diga) (antes )?a su {_CLINICIAN_ES}",
    "now": r"llame (al? )?(\d{3}|una ambulancia)|ambulancia|\burgencias\b|\bemergencias?\b"
    r"|(busque|pida) (ayuda|atención)( médica)? (ya|ahora|de inmediato|inmediatamente|inmediata)"
    r"|de inmediato|inmediatamente",
    "today": r"hoy( mismo)? si|el mismo día|\burgente|lo antes posible"
    r"|cuándo (pedir|buscar|solicitar) (ayuda|atención)|(señales|signos) de (alarma|alerta)",
    "routine": rf"(acuda|vaya|consulte|llame|hable|pida cita"
    rf"|visite)\b.{{0,20}}{_CLINICIAN_ES}\b.{{0,20}}\bsi\b"
    rf"|cuándo (acudir|ir|consultar|llamar|ver)\b.{{0,20}}{_CLINICIAN_ES}",
    "stop": r"qui[eé]n(es)? no (l[oa]s? )?(debe|debería|puede)n?\b|contraindicaci"
    r"|no debe (usar|hacer)"
    r"|\bno (se )?(l[oa] )?(use|utilice|tome|haga|reciba|realice|empiece)\b.*\bsi\b"
    r"|no (es |está )?(adecuad|recomendad|indicad)[oa]",
    "side_effects": r"efectos (secundarios|adversos|no deseados)|\A¿?(posibles )?riesgos\W*\Z",
    "indications": r"qui[eé]n(es)? (se )?(l[oa]s? )?puede|para quién (es|sirve|está)",
    "key_points": r"puntos clave|ideas clave|en resumen",
    "questions": r"preguntas (para|que|útiles)",
    "dont": rf"\A¿?(qué no hacer|no haga){_END}",
    "do": rf"\A¿?(qué hacer|haga){_END}",
    "experts": r"\bexpert[oa]s\b",
    "alternatives": r"otras opciones|otros tratamientos|\Aalternativas\b|qué más puede probar",
    "before": rf"\A¿?(?:qué (?:pasa|ocurre) )?antes(?: de(?: ?l)? ?{_SESSION_ES})?{_END}"
    rf"|cómo prepararse",
    "after": rf"\A¿?(?:qué (?:pasa|ocurre) )?después(?: de(?: ?l)? ?{_SESSION_ES})?{_END}",
    "during": rf"\A¿?qué (?:esperar|puede esperar|se puede esperar|pasa"
    rf"|ocurre)(?: en {_SESSION_ES})?{_END}"
    rf"|\A¿?(?:qué (?:pasa|ocurre) )?durante(?: {_SESSION_ES})?{_END}|\Apaso a paso{_END}",
}

_DOCTOR_AR = r"(?:ال)?(?:طبيب|معالج|ممرض|صيدل)"
_SESSION_AR = r"(?:ال)?(?:جلسة|موعد|زيارة|علاج)"
_ARABIC = {
    "ask_first": r"(أخبر|اسأل|استشر) .{0,20}أولا|(أخبر|اسأل) .{0,20}قبل",
    "now": r"(اتصل|اتصلي) .{0,20}(\d{3}|[٠-٩]{3}|(ال|لل|بال)?إسعاف)|(ال)?طوارئ|(ال)?إسعاف|فورا"
    r"|فورًا|على الفور"
    r"|(ساعدة|عون) الآن",
    "today": r"اليوم إذا|(في )?نفس اليوم|عاجل|متى (تطلب|أطلب|تطلبين) |علامات (ال)?(خطر|تحذير)"
    r"|أقرب وقت",
    "routine": rf"(راجع|استشر|زر|اتصل|تحدث).{{0,20}}{_DOCTOR_AR}.{{0,20}}(إذا|إن)|متى (تراجع"
    rf"|تزور) .{{0,10}}{_DOCTOR_AR}",
    "stop": r"من (لا (ينبغي|يجب|يمكن|يستطيع)|يجب ألا|ينبغي ألا)|موانع|غير مناسب|لا (يناسب|ينبغي)"
    r"|لا (تستخدم|تستعمل|تأخذ|تتناول|تقم|تمارس|تجر|تبدأ|تفعل)\w* .{0,60}إذا",
    "side_effects": r"(آثار|أعراض|تأثيرات|مضاعفات) (ال)?(جانبية|محتملة)|الآثار|الأعراض الجانبية",
    "indications": r"من (يمكنه|يستطيع|يناسبه|قد يستفيد)|لمن يناسب",
    "key_points": r"(ال)?نقاط (ال)?(رئيسية|أساسية|مهمة)",
    "questions": r"أسئلة",
    "dont": rf"\A(لا تفعل|ما لا يجب فعله){_END}",
    "do": rf"\A(افعل|ما يجب فعله|ماذا تفعل){_END}",
    "experts": r"(ال)?خبراء",
    "alternatives": r"خيارات أخرى|علاجات أخرى|(ال)?بدائل",
    "before": rf"\A(?:(?:ماذا|ما الذي) يحدث )?قبل {_SESSION_AR}{_END}|كيف تستعد",
    "after": rf"\A(?:(?:ماذا|ما الذي) يحدث )?بعد {_SESSION_AR}{_END}",
    "during": rf"\A(?:ماذا|ما الذي) (?:تتوقع\w*|يحدث)(?: (?:في|أثناء|خلال) {_SESSION_AR})?{_END}"
    rf"|\A(?:أثناء|خلال) {_SESSION_AR}{_END}",
}

_LANGUAGES = (_ENGLISH, _SPANISH, _ARABIC)
_PATTERNS = [
    (role, re.compile("|".join(words[role] for words in _LANGUAGES if role in words), re.I))
    for role in _ORDER
]
#: Longer lines are sentences, and a sentence can name anything.
_LONGEST = 200
#: A lead-in that says nothing by itself: "You may have:", "People with:".
_NEUTRAL = re.compile(
    r"(?:you|people|anyone|anybody|those|these|they|it|the following|this|usted|personas|quienes"
    r"|tiene|estos|si|if|إذا|الأشخاص|من|أنت)\b.{0,40}:\Z",
    re.I,
)


def role_named_in(text: str) -> str | None:
    """Return the role of the list that the heading or lead-in `text` names, or None."""
    if len(text) > _LONGEST:
        return None
    return next((role for role, pattern in _PATTERNS if pattern.search(text)), None)


def is_neutral_lead_in(text: str) -> bool:
    """Return whether a lead-in leaves it to the heading above what its list is."""
    return bool(_NEUTRAL.match(text))
