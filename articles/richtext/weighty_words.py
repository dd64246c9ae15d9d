"""Words that decide what a patient does. A text needs a review if one of them changes.

Clinicians read these lists and add to them. Words are in small letters, with blanks between them.
Accents and apostrophes may be left out. A star stands for any ending: "lift*" is lift, lifts,
lifted and lifting.

No word may become another without a review, listed or not. For a listed word the spelling and the
place count too. A word that is listed without need costs a review and does no other harm. The rules
are in articles.publishing.correcting_text.
"""

import re
from functools import cache, lru_cache
from itertools import product

from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import DamerauLevenshtein

from articles.refusals import Words
from articles.richtext.letters import plain

#: {kind: (what changes with it, {language: words})}
KINDS = {
    "negation": (
        _("whether something is so or not"),
        {
            "en": """
                no not never none nor neither nobody nothing nowhere without cannot cant dont doesnt
                didnt isnt arent wasnt werent wont wouldnt shouldnt couldnt mustnt neednt hasnt
                havent hadnt mightnt shant aint hardly barely scarcely except unless instead rather
                lack* fail* free yes unable
            """,
            "es": """
                no nunca jamas sin ni nada nadie ningun* tampoco apenas salvo excepto menos falta
                faltan carece* sino si
            """,
            "ar": """
                لا ليس* لست لم لن ما بدون دون بلا غير عدم أبدا مطلقا سوى إلا نعم ينقص*
            """,
        },
    ),
    "number": (
        _("a number"),
        {
            "en": """
                zero one two three four five six seven eight nine ten eleven twelve thirteen
                fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty
                seventy eighty ninety hundred* thousand* million* billion* once twice thrice half
                halves quarter* third* fourth* fifth* sixth* seventh* eighth* ninth* tenth* first
                second seconds double* triple* treble* dozen* couple* pair* single several few fewer
                many both either percent* fraction* ratio* ones tens another extra
            """,
            "es": """
                cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce
                quince dieci* veint* treinta cuarenta cincuenta sesenta setenta ochenta noventa
                cien* cient* doscient* quinient* mil miles millon* mitad* medio media medios medias
                tercio* tercer* cuarto* quinto* sexto* septimo* octavo* noveno* decimo* primer*
                segundo* doble* triple* docena* par pares vez veces varios varias poco poca pocos
                pocas mucho mucha muchos muchas ambos ambas ciento otro otra otros otras
            """,
            "ar": """
                صفر واحد* أحد* اثن* ثلاث* أربع* خمس* ست ستة ستون ستين سبع* ثمان* تسع* عشر* مائة مئة
                مئات مئت* ألف آلاف ألفان مليون* ملايين نصف* ربع ثلث* مرة مرات مرتين مرتان ضعف أضعاف
                أول أولى ثاني* ثان ثالث* رابع* خامس* دزينة زوج* كلا كلتا بضع* عدة قليل* كثير* مفرد*
            """,
        },
    ),
    "medicine": (
        _("a medicine or how much of it"),
        {
            "en": """
                ibuprofen* paracetamol* acetaminophen* tylenol panadol naproxen* diclofenac*
                voltaren voltarol aspirin* codeine* cocodamol dihydrocodeine tramadol* morphine*
                oxycodone* fentanyl* buprenorphine* gabapentin* pregabalin* lyrica amitriptyline*
                nortriptyline* duloxetine* warfarin* apixaban* rivaroxaban* dabigatran* edoxaban*
                clopidogrel* heparin* enoxaparin* steroid* corticosteroid* cortisone*
                hydrocortisone* prednisolone* prednisone* dexamethasone* methylprednisolone*
                triamcinolone* insulin* metformin* statin* methotrexate* sulfasalazine* allopurinol*
                colchicine* bisphosphonate* alendron* omeprazole* antacid* diazepam* baclofen*
                lidocaine* lignocaine* capsaicin* ketamine* cannabi* cbd botox botulinum* thinner*
                anticoagulant* antiplatelet* painkill* analges* antiinflammator* inflammator* nsaid*
                antibiotic* antidepress* antiepileptic* anticonvulsant* opioid* opiate* relaxant*
                sedative* betablocker* diuretic* inhaler* vaccin* supplement* vitamin* herb*
                medicine* medicat* drug* prescri* pharmac* tablet* pill pills capsule* dose dosed
                doses dosage* dosing overdos* inject* infus* drip syringe* vial* ointment* cream
                creams gel gels patch patches drops syrup* suppositor* tincture* mg mcg ug kg g
                gram* milligram* microgram* ml millilit* cc iu unit units spoon* teaspoon*
                tablespoon* thinning
            """,
            "es": """
                ibuprofeno* paracetamol* acetaminofen* naproxeno* diclofenaco* aspirina*
                acetilsalicilic* codeina* tramadol* morfina* oxicodona* fentanilo* gabapentina*
                pregabalina* amitriptilina* duloxetina* warfarina* sintrom acenocumarol* apixaban*
                rivaroxaban* clopidogrel* heparina* esteroid* corticoid* corticosteroid* cortisona*
                prednisona* prednisolona* dexametasona* insulina* metformina* estatina* metotrexato*
                colchicina* alopurinol* lidocaina* anticoagulant* antiagregant* analgesic*
                antiinflamator* inflamator* aine aines antibiotic* antidepresiv* antiepileptic*
                opioide* opiaceo* relajant* sedant* inhalador* vacun* suplement* vitamin* hierb*
                medicament* medicina* farmac* farmaco* receta* comprimid* tableta* pastilla*
                pildora* capsula* dosis dosific* sobredosis inyec* infiltra* pomada* crema* parche*
                gotas jarabe* supositori* gramo* miligram* microgram* mililitr* unidad* cucharad*
                cucharit* analgesi*
            """,
            "ar": """
                إيبوبروفين* ايبوبروفين* بروفين باراسيتامول* أسيتامينوفين* بنادول نابروكسين*
                ديكلوفيناك* فولتارين أسبرين* كوديين* ترامادول* مورفين* غابابنتين* جابابنتين*
                بريغابالين* بريجابالين* أميتريبتيلين* وارفارين* أبيكسابان* ريفاروكسابان*
                كلوبيدوغريل* كلوبيدوجريل* هيبارين* ستيرويد* كورتيزون* كورتيكوستيرويد* بريدنيزولون*
                بريدنيزون* أنسولين* إنسولين* ميتفورمين* ستاتين* ميثوتريكسات* سيولة مميع* تخثر* مسكن*
                مضاد* أفيون* دواء دوائ* أدوية عقار عقاقير حبة حبوب حبات قرص أقراص كبسول* جرعة جرعات
                جرعت* حقنة حقن مرهم كريم لصقة قطرة قطرات غرام* جرام* ملغ ملغم مغ مل ملليتر* مليلتر*
                وحدة وحدات ملعقة ملاعق وصفة صيدلي* لقاح* فيتامين* مكمل*
            """,
        },
    ),
    "certainty": (
        _("how sure we are"),
        {
            "en": """
                may might can could would should must shall will likel* unlikel* probabl* improbabl*
                possib* impossib* perhaps maybe sure* unsure certain* uncertain* proof prove*
                proving proven evidence evident* trial* study studies research* low lower lowest
                high higher highest strong* weak* always sometimes often rare rarely seldom usual*
                unusual* common* uncommon* frequent* general* mostly mainly guarantee* promise*
                safe* unsafe* risk* danger* harmless know known knows unknown think* believe* seem*
                appear* suggest* show shows shown showed find finds found confirm* doubt* clear*
                unclear* obvious* definite* absolute* complete* total* entire* permanent* temporar*
                typical* chance* odds expect* hope* every each all any only almost nearly about
                around approximate* roughly some most least enough
            """,
            "es": """
                puede* pueda* puedo podria* podra* podemos tiene* tendra* tendria* seguro* segura*
                segur* cierto* cierta* inciert* certeza* incertidumbre* probable* improbable*
                posible* imposible* quiza* talvez acaso prueba* probad* prueb* demuestra* demostr*
                evidencia* evident* estudio* ensayo* investigaci* bajo baja bajos bajas alto alta
                altos altas fuerte* debil* siempre veces menudo rara* raro* soler suele* normalmente
                generalmente comun* frecuent* garanti* promet* peligr* riesg* inocu* sabe* sabemos
                conoc* desconoc* creemos cree* parece* sugier* muestra* confirm* duda* claro* clara*
                definitiv* absolut* complet* total* permanent* temporal* tipic* todo toda todos
                todas cada cualquier* solo sola solamente unicamente casi cerca aproximad* alguno*
                alguna* algun mayoria* bastante debe deben debería* deberá*
            """,
            "ar": """
                قد ربما لعل يمكن* تمكن* ممكن* يجوز يجب ينبغي لابد محتمل* احتمال* يحتمل مرجح* يرجح
                مؤكد* تأكيد* يؤكد* يقين* متأكد* أكيد* ثابت* مثبت* يثبت* أثبت* إثبات* دليل* أدلة
                دلائل* دراسة دراسات بحث أبحاث تجربة تجارب منخفض* عالي* عال مرتفع* قوي* ضعيف* دائما
                أحيانا غالبا نادرا عادة شائع* نادر* يضمن* ضمان* مضمون* وعد* آمن* أمان* خطر خطير*
                مخاطر* سلامة سليم* معروف* مجهول* نعرف يعرف نعلم يعتقد* نعتقد يبدو* تبدو* يظهر* تظهر*
                شك واضح* تماما كليا كامل* دائم* مؤقت* كل جميع أي فقط تقريبا حوالي بعض معظم أغلب
            """,
        },
    ),
    "doing": (
        _("what people are told to do"),
        {
            "en": """
                take takes taken taking took stop stops stopped stopping start starts started
                starting begin* began begun avoid* call calls called calling ring phone go goes
                going gone went use uses used using do does doing done did keep keeps keeping kept
                rest rests rested resting lift* bend* bent stretch* press* wear* wore worn apply
                applie* applying increas* decreas* reduc* rais* lower* move* moving walk* run runs
                running ran sit sits sitting sat stood lie lies lying lay sleep* slept climb* carry*
                push* pull* hold* held twist* turn* reach* squeez* tighten* relax* breath* exercis*
                practi* repeat* continu* try tries tried trying ask asks asked asking tell tells
                told telling see sees seeing saw seen visit* consult* contact* talk* check* look*
                watch* wait* delay* hurry* return* change* chang* switch* put puts putting add adds
                added adding remove* remov* give gives given giving gave get gets getting got make
                makes making made let lets letting allow* permit* forbid* want* follow* ignor* skip*
                eat eats eating ate drink* drank smok* driv* drove work* play* swim* swam cycl*
                massag* touch* rub rubs rubbed rubbing heat heats heated heating cool* ice iced
                icing freez* warm* wash* clean* cover* open* close* bandag* tap* splint* brac*
                crutch* elevat* support* strengthen* load* weigh* limit* prevent* protect* heal*
                help* reliev* improv* worsen* aggravat* hurt* harm* caus* end ends ended finish*
                last lasts lasted lasting quit* leave* leav* left come comes coming came bring*
                swallow* chew* dissolv* measure* hospital* emergenc* ambulance* urgen* doctor*
                immediate* now cure cures cured curing ease eases eased easing need needs needed
                needing miss misses missed missing stand stands standing treat treats treated
                treating count counts counted counting carri* train trains training
            """,
            "es": """
                empiec* empez* empiez* comienc* comenz* comienz* inici* evit* llam* vaya* vaya ir va
                van vay* acud* utiliz* haga* hagan hacer* hace hacen haz hag* mantenga* manten*
                descans* repos* levant* dobl* estir* presion* aprieta* apriete* llev* aplic* aument*
                dismin* reduc* reduz* suba* baje* mueva* mov* muev* camin* sient* sent* acuest*
                duerm* dorm* trep* carg* empuj* tir* sosten* agach* relaj* respir* ejercici*
                ejercit* entren* practi* repit* repet* continu* siga* seguir* sigue* intent* preg*
                consult* visit* contact* habl* revis* mire* esper* retras* vuelv* volv* cambi* pong*
                poner* pon quit* añad* agreg* dele permit* prohib* necesit* quier* quer* ignor* coma
                comer* beba* beber* bebe* fum* conduz* conduc* trabaj* jueg* masaj* toqu* frot*
                calient* calor enfri* frio hielo limpi* cubr* cerr* venda* vend* elev* apoy*
                fortale* limit* preven* proteg* ayud* alivi* mejor* empeor* agrav* duel* dol* dañ*
                caus* termin* acab* venga* traig* trag* mastic* urgenci* emergenci* ambulanci*
                medico* inmediat* ahora deten* toma tomar tome tomen toman tomas tomando deja dejar
                deje dejen dejan usa usar use usen usan usando uso suban subir anda andar ande anden
                andan corre correr corra corran gira girar gire giren mira mirar mire miren dar
                saltar salte salta jugar jugando nadar nade nadan lavar lave lavarse abrir abra abre
                cura curar cure curan curado sana sanar sanan dura durar dure duran mide medir mida
                contar cuente pare paren parar quite quitar quiten trata tratar trate traten
            """,
            "ar": """
                خذ خذي خذوا تأخذ* يأخذ* تناول* يتناول* توقف* يتوقف* أوقف* ابدأ ابدئي يبدأ تبدأ تجنب*
                يتجنب* اتصل* يتصل* تتصل* اذهب* يذهب* تذهب* استخدم* يستخدم* تستخدم* استعمل* يستعمل*
                تستعمل* افعل* يفعل* قم قومي حافظ* يحافظ* استرح* استريح* ارتح* راحة ارفع* يرفع* ترفع*
                رفع انحن* ينحني تمدد* تمطط* اضغط* يضغط* ضغط ارتد ارتدي البس* ضع ضعي يضع* تضع* زد
                زيد* يزيد* تزيد* قلل* يقلل* تقلل* خفض* يخفض* خفف* يخفف* تخفف* حرك* يتحرك* تحرك* امش
                امشي يمشي تمشي مشي اركض* اجلس* يجلس* جلوس قف قفي يقف* وقوف استلق* نم نامي ينام*
                تنام* احمل* يحمل* تحمل* ادفع* اسحب* أمسك* تنفس* مارس* يمارس* تمرن* تمرين* تمارين
                درب* كرر* يكرر* استمر* يستمر* تستمر* واصل* حاول* اسأل* يسأل* أخبر* راجع* يراجع*
                تراجع* زر زوري استشر* انتظر* ينتظر* أضف* أزل* أعط* يعطي* اسمح* يسمح* يحتاج* تحتاج*
                كلي اشرب* دخن* يدخن* قودي اعمل* اسبح* دلك* تدليك* سخن* ثلج اغسل* لف لفي اربط* ادعم*
                تقوي* امنع* يمنع* تمنع* احم* يحمي* عالج* يعالج* تعالج* يشفي* تشفي* شفاء ساعد* يساعد*
                تساعد* يحسن* تحسن* يتحسن* يسوء* تسوء* يضر* تضر* ضرر* يسبب* تسبب* ابلع* امضغ* طوارئ
                إسعاف* طبيب* مستشفى فورا الآن
            """,
        },
    ),
    "measure": (
        _("how much, how long, when or where"),
        {
            "en": """
                more less much little better worse best worst bigger smaller larger longer shorter
                harder softer heavier lighter faster slower greater maximum minimum max min above
                below over under up down before after during until till while since within between
                left right front back upper inside outside top bottom early earlier late later soon*
                daily weekly monthly yearly hourly nightly second* minute* hour* day days week*
                month* year* night* morning* noon* afternoon* evening* today tomorrow yesterday then
                when whenever if inch* foot feet metre* meter* centimet* cm mm km mile* kilo* pound*
                lb lbs degree* celsius fahrenheit severe* severity mild* moderate* serious* acute*
                chronic* slight* gentle gently hard deep* light* heavy heavily slow* fast quick*
                easy easier beyond behind past than still* loose* lose* losing tight* inner outer
            """,
            "es": """
                mas menos mejor peor mayor menor maximo* minimo* maxima* minima* encima debajo sobre
                bajo antes despues durante hasta mientras desde dentro entre izquierd* derech*
                delante detras superior* inferior* arriba abajo fuera temprano tarde pronto diari*
                semanal* mensual* anual* segundo* minuto* hora* dia dias semana* mes meses ano anos
                noche* manana* hoy ayer cuando centimetro* metro* kilo* libra* grado* grave* leve*
                moderad* seri* agud* cronic* ligero* suave* fuerte* profund* pesad* lent* rapid*
                demasiad* tras atras detras alla flojo floja apretad*
            """,
            "ar": """
                أفضل أحسن أسوأ أكبر أصغر أطول أقصر أثقل أخف أسرع أبطأ أعلى أدنى أقصى أقل أكثر فوق
                تحت قبل بعد خلال أثناء حتى منذ بين يسار يسرى أيسر يمين يمنى أيمن أمام خلف داخل خارج
                مبكر* متأخر* قريبا يومي* أسبوعي* شهري* سنوي* ثانية ثواني دقيقة دقائق ساعة ساعات يوم
                أيام يوما أسبوع* أسابيع شهر أشهر شهور سنة سنوات ليل* صباح* ظهرا مساء* غدا أمس اليوم
                عندما إذا متر* سنتيمتر* كيلو* درجة درجات شديد* خفيف* متوسط* حاد* مزمن* بسيط* لطيف*
                بلطف عميق* ثقيل* بطيء* ببطء سريع* بسرعة
            """,
        },
    ),
    "people": (
        _("whom or what part of the body it is about"),
        {
            "en": """
                patient* child* kid kids baby babies infant* teen* adult* older elder* young* women
                woman men man pregnan* breastfeed* diabet* cancer* stroke* fracture* broken
                osteopor* arthrit* infect* fever* bleed* blood* heart* lung* kidney* liver* stomach*
                skin* nerve* bone* muscle* joint* tendon* ligament* spine* spinal disc discs neck*
                back shoulder* arm arms elbow* wrist* hand hands finger* thumb* chest* hip hips
                knee* leg legs thigh* calf calves ankle* foot feet toe toes head* jaw* pelvi*
                bladder* bowel* pain* painful* painless* sore* swell* swoll* numb* tingl* weak*
                stiff* dizz* nause* bruis* rash* allerg* redness faint* sprain* strain* tear
                tears torn
                abduct* adduct* flex* exten* rotat* pronat* supinat* invers* invert* evers* evert*
                ilium ileum ilia* ilea* perone* perine* palmar plantar
            """,
            "es": """
                paciente* nino* nina* bebe* adolescent* adult* mayores ancian* joven* mujer* hombre*
                embaraz* lactan* diabet* cancer* ictus fractur* osteopor* artrit* artros* infecc*
                fiebre* sangr* corazon* pulmon* rinon* higado* estomago* piel nervio* hueso*
                musculo* articulac* tendon* ligament* columna* disco* cuello* espalda* hombro*
                brazo* codo* muneca* mano* dedo* pulgar* pecho* cadera* rodilla* pierna* muslo*
                pantorrilla* tobillo* pie pies cabeza* mandibula* pelvi* vejiga* intestin* dolor*
                hinch* hormigue* adormec* debil* rigid* mareo* nause* moraton* erupcion* alergi*
                enrojec* roto rota rotos rotura* desmay* esguince* distens* desgarr* abduc*
                aduc* flexi*
                extens* extend* rotac* pronac* supinac* invers* evers* ilion ileon palmar plantar
            """,
            "ar": """
                مريض* مرضى طفل* أطفال رضيع* مراهق* بالغ* كبار مسن* شاب شباب امرأة نساء رجل رجال حامل
                حوامل رضاعة مرضع* سكري سرطان* سكتة كسر كسور هشاشة عدوى حمى نزيف* دم قلب رئة كلية كلى
                كبد معدة جلد عصب أعصاب عظم عظام عضلة عضلات مفصل مفاصل وتر أوتار رباط أربطة فقر* رقبة
                عنق ظهر كتف* ذراع* كوع مرفق معصم يد يدين إصبع أصابع إبهام صدر ورك ركبة ركبت* ساق
                ساقين فخذ كاحل قدم قدمين رأس فك حوض مثانة أمعاء ألم آلام مؤلم* تورم* خدر* تنميل* وخز
                تيبس* دوار دوخة غثيان كدم* طفح حساسية احمرار
            """,
        },
    ),
}  # fmt: skip

