"""The made-up words of a page, in three languages.

Lists of one name have the same length and the same order in each language, so a translation says
what its original says. Where a frame has {brand}, the name of a made-up plan stands: a rare word.
"""

from dataclasses import dataclass

from articles.models import Certainty

#: (name, part of the body, in Spanish, in Arabic, as clinicians call it)
PARTS = (
    ("the neck", "neck", "el cuello", "الرقبة", "Cervical"),
    ("the shoulder", "shoulder", "el hombro", "الكتف", "Shoulder"),
    ("the elbow", "arm", "el codo", "المرفق", "Elbow"),
    ("the forearm", "arm", "el antebrazo", "الساعد", "Forearm"),
    ("the wrist", "hand", "la muñeca", "المعصم", "Carpal"),
    ("the hand", "hand", "la mano", "اليد", "Manual"),
    ("the thumb", "hand", "el pulgar", "الإبهام", "Pollical"),
    ("the upper back", "back", "la espalda alta", "أعلى الظهر", "Thoracic"),
    ("the lower back", "back", "la espalda baja", "أسفل الظهر", "Lumbar"),
    ("the ribs", "chest", "las costillas", "الأضلاع", "Costal"),
    ("the pelvis", "pelvis", "la pelvis", "الحوض", "Pelvic"),
    ("the hip", "hip", "la cadera", "الورك", "Coxal"),
    ("the buttock", "hip", "la nalga", "الأرداف", "Gluteal"),
    ("the thigh", "leg", "el muslo", "الفخذ", "Femoral"),
    ("the knee", "knee", "la rodilla", "الركبة", "Patellar"),
    ("the calf", "leg", "la pantorrilla", "ربلة الساق", "Sural"),
    ("the ankle", "foot", "el tobillo", "الكاحل", "Talar"),
    ("the heel", "foot", "el talón", "الكعب", "Calcaneal"),
    ("the foot", "foot", "el pie", "القدم", "Pedal"),
    ("the jaw", "head", "la mandíbula", "الفك", "Mandibular"),
)
#: (name, in Spanish, in Arabic, as clinicians call it)
COMPLAINTS = (
    ("pain", "dolor", "ألم", "pain"),
    ("stiffness", "rigidez", "تيبس", "stiffness"),
    ("weakness", "debilidad", "ضعف", "weakness"),
    ("swelling", "hinchazón", "تورم", "oedema"),
    ("numbness", "entumecimiento", "خدر", "hypoaesthesia"),
    ("tingling", "hormigueo", "وخز", "paraesthesia"),
    ("cramps", "calambres", "تشنج", "cramp"),
    ("shaking", "temblor", "رجفة", "tremor"),
    ("tiredness", "cansancio", "تعب", "fatigue"),
    ("clicking", "chasquidos", "طقطقة", "crepitus"),
)
#: (name, in Spanish, in Arabic, as clinicians call it)
SIDE_EFFECTS = (
    ("sore muscles", "agujetas", "ألم في العضلات", "Delayed onset muscle soreness"),
    ("a bruise", "un moretón", "كدمة", "Haematoma"),
    ("a red patch of skin", "una mancha roja en la piel", "بقعة حمراء على الجلد", "Erythema"),
    ("a light head", "un leve mareo", "دوار خفيف", "Presyncope"),
    ("a short headache", "un dolor de cabeza breve", "صداع قصير", "Cephalalgia"),
    ("a blister", "una ampolla", "بثرة", "Bulla"),
    ("an itch", "picor", "حكة", "Pruritus"),
    ("a fall", "una caída", "سقوط", "Fall"),
)
#: (name, in Spanish, in Arabic, as clinicians call it)
CONTRAINDICATIONS = (
    ("a broken bone", "un hueso roto", "عظم مكسور", "Fracture"),
    ("an open wound", "una herida abierta", "جرح مفتوح", "Open wound"),
    ("a clot in a vein", "un coágulo en una vena", "جلطة في وريد", "Venous thrombosis"),
    ("a fever", "fiebre", "حمى", "Pyrexia"),
    ("a new joint", "una articulación nueva", "مفصل جديد", "Recent arthroplasty"),
    ("thin bones", "huesos frágiles", "عظام رقيقة", "Osteoporosis"),
    ("a skin infection", "una infección de la piel", "عدوى في الجلد", "Cellulitis"),
    ("a pacemaker", "un marcapasos", "جهاز تنظيم القلب", "Cardiac pacemaker"),
)
#: (word, meaning) by language: what the word list explains.
EXPLAINED = {
    "en": (
        ("warm-up", "A few minutes of light movement before the real work."),
        ("booklet", "A few printed pages that show each move."),
        ("rest day", "A day without any of the moves."),
        ("elastic band", "A long strip of rubber that you pull on."),
    ),
    "es": (
        ("calentamiento", "Unos minutos de movimiento suave antes de empezar."),
        ("folleto", "Unas páginas que enseñan cada movimiento."),
        ("día de descanso", "Un día sin ninguno de los movimientos."),
        ("banda elástica", "Una tira larga de goma de la que se tira."),
    ),
    "ar": (
        ("الإحماء", "دقائق قليلة من الحركة الخفيفة قبل البدء."),
        ("كتيب", "صفحات قليلة تعرض كل حركة."),
        ("يوم راحة", "يوم بلا أي من الحركات."),
        ("شريط مطاطي", "شريط طويل من المطاط تشده."),
    ),
}
TAGS = (
    *("exercise", "at home", "older people", "at work", "sport", "after surgery"),
    *("long-lasting", "children", "in water", "manual therapy", "self-help", "class"),
)


