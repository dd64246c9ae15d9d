"""What an Arabic text promises."""

import re
from collections.abc import Iterator

from .by_clause import Language, Pattern
from .promise import Force, Promise

#: Vowel signs and the letter that only lengthens a word: leaflets write them or not.
_SIGNS = re.compile("[\u064b-\u0652\u0640]")
_TREATMENT = (
    r"علاج|تمارين|تمرين|جلس|برنامج|تدليك|مشي|جهاز|تدريب|إبر|حجامة|شريط|موجات|ليزر"
    r"|تأهيل|مناورة|حرار|ثلج|سباح"
)
_TROUBLE = (
    r"ألم|آلام|ألما|تورم|تيبس|التهاب|دوخة|دوار|سقوط|توتر|شد|تشنج|مغص|صداع|سلس|خشونة"
    r"|أعراض|إصابات|ضعف|تعب|تنميل|خطر|ندبة|تسرب|نزيف"
)
_ABILITY = (
    r"حركة|قوة|توازن|نوم|مرونة|شفاء|تعافي|التئام|مشي|تنفس|دورة|ثقة|وظيفة|عضل|مفصل|مفاصل"
    r"|ظهر|رقبة|ركبة|كتف"
)
_BEFORE = r"(?<![\u0621-\u064a])(?:[وفس]{0,2})"
_AFTER = r"(?:ها|ه|هم|ك|كم|نا)?(?![\u0621-\u064a])"


def _verbs(stems: str) -> re.Pattern[str]:
    """Forms of "he, she or they do" and "it did" of verbs with these stems."""
    return re.compile(rf"{_BEFORE}(?:[يت]?(?:{stems})(?:ت|ون|وا)?){_AFTER}")


_ABOUT_HEALTH = re.compile(rf"{_TROUBLE}|{_ABILITY}")
_COURSE = re.compile(
    r"من تلقاء نفس|مع الوقت|(?:يساعدك|تساعدك|سيساعدك) (?:المعالج|الطبيب|فريق|أخصائي|اختصاصي|المختص"
    r"|الممرض)|المعالج على اختيار|[يت]\S+ (?:الجراح|الطبيب|الممرض)"
)
_NUMBER = r"(?:\d+|[٠-٩]+|واحد|اثنان|ثلاثة|أربعة|خمسة|ستة|سبعة|ثمانية|تسعة|عشرة|نصف|ثلثا)"

_BETTER = r"(?:(?:قل|خف|زال)ت? (?:ال)?(?:ألم|آلام)|تحسن|تخلص|شف[يوى]|تعاف)"