#: Kinds of words whose spelling may be corrected. The meaning stays the same, so no reader does
#: anything else.
SPELLING_MAY_CHANGE = frozenset({"measure", "people"})

#: Endings of names of medicines that are in no list: relatives of ibuprofen and atorvastatin.
_MEDICINES = re.compile(
    r".{3,}(?:profen[eo]?|profène|oxicam|coxibe?|statina?|sartane?|prila?|olol|dipin[eao]?|prazol[e]?|cill?in[ae]?"
    r"|mycin[ae]?|micina|cyclin[ae]?|ciclina|floxacin[oa]?|azepam|azolam|triptan[e]?|oxetin[ea]?|triptylin[ea]?"
    r"|triptilina|barbital|codone|codona|orphine|orfina|adol|gabalin[ae]?|pentin[ae]?|parin[ae]?|xaban|gatran"
    r"|farin[ae]?|grel|dronate|dronato|solone|solona|sonide|asone|asona|isone|isona|caine|caina|setron|gliptin[ae]?"
    r"|gliflozin[ae]?|glutide?|fibrat[eo]?|thiazide|tidine|tidina|mab|tinib|vir|azole|azol)s?"
)
_ARABIC = re.compile("[\u0600-\u06ff]")
#: Small words that Arabic writes together with the next: and, so, with, like, for, the, will.
_BEFORE = [
    "".join(parts) for parts in product(("", "و", "ف"), ("", "ب", "ك", "ل", "س"), ("", "ال", "ل"))
]
#: Beginnings and endings that make a word say the opposite.
_TURNING = "un in im ir il dis des non no mis anti ab de hypo hyper over under a an".split()
#: Beginnings that turn words with the same end into opposites, and differ by a letter or two.
_BEGINNINGS = [
    pair.split("/")
    for pair in (
        "hypo/hyper hipo/hiper ab/ad intra/inter in/ex ante/inter ante/post pre/pro pre/post pre/re"
        " sub/sup infra/intra infra/supra micro/macro endo/exo uni/bi mono/poly mono/poli in/e"
        " per/pre de/re"
    ).split()
]
_TURNED = (("ful", "less"), ("able", "less"), ("ous", "less"))
#: Words that one correction may take out in one place and add in another.
SMALL = frozenset("a an the and of is are el la los las un una unos unas y de del en que".split())
#: "A little pain" is some of it, "little pain" is hardly any.
BITS = frozenset("few little bit poco poca pocos pocas".split())
#: Words, besides negations, that mean something else on the other side of a comma.
_AT_A_PAUSE = frozenset(
    "if when unless until only then but or before after while because except "
    "si cuando hasta solo pero antes despues mientras porque excepto salvo "
    "إذا عندما حتى فقط لكن أو قبل بعد بينما لأن".split()
)