@dataclass(frozen=True)
class PageWords:
    """What pages in one language are made of."""

    methods: tuple[str, ...]  # what the treatment is
    places: tuple[str, ...]
    outcomes: tuple[str, ...]
    groups: tuple[str, ...]  # of people
    clothes: tuple[str, ...]
    times: tuple[str, ...]
    helpers: tuple[str, ...]
    frames: tuple[str, ...]  # sentences of the text that promise nothing
    #: Sentences with {method}, {outcome}, by certainty.
    effects: dict[str, str]
    title: str
    summary: str
    kicker: str
    compared: str  # what the treatment was compared with
    headings: tuple[str, ...]
    happened: str
    after: str  # how long after the start a finding was seen
    key_points: tuple[str, ...]
    next_step: str
    help_now: tuple[str, ...]
    help_today: tuple[str, ...]
    questions: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]  # (phase, sentence)
    advice: tuple[str, ...]
    not_advice: tuple[str, ...]
    alternatives: tuple[str, ...]
    lasts: tuple[str, ...]
    funding: str
    conflicts: str
    new_version: str  # what readers are told of it
    withdrawn: tuple[str, ...]
    notices: tuple[str, ...]


_EN = PageWords(
    methods=(
        *("slow stretching", "light rowing", "warm wrapping", "gentle swinging", "chair yoga"),
        *("step training", "pool walking", "band work", "ball rolling", "soft taping"),
        *("balance work", "calm breathing", "slow cycling", "wall sliding", "hand gripping"),
        *("heel raising", "towel pulling", "side stepping", "shoulder rolling", "cold packing"),
    ),
    places=(
        *("at home", "in a class", "in a pool", "at work", "outdoors"),
        *("in a chair", "on the floor", "before bed"),
    ),
    outcomes=(
        *("pain", "stiffness", "night waking", "time off work", "trouble with stairs"),
        *("trouble with lifting", "fear of moving", "the need for a stick"),
    ),
    groups=(
        *("adults", "people over 60", "people who sit all day", "people who carry loads"),
        *("runners", "new mothers", "people after surgery", "people with diabetes"),
    ),
    clothes=(
        *("loose clothes", "flat shoes", "a warm layer", "a swimsuit", "clothes you can move in"),
        *("shoes with a good grip", "a soft shirt", "long socks"),
    ),
    times=(
        *("in the morning", "after a warm shower", "twice a day", "at lunch", "every other day"),
        *("before supper", "on three days a week", "when the house is calm"),
    ),
    helpers=(
        *("physio", "nurse", "coach", "friend", "partner", "daughter", "neighbour", "doctor"),
    ),
    frames=(
        "You can do it {place}.",
        "People call it the {brand} plan.",
        "Most people do it {time}.",
        "Wear {clothes}.",
        "Your {helper} can stay with you the first few times.",
        "A warm-up takes about five minutes.",
        "Ask for the {brand} booklet and keep it at hand.",
        "The first visit is {place}.",
        "Some people bring a {helper} along.",
        "You need a mat, a wall and {clothes}.",
        "Write down what you did {time}.",
        "Take a rest day when you feel worn out.",
        "The elastic band comes in three colours.",
        "The {brand} plan has four parts, and you may stay with one part for weeks.",
        "Each part has a picture, so that you can see where your feet go.",
        "You can stop at any time and talk with your {helper}.",
        "It was first tried with {group}.",
        "Classes for {group} are held {place}.",
        "Count aloud, and breathe out on every second count.",
        "If a move feels wrong, leave it out and ask your {helper} about it.",
    ),
    effects={
        Certainty.HIGH: "{method} lowers {outcome}.",
        Certainty.MODERATE: "{method} probably lowers {outcome}.",
        Certainty.LOW: "{method} may lower {outcome}.",
        Certainty.VERY_LOW: "We do not know if {method} lowers {outcome}.",
    },
    title="{method} for {condition}",
    summary="{method} {place}, as people with {condition} do it in this made-up example.",
    kicker="The {brand} plan",
    compared="no {method}",
    headings=("How it is done", "What you need", "What we know so far", "Where to find it"),
    happened="had {outcome}",
    after="after 12 weeks",
    key_points=(
        "This page is made up to test the site.",
        "You can do it {place}.",
        "People do it {time}.",
    ),
    next_step="Ask your physio which moves fit you.",
    help_now=("you cannot feel your legs", "you find it hard to breathe", "you pass out"),
    help_today=("your leg is hot and swollen", "you have a fever", "the pain wakes you"),
    questions=(
        "How many visits will I need?",
        "Can I do it {place}?",
        "What do I do when it hurts?",
        "Who can help me {time}?",
    ),
    steps=(
        ("before", "Your {helper} asks what you can do now."),
        ("before", "You put on {clothes}."),
        ("during", "You do each move slowly."),
        ("during", "You rest when you need to."),
        ("after", "You write down what felt hard."),
        ("after", "You make a plan for the next time."),
    ),
    advice=("Start with the first part.", "Keep the booklet at hand.", "Do it {time}."),
    not_advice=("Do not hold your breath.", "Do not start alone."),
    alternatives=("You could wait and see.", "You could try another plan."),
    lasts=("lasts 1 to 2 days", "lasts an hour", "lasts a week"),
    funding="Nobody paid for this page.",
    conflicts="None: the page is made up.",
    new_version="We say more clearly how it is done.",
    withdrawn=("The page is out of date.", "Two pages said the same."),
    notices=("We are checking this made-up page again.", "A made-up notice, to test the site."),
)