_LANGUAGE = Language(
    clause_end=re.compile(
        r"[;:()؛،,—–]|\s(?=ف(?:سوف|س[يت]))|\s(?:لكن|ولكن|غير أن|إلا أن|بينما|لأن)\s"
    ),
    takes_back=re.compile(
        r"(?<![\u0621-\u064a])(?:و?(?:لا|لم|لن|ليس|ليست|ما من)|غير|عدم|دون|بدون|هل|إذا|إن|حتى"
        r"|كي|لكي|كيف|هدف|بهدف"
        r"|من أجل|احذري?|احذروا|انتبهي?|ابتعدي?|تجاهلي?"
        r"|اسأل|توقف|تجنب|استشر|أخبر)(?![\u0621-\u064a])"
    ),
    possibly=re.compile(
        r"(?<![\u0621-\u064a])(?:قد|ربما|لعل|يمكن|ممكن|الممكن|يحتمل|أحيانا"
        r"|بعض (?:الناس|المرضى)|يبدو|[يت]عتقد|يظن|يزعم|تزعم|يقال|يقول الناس)"
    ),
    probably=re.compile(r"(?:المرجح|الأرجح|غالبا|عادة|الغالب|معظم|المحتمل)"),
    both_sides=re.compile(
        r"بعض (?:الدراسات|الأبحاث|التجارب).*(?:أخرى|غيرها|بعضها|البعض).*|بعض (?:الدراسات"
        r"|الأبحاث).*ولم|(?:دراس|تجارب|تجربت|أبحاث).*ولم (?:تجد|يجد|تر|تلاحظ)"
    ),
    order=re.compile(
        r"^\W*(?:اسأل|توقف|تجنب|استشر|أخبر|حاول|قلل|خفف|حافظ)"
        r"(?:ي|وا)?(?![\u0621-\u064a])"
    ),
    by_itself=re.compile(
        r"\W*(?:ال)?(?:أربطة|أوتار|غضاريف|غضروف|سائل|عظام|أقراص|دم|قلب|دماغ|جسم|كلى|حجاب|أوعية"
        r"|خلايا|جراح|طبيب|معالج|ممرض|وقت|زمن)(?:ة)?\s"
    ),
    asks=re.compile(r"\W*هل\s"),
    says_yes=re.compile(r"\W*(?:نعم|بالتأكيد|بالطبع|طبعا|أجل)"),
    left_out=re.compile(r"\W*(?:أما )?(?:ال\S+ )(?:فنعم|فيفعل|فتفعل|نعم)\W*"),
    patterns=(
        Pattern(
            Force.EFFECT,
            _verbs(
                r"خفف|قلل|حسن|هدئ|هدأ|ريح|سرع|زيل|أزال|قوي|سكن|حد(?= (?:\S+ ){0,4}من )"
                r"|خفض|رخي|نشط|عزز"
                r"|عيد|أعاد"
            ),
            unless=_COURSE,
            only_with=_ABOUT_HEALTH,
        ),
        Pattern(
            Force.EFFECT,
            _verbs(r"فيد|أفاد|نفع"),
            unless=_COURSE,
            only_with=re.compile(rf"{_TROUBLE}|{_ABILITY}|{_TREATMENT}|(?:فيد|نفع)\W*$"),
        ),
        Pattern(
            Force.SURE,
            re.compile(
                rf"{_BEFORE}(?:[أت]ثبتت?|برهنت|تبرهن) (?:ال)?(?:دراس|أبحاث|بحوث|تجارب|علم)\S*"
                r" (?:\S+ ){0,2}?أن\S*"
            ),
            unless=re.compile(r"أن\S* (?:\S+ ){0,2}?(?:لا|لم|لن|ليس|ليست)\s"),
        ),
        Pattern(
            Force.EFFECT,
            re.compile(rf"[وف]?(?:س|سوف )[يت](?:تحسن|زول|ختفي|قل|خف|تراجع|هدأ){_AFTER}"),
            unless=re.compile(
                rf"{_COURSE.pattern}|تدريجي|بعد (?:ال)?(?:عملي|جراح|إصاب|ولاد)|(?:ال)?كدم"
            ),
            only_with=_ABOUT_HEALTH,
        ),
        Pattern(
            Force.SURE,
            re.compile(
                rf"{_verbs('نهي|أنهى').pattern}|(?<=\S )[يت]وقف(?= (?:ال)?(?:{_TROUBLE}))"
                rf"|يوقف(?= ال\S+ (?:\S+ )?(?:ال)?(?:{_TROUBLE}))"
            ),
            unless=_COURSE,
            only_with=re.compile(_TROUBLE),
        ),
        Pattern(
            Force.SURE,
            re.compile(r"(?<=\s)(?:نهائيا|للأبد|إلى الأبد)(?![\u0621-\u064a])"),
            only_with=re.compile(
                rf"(?:زيل|نهي|تخلص|خلص|ختفي|زول)\S* (?:\S+ ){{0,3}}(?:ال)?(?:{_TROUBLE})"
            ),
        ),
        Pattern(
            Force.EFFECT,
            re.compile(
                rf"{_BEFORE}[يت]حمي(?:ك|كم|ه|ها)? (?:\S+ ){{0,5}}?من (?=(?:ال)?(?:{_TROUBLE}))"
            ),
            unless=re.compile(
                r"حمي (?:ال)?(?:جمجمة|غضروف|غضاريف|أربطة|رباط|عظام|عظم|جلد|قفص|سائل|جسم|مناعة)"
            ),
        ),
        Pattern(
            Force.COUNT,
            re.compile(
                rf"(?:{_BETTER}|عاد|رجع|استفاد|نام)(?:ت|وا|ى)? (?:{_NUMBER} من (?:كل|بين)"
                r"|[\d٠-٩]+ ?[%٪])"
                rf"|[\d٠-٩]+ ?[%٪] من .{{0,90}}?{_BETTER}"
            ),
        ),
        Pattern(Force.EFFECT, _verbs(r"ساعد"), unless=_COURSE, only_with=re.compile(r"على|في")),
        Pattern(
            Force.EFFECT,
            _verbs(r"قل|زول|ختفي|تحسن|تلاشى"),
            unless=_COURSE,
            only_with=re.compile(
                rf"(?:{_TROUBLE}).*(?:بعد|مع|بفضل"
                rf"|باستخدام).*(?:{_TREATMENT})|تدريب"
            ),
        ),
        Pattern(
            Force.EFFECT,
            re.compile(r"(?:ألم|ألما|آلام) أقل|(?:تتنفس|تنام|تمشي|تتحرك) بشكل أفضل"),
            unless=re.compile(r"من تلقاء نفس"),
        ),
        Pattern(
            Force.SURE,
            _verbs(
                r"شفي|شفى|منع|قي(?=(?:ها|ه|هم|كم?|نا)? (?:\S+ ){0,4}من )"
                r"|قضي(?= (?:\S+ ){0,4}على )|عالج|صلح|نجح"
                r"|ثبت أن"
            ),
            unless=_COURSE,
        ),
        Pattern(
            Force.SURE,
            re.compile(
                r"(?<![\u0621-\u064a])(?:فعال|فعالة|ناجع|ناجعة"
                r"|ناجح)(?![\u0621-\u064a])"
            ),
        ),
        Pattern(
            Force.SURE,
            re.compile(
                r"(?<![\u0621-\u064a])أفضل من|أكثر (?:فعالية|فاعلية"
                r"|نجاحا) من|أفضل (?:علاج|طريقة|تمرين|دواء)"
            ),
        ),
        Pattern(Force.SURE, re.compile(r"(?<![\u0621-\u064a])(?:علاج|شفاء) (?:نهائي|تام|جذري)")),
        Pattern(Force.ABSOLUTE, re.compile(r"مضمون|معجز|أكيد المفعول")),
        Pattern(Force.ABSOLUTE, re.compile(rf"{_BEFORE}(?:[نيأ]ضمن|تضمن لك)(?![\u0621-\u064a])")),
        Pattern(
            Force.EFFECT,
            re.compile(
                rf"{_BEFORE}(?:دعي? |قل وداعا ل|قولي وداعا ل|انس |انسي )(?:ال)?(?:{_TROUBLE})"
            ),
        ),
        Pattern(
            Force.EFFECT,
            re.compile(rf"{_BEFORE}(?:استعدت|استعاد|استعادت|استعدنا)(?![\u0621-\u064a])"),
            only_with=re.compile(rf"(?:بفضل|مع|بعد) (?:ال)?(?:{_TREATMENT})"),
        ),
        Pattern(
            Force.EFFECT,
            re.compile(r"(?:تأثير|مفعول|أثر) (?:مسكن|مهدئ|مضاد|ملطف|علاجي|مرخ)"),
        ),
        Pattern(
            Force.EFFECT,
            re.compile(
                r"[يت]ؤدي\s.*إلى (?:(?:تقليل|تخفيف|منع|الحد من|تسكين|التخلص من)"
                rf"|(?:تحسين|زيادة|تقوية) (?:ال)?(?:{_ABILITY}))"
            ),
            only_with=_ABOUT_HEALTH,
        ),
        Pattern(
            Force.EFFECT,
            re.compile(rf"{_BEFORE}[يت](?:تعافى|شفى)\s"),
            only_with=re.compile(rf"(?:بفضل|مع|باستخدام) (?:ال)?(?:{_TREATMENT})"),
        ),
        Pattern(Force.SURE, re.compile(r"(?:أدلة|دلائل|براهين) (?:قوية|واضحة|قاطعة) (?:على|ل)")),
        Pattern(
            Force.SURE,
            re.compile(r"لا (?:يوجد|توجد) (?:علاج|تمرين|طريقة|دواء) (?:أفضل|أنجع|أنجح)"),
        ),
        Pattern(
            Force.ABSOLUTE,
            re.compile(r"(?<![\u0621-\u064a])غير (?:ضار|مضر|مؤذ)(?:ة|ية|ي)?(?![\u0621-\u064a])"),
        ),
        Pattern(Force.COUNT, re.compile(r"نسبة (?:ال)?نجاح .{0,30}?[\d٠-٩]")),
        Pattern(Force.SURE, re.compile(r"الأكثر (?:فعالية|فاعلية|نجاحا)")),
        Pattern(
            Force.ABSOLUTE,
            re.compile(
                r"(?<![\u0621-\u064a])(?:آمن|آمنة)(?: (?:تماما|كليا|للجميع|لل\S+"
                r"|بالكامل|جدا))?(?![\u0621-\u064a])"
            ),
        ),
        Pattern(
            Force.ABSOLUTE,
            re.compile(
                r"(?:بلا|بدون|من دون|دون|خال(?:ية)? من|خالي من|ليس له|ليس لها"
                r"|لا توجد) (?:أي )?(?:ال)?(?:آثار|أعراض|مخاطر|خطر|أضرار)"
            ),
        ),
        Pattern(Force.ABSOLUTE, re.compile(r"لا (?:يفشل|تفشل)|مع الجميع|لكل الناس")),
        Pattern(
            Force.COUNT,
            re.compile(
                rf"{_NUMBER} من (?:كل |بين )?(?:{_NUMBER}).{{0,90}}?(?:{_BETTER}|عاد\S* إلى\s"
                r"|رجع\S* إلى\s|دون ألم|بلا ألم)"
            ),
        ),
    ),
)


def promises_in_arabic(text: str) -> Iterator[Promise]:
    """Yield what plain Arabic `text` promises, vowel signs or not."""
    places = [at for at, letter in enumerate(text) if not _SIGNS.match(letter)]
    for promise in _LANGUAGE.promises("".join(text[at] for at in places)):
        start, last = places[promise.start], places[promise.end - 1]
        yield promise._replace(start=start, words=text[start : last + 1])