def kind_of_word(word: str) -> str:
    """Return the key in KINDS for the kind of `word`, or "" if it is in no list.

    Case, accents and apostrophes make no difference.

    >>> kind_of_word("Isn’t"), kind_of_word("ibuprofen"), kind_of_word("needle")
    ('negation', 'medicine', '')
    """
    exact, stems = _index()
    for form in _forms(word):
        if form in exact:
            return exact[form]
        for end in range(len(form), 1, -1):
            if form[:end] in stems:
                return stems[form[:end]]
        if form.endswith("nt") and _with_apostrophe(word):
            return "negation"
        if _MEDICINES.fullmatch(form):
            return "medicine"
    return ""


def is_nearly_a_medicine(word: str) -> bool:
    """Return whether `word` is a misspelt long name of a medicine.

    Readers take it for that medicine.
    """
    form = folded(word)
    near = 2 if len(form) > 10 else 1
    return len(form) > 6 and any(
        DamerauLevenshtein.distance(form, name, score_cutoff=near) <= near for name in _long_names()
    )


def is_misspelling(one: str, other: str) -> bool:
    """Return whether two words differ by a letter or two: one is a misspelling of the other."""
    one, other = folded(one), folded(other)
    longest = max(len(one), len(other))
    if longest < 4:
        return sorted(one) == sorted(other)  # a short word with another letter is another word
    if one[:1] != other[:1] and sorted(one) != sorted(other):
        return False  # few misspellings change the first letter: "mothers" and "fathers"
    near = 1 if longest < 6 else 2
    return DamerauLevenshtein.distance(one, other, score_cutoff=near) <= near