_ES = PageWords(
    methods=(
        *("el estiramiento lento", "el remo suave", "el vendaje tibio", "el balanceo suave"),
        *("el yoga en silla", "el ejercicio con escalón", "el paseo en la piscina"),
        *("el trabajo con banda", "el rodaje con pelota", "el vendaje blando"),
        *("el trabajo de equilibrio", "el aliento tranquilo", "el pedaleo lento"),
        *("el roce en la pared", "el agarre de mano", "el alzado de talón", "el tirón de toalla"),
        *("el paso de lado", "el giro de hombro", "el paño frío"),
    ),
    places=(
        *("en casa", "en una clase", "en una piscina", "en el trabajo", "al aire libre"),
        *("en una silla", "en el suelo", "antes de dormir"),
    ),
    outcomes=(
        *("el dolor", "la rigidez", "el sueño cortado", "los días sin trabajar"),
        *("la dificultad con las escaleras", "la dificultad para cargar", "el miedo a moverse"),
        *("la necesidad de un bastón",),
    ),
    groups=(
        *("personas adultas", "mayores de 60 años", "personas que se sientan todo el día"),
        *("personas que cargan peso", "corredores", "madres recientes"),
        *("personas operadas", "personas con diabetes"),
    ),
    clothes=(
        *("ropa suelta", "zapatos planos", "una capa de abrigo", "un bañador", "ropa cómoda"),
        *("zapatos que no resbalen", "una camisa suave", "calcetines largos"),
    ),
    times=(
        *("por la mañana", "tras una ducha tibia", "dos veces al día", "a mediodía"),
        *("un día sí y otro no", "antes de cenar", "tres días por semana"),
        *("cuando la casa está tranquila",),
    ),
    helpers=(
        *("fisio", "enfermero", "monitor", "amigo", "compañero", "hermano", "vecino", "médico"),
    ),
    frames=(
        "Se puede hacer {place}.",
        "La gente lo llama el plan {brand}.",
        "Casi todos lo hacen {time}.",
        "Lleve {clothes}.",
        "Su {helper} puede quedarse con usted las primeras veces.",
        "El calentamiento dura unos cinco minutos.",
        "Pida el folleto {brand} y téngalo a mano.",
        "La primera visita es {place}.",
        "Algunas personas traen a un {helper}.",
        "Hace falta una estera, una pared y {clothes}.",
        "Apunte lo que hizo {time}.",
        "Tome un día de descanso si está cansado.",
        "La banda elástica viene en tres colores.",
        "El plan {brand} tiene cuatro partes, y puede seguir semanas con una.",
        "Cada parte tiene un dibujo, para ver dónde van los pies.",
        "Puede parar en todo momento y hablar con su {helper}.",
        "Se probó primero con {group}.",
        "Las clases para {group} son {place}.",
        "Cuente en voz alta y suelte el aire cada dos cuentas.",
        "Si un movimiento no va bien, déjelo y hable con su {helper}.",
    ),
    effects={
        Certainty.HIGH: "{method} reduce {outcome}.",
        Certainty.MODERATE: "{method} probablemente reduce {outcome}.",
        Certainty.LOW: "{method} podría reducir {outcome}.",
        Certainty.VERY_LOW: "No sabemos si {method} reduce {outcome}.",
    },
    title="{method} para {condition}",
    summary="{method} {place}, como se hace para {condition} en este ejemplo inventado.",
    kicker="El plan {brand}",
    compared="sin {method}",
    headings=("Cómo se hace", "Qué hace falta", "Lo que sabemos", "Dónde encontrarlo"),
    happened="tuvieron {outcome}",
    after="después de 12 semanas",
    key_points=(
        "Esta página está inventada para probar el sitio.",
        "Se puede hacer {place}.",
        "La gente lo hace {time}.",
    ),
    next_step="Pregunte a su fisio qué movimientos le convienen.",
    help_now=("no siente las piernas", "le cuesta respirar", "se desmaya"),
    help_today=("tiene la pierna caliente", "tiene fiebre", "el dolor le despierta"),
    questions=(
        "¿Cuántas visitas necesito?",
        "¿Puedo hacerlo {place}?",
        "¿Qué hago si me duele?",
        "¿Quién puede estar conmigo {time}?",
    ),
    steps=(
        ("before", "Su {helper} pregunta qué puede hacer ahora."),
        ("before", "Se pone {clothes}."),
        ("during", "Hace cada movimiento despacio."),
        ("during", "Descansa cuando lo necesita."),
        ("after", "Apunta lo que le costó."),
        ("after", "Hace un plan para la próxima vez."),
    ),
    advice=("Empiece por la primera parte.", "Tenga el folleto a mano.", "Hágalo {time}."),
    not_advice=("No contenga el aire.", "No empiece a solas."),
    alternatives=("Puede esperar y ver.", "Puede probar otro plan."),
    lasts=("dura 1 o 2 días", "dura una hora", "dura una semana"),
    funding="Nadie pagó esta página.",
    conflicts="Ninguno: la página es inventada.",
    new_version="Decimos con más claridad cómo se hace.",
    withdrawn=("La página es antigua.", "Dos páginas decían lo mismo."),
    notices=("Revisamos otra vez esta página inventada.", "Un aviso inventado para probar."),
)