@cache
def _long_names():
    languages = KINDS["medicine"][1].values()
    names = (folded(word.rstrip("*")) for words in languages for word in words.split())
    return [name for name in names if len(name) > 7]


def label_of_kind(kind: str) -> Words:
    """Return what changes with a word of `kind`, in words."""
    return KINDS[kind][0]


def are_opposites(one: str, other: str) -> bool:
    """Return whether a beginning or an ending makes one of two words the opposite of the other.

    >>> are_opposites("usual", "unusual"), are_opposites("painless", "painful")
    (True, True)
    >>> are_opposites("thin", "fine")
    False
    """
    shorter, longer = sorted((folded(one), folded(other)), key=len)
    if len(shorter) > 2 and any(longer == turning + shorter for turning in _TURNING):
        return True
    if any(
        first.startswith(begins)
        and second.startswith(opposite)
        and first[len(begins) :] == second[len(opposite) :]
        for first, second in ((shorter, longer), (longer, shorter))
        for begins, opposite in _BEGINNINGS
    ):
        return True
    return any(
        first.endswith(end)
        and second.endswith(opposite)
        and first[: -len(end)] == second[: -len(opposite)]
        for first, second in ((shorter, longer), (longer, shorter))
        for end, opposite in _TURNED
    )


@lru_cache(maxsize=4096)
def turns_at_a_pause(word: str) -> bool:
    """Return whether a comma beside `word` changes the meaning, as in "No, pain is normal"."""
    return kind_of_word(word) == "negation" or folded(word) in {folded(one) for one in _AT_A_PAUSE}


def folded(word: str) -> str:
    """Return `word` for comparing: small letters without accents, signs and apostrophes."""
    return re.sub("['’‘ʼ`´′-]|\u2010|\u2011", "", plain(word))


def _with_apostrophe(word):
    return re.search("n['’‘ʼ`´′]t$", plain(word)) is not None


def _forms(word):
    """Yield `word`, and its parts if it has hyphens.

    For Arabic also without the small words that are written together with it.
    """
    parts = re.split("[-\u2010\u2011'’‘ʼ`´′]", plain(word))
    forms = [folded(word), *(part for part in parts if part and len(parts) > 1)]
    for form in forms:
        yield form
        if _ARABIC.search(form):
            for before in _BEFORE:
                shortest = 2 if before in ("و", "ف") else 3
                if before and form.startswith(before) and len(form) - len(before) >= shortest:
                    yield form[len(before) :]


@cache
def _index():
    """Return ({word: kind}, {beginning of a word: kind}) of all lists.

    A word that is in two lists has the kind of the first.
    """
    exact, stems = {}, {}
    for kind, (_called, languages) in KINDS.items():
        for words in languages.values():
            for word in words.split():
                listed = stems if word.endswith("*") else exact
                listed.setdefault(folded(word.rstrip("*")), kind)
    return exact, stems