_AR = PageWords(
    methods=(
        *("التمدد البطيء", "التجديف الخفيف", "اللف الدافئ", "التأرجح اللطيف", "يوغا الكرسي"),
        *("تمرين الدرجة", "المشي في المسبح", "تمرين الشريط", "دحرجة الكرة", "اللصق الناعم"),
        *("تمرين التوازن", "التنفس الهادئ", "التدوير البطيء", "الانزلاق على الحائط"),
        *("قبض اليد", "رفع الكعب", "شد المنشفة", "الخطو الجانبي", "تدوير الكتف"),
        *("الكمادات الباردة",),
    ),
    places=(
        *("في البيت", "في صف", "في المسبح", "في العمل", "في الهواء الطلق"),
        *("على كرسي", "على الأرض", "قبل النوم"),
    ),
    outcomes=(
        *("الألم", "التيبس", "الاستيقاظ ليلا", "أيام الغياب عن العمل", "صعوبة الدرج"),
        *("صعوبة الحمل", "الخوف من الحركة", "الحاجة إلى عصا"),
    ),
    groups=(
        *("البالغين", "من تجاوزوا الستين", "من يجلسون طوال اليوم", "من يحملون في العمل"),
        *("العدائين", "الأمهات الجدد", "من أجروا جراحة", "المصابين بالسكري"),
    ),
    clothes=(
        *("ملابس واسعة", "حذاء مسطحا", "طبقة دافئة", "ثوب سباحة", "ملابس مريحة"),
        *("حذاء لا ينزلق", "قميصا ناعما", "جوارب طويلة"),
    ),
    times=(
        *("في الصباح", "بعد حمام دافئ", "مرتين في اليوم", "عند الظهر", "يوما بعد يوم"),
        *("قبل العشاء", "ثلاثة أيام في الأسبوع", "عندما يهدأ البيت"),
    ),
    helpers=("معالجك", "ممرضك", "مدربك", "صديقك", "شريكك", "أخوك", "جارك", "طبيبك"),
    frames=(
        "يمكنك أن تفعله {place}.",
        "يسميه الناس خطة {brand}.",
        "يفعله معظم الناس {time}.",
        "البس {clothes}.",
        "قد يبقى {helper} معك في المرات الأولى.",
        "يستغرق الإحماء نحو خمس دقائق.",
        "اطلب كتيب {brand} واحتفظ به.",
        "تكون الزيارة الأولى {place}.",
        "قد يأتي معك {helper}.",
        "تحتاج إلى بساط وحائط.",
        "اكتب ما فعلته {time}.",
        "خذ يوم راحة إذا تعبت.",
        "يأتي شريط مطاطي بثلاثة ألوان.",
        "لخطة {brand} أربعة أجزاء، وقد تبقى في جزء أسابيع.",
        "لكل جزء صورة ترى فيها مكان قدميك.",
        "يمكنك أن تتوقف في أي وقت.",
        "جربه أولا عدد من {group}.",
        "تقام صفوف {group} {place}.",
        "عد بصوت عال.",
        "إذا لم تناسبك حركة فاتركها.",
    ),
    effects={
        Certainty.HIGH: "{method} يقلل {outcome}.",
        Certainty.MODERATE: "{method} يقلل على الأرجح {outcome}.",
        Certainty.LOW: "{method} قد يقلل {outcome}.",
        Certainty.VERY_LOW: "لا نعرف إن كان {method} يقلل {outcome}.",
    },
    title="{method}: {condition}",
    summary="{method} {place}، كما يفعله من لديه {condition} في هذا المثال المختلق.",
    kicker="خطة {brand}",
    compared="بلا {method}",
    headings=("كيف يتم", "ما تحتاج إليه", "ما نعرفه حتى الآن", "أين تجده"),
    happened="حدث لهم {outcome}",
    after="بعد 12 أسبوعا",
    key_points=(
        "هذه الصفحة مختلقة لاختبار الموقع.",
        "يمكنك أن تفعله {place}.",
        "يفعله الناس {time}.",
    ),
    next_step="اسأل معالجك أي الحركات تناسبك.",
    help_now=("لا تشعر بساقيك", "يصعب عليك التنفس", "فقدت الوعي"),
    help_today=("ساقك ساخنة ومتورمة", "لديك حمى", "يوقظك الألم"),
    questions=(
        "كم زيارة أحتاج؟",
        "هل أفعله {place}؟",
        "ماذا أفعل إذا آلمني؟",
        "من يساعدني {time}؟",
    ),
    steps=(
        ("before", "يسألك {helper} عما تستطيع الآن."),
        ("before", "تلبس {clothes}."),
        ("during", "تؤدي كل حركة ببطء."),
        ("during", "ترتاح عندما تحتاج."),
        ("after", "تكتب ما كان صعبا."),
        ("after", "تضع خطة للمرة القادمة."),
    ),
    advice=("ابدأ بالجزء الأول.", "احتفظ بالكتيب.", "افعله {time}."),
    not_advice=("لا تحبس نفسك.", "لا تبدأ وحدك."),
    alternatives=("يمكنك أن تنتظر.", "يمكنك أن تجرب خطة أخرى."),
    lasts=("يدوم يوما أو يومين", "يدوم ساعة", "يدوم أسبوعا"),
    funding="لم يدفع أحد ثمن هذه الصفحة.",
    conflicts="لا يوجد: الصفحة مختلقة.",
    new_version="نقول بوضوح أكبر كيف يتم.",
    withdrawn=("الصفحة قديمة.", "صفحتان قالتا الشيء نفسه."),
    notices=("نراجع هذه الصفحة المختلقة.", "تنبيه مختلق لاختبار الموقع."),
)

WORDS = {"en": _EN, "es": _ES, "ar": _AR}

_SYLLABLES = "ba de fi go lu ma ne pi ro su ta ve wi xo yu za".split()


def brand(number: int) -> str:
    """Return the made-up name of a plan, the same for the same number: "Tavelu".

    A word that no other page of a small library says, and that few of a large one do.
    """
    base = len(_SYLLABLES)
    letters = [_SYLLABLES[number // base**place % base] for place in range(3)]
    return "".join(letters).capitalize()
