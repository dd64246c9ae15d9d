"""Words of English that promise an effect, and the words around them that take the promise back.

Clinicians read these lists and add to them. Words are in small letters, with blanks between them.
How they are read is in articles.preflight.overclaims.english.
"""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# --- verbs that promise -------------------------------------------------------------------------
#: Verbs that need no object to promise something: "It helps", "Massage relieves".
_FREE = "help relieve soothe cure"
#: Verbs that promise only with something bad or good about health behind them: "reduce pain".
_BOUND = """
    reduce ease lessen decrease lower cut diminish minimise minimize limit calm numb alleviate
    shorten improve increase boost enhance strengthen restore raise build loosen relax regain
    promote protect combat fight tackle control manage end stop halt banish remove eliminate erase
    reverse resolve undo repair rebuild regenerate fix heal prevent beat kill settle release clear
    unlock tame soften quieten dull dampen curb slash halve shrink unblock realign reset rebalance
    mend quell counter counteract avert slow delay renew revive rejuvenate transform conquer defeat
    overcome correct lift sharpen steady stabilise stabilize offload unload decompress open widen
    deepen quicken hasten double melt dissolve flush free smooth straighten
"""
#: Verbs that only the highest certainty carries.
SURE = _set("""
    work cure prevent heal fix stop halt eliminate erase banish end repair rebuild regenerate reverse
    undo beat prove remove conquer defeat overcome dissolve mend realign rejuvenate
""")
#: Of a brace or a sling it is said what it does to the body, not to the pain: no promise without
#: something bad or good behind them. Too wide to promise at all with a person before them.
_IRREGULAR = {
    "reset": ("resets", "reset", "reset", "resetting"),
    "overcome": ("overcomes", "overcame", "overcome", "overcoming"),
    "free": ("frees", "freed", "freed", "freeing"),
    "slow": ("slows", "slowed", "slowed", "slowing"),
    "curb": ("curbs", "curbed", "curbed", "curbing"),
    "beat": ("beats", "beat", "beaten", "beating"),
    "cut": ("cuts", "cut", "cut", "cutting"),
    "stop": ("stops", "stopped", "stopped", "stopping"),
    "control": ("controls", "controlled", "controlled", "controlling"),
    "rebuild": ("rebuilds", "rebuilt", "rebuilt", "rebuilding"),
    "build": ("builds", "built", "built", "building"),
    "undo": ("undoes", "undid", "undone", "undoing"),
    "fight": ("fights", "fought", "fought", "fighting"),
    "regain": ("regains", "regained", "regained", "regaining"),
    "prove": ("proves", "proved", "proven", "proving"),
}


def _forms(verb: str) -> dict[str, tuple[str, str]]:
    """{form: (verb, "base", "s", "past" or "ing")} of a verb."""
    if verb in _IRREGULAR:
        third, past, participle, ing = _IRREGULAR[verb]
    else:
        stem = verb.removesuffix("e")
        ends_in_y = verb.endswith("y") and verb[-2] not in "aeiou"
        third = (
            verb[:-1] + "ies"
            if ends_in_y
            else verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
        )
        past = participle = verb[:-1] + "ied" if ends_in_y else stem + "ed"
        ing = stem + "ing"
    forms = {verb: (verb, "base"), third: (verb, "s"), ing: (verb, "ing")}
    for form in (past, participle):
        forms.setdefault(form, (verb, "past"))
    return forms


#: {form: (verb, kind of form)} of every verb that may promise.
VERBS = {
    form: reading
    for verb in f"{_FREE} {_BOUND} work benefit prove".split()
    for form, reading in _forms(verb).items()
}
FREE = _set(_FREE) | {"work", "benefit", "prove"}
#: Verbs whose subject may be the body or the complaint: then it is the course of things.
COURSE = _set("dissolve shrink melt clear settle ease lessen decrease improve heal stop end work increase resolve relax calm strengthen")

# --- what is bad and what is good ---------------------------------------------------------------
BAD = _set("""
    pain pains ache aches aching stiffness swelling symptom symptoms fall falls falling risk risks
    disability disabilities fatigue tiredness headache headaches migraine migraines dizziness vertigo
    inflammation spasm spasms cramp cramps tension soreness numbness tingling weakness injury injuries
    depression anxiety stress fear attack attacks problem problems cause causes arthritis
    osteoarthritis disease diseases condition sciatica tendinopathy damage discomfort complaint
    complaints backache leak leaks leakage incontinence breathlessness bleeding bruising scar scars
    fracture fractures burning itching pressure flare flares relapse relapses setbacks surgery
    operation operations painkillers throbbing limp suffering trouble disorder sprain sprains strain
    strains stroke strokes cancer dementia diabetes osteoporosis insomnia nausea infection infections
    loss decline deformity wear degeneration tear tears hernia hernias bulge knots knot
    ringing tinnitus spur spurs stiffer complications injury illness sneezing necks
    phlegm mucus sputum cough coughing colds flares spasticity tremor sneezing rarer aching
    tightness lymphoedema oedema burnout complications recurrence deaths death need
""")
GOOD = _set("""
    balance strength strong movement movements mobility function sleep mood walking fitness
    flexibility quality life recovery healing range confidence posture circulation flow endurance
    stamina energy control grip power muscle muscles bone bones joint joints tendon tendons ligament
    ligaments health wellbeing breathing coordination outcome outcomes results result speed distance
    chances chance stability resilience performance concentration memory relief comfort motion nerves
    breath voice energy recovery
    nerve back neck knee knees shoulder shoulders hip hips spine ankle lungs heart body core brain
    disc discs pelvic thigh calf cartilage
""")
PARTS_OF_BODY = _set("""
    muscle muscles bone bones joint joints tendon tendons ligament ligaments nerve nerves back neck
    knee knees shoulder shoulders hip hips spine ankle ankles lungs lung heart body brain disc discs
    cartilage foot feet leg legs arm arms hand hands wrist elbow skin tissue tissues wound wounds
    blood immune system kidney liver thigh calf toe toes finger fingers cells scar fracture balance
    sleep mood strength appetite
""")
#: Treatments, and words that stand for one.
TREATMENTS = _set("""
    exercise exercises exercising exercised training train trained treatment treatments treated
    therapy therapies physiotherapy physio massage massages needling needles acupuncture taping tape
    brace braces splint splints heat ice stretching stretches yoga pilates swimming swim walking
    walks session sessions visits programme program programmes surgery operation injection injections
    medicine medicines tablets drugs painkillers mobilisation mobilization manipulation manoeuvre
    maneuver electrotherapy ultrasound waves laser tens traction class classes rehab rehabilitation
    workout workouts strengthening relaxation insoles orthotics cycling dancing running hydrotherapy
    cupping magnets it this them these that manual method technique option cream gel
""")
#: -s forms that may be nouns: "the benefits", "bus stops".
NOUNS = _set("""
    works cures stops controls limits cuts fixes ends lifts releases increases decreases benefits
    falls slows frees doubles beats treats builds raises boosts calms fights numbs
""")
#: After an operation swelling goes down by itself: nothing is promised.
AGENTS = TREATMENTS - _set("surgery operation injection injections")
#: What "better than" compares a treatment with.
COMPARED = TREATMENTS - _set("it this them these that walking walks running option") | _set(
    "placebo rest pills medication usual any other anything everything sham bed nothing no all"
)
#: Persons: what they do is no effect of a treatment.
PERSONS = _set("""
    i we you he she physiotherapist physiotherapists therapist therapists doctor doctors gp nurse
    nurses surgeon surgeons team staff someone somebody friend friends partner family relative
    relatives carer carers colleague colleagues people person patient patients men women children
    adults clinic pharmacist who member members helper helpers clinician clinicians specialist
    parent parents teacher coach midwife everyone everybody anyone many others
""")
#: What a text is made of: it helps a reader, and treats nothing.
THINGS_TO_READ = _set("""
    page pages leaflet section list diary picture pictures video videos form table chapter question
    questions text information plan notes note checklist drawing guide booklet website handout
    reminder app timetable rail railing stick chair cushion pillow step stool handle handrail
    medical advice
""")
#: What "help you" leads to when nothing is treated.
MINDFUL = _set("""
    decide choose prepare understand find talk plan remember learn know see set get ask keep think
    track explain start practise practice stand put make describe judge notice tell discuss
    weigh lift carry reach count follow check
""")

# --- what takes a promise back ------------------------------------------------------------------
POSSIBLE_MODALS = _set("may might can could would")
PROBABLE_MODALS = _set("should")
MODALS = POSSIBLE_MODALS | PROBABLE_MODALS | _set("will shall must")
POSSIBLY = _set("""
    perhaps maybe possibly sometimes occasionally potentially apparently reportedly seemingly
    conceivably
""")
PROBABLY = _set("""
    probably likely usually often generally normally mostly typically commonly frequently mainly
    largely presumably tends tend
""")
ADVERBS = POSSIBLY | PROBABLY | _set("""
    also really just only even still then soon quickly slowly greatly clearly definitely certainly
    surely always never not already actually directly gently gradually significantly markedly
    strongly simply effectively successfully naturally truly both completely totally absolutely
    very highly quite fully perfectly entirely so much rather far more most hardly barely rarely
    seldom scarcely ever again safely well now fairly pretty permanently instantly immediately
    noticeably either further reliably nearly almost
""")
NEGATORS = _set("not never hardly barely rarely seldom scarcely neither nor no without")
NEGATIVE_SUBJECTS = _set("no none nothing nobody neither few nowhere little")
DOUBTS = _set("""
    unclear uncertain unknown unproven doubtful doubt doubts unlikely myth myths false wrong untrue
    early debated disputed hard difficult lack insufficient unsure weak unfounded question questionable
    impossible little cannot few conflicting mixed far scant once
""")
SUBORDINATORS = _set("if whether when whenever until till unless once before how what which who why"
                     " where whatever whichever lest")  # fmt: skip
#: Verbs that report what somebody says, thinks or found.
REPORTS = _set("""
    say says said think thinks thought believe believes believed find finds found feel feels felt
    report reports reported suggest suggests suggested hope hopes claim claims claimed tell tells
    told hint hints assume expect expects swear
""")
#: Reports of these make no more than "may" of it. Research shows, and everybody knows, are facts.
REPORTERS = _set("""
    some few several one small early many people patients i we experts therapists physiotherapists
    clinicians guideline guidelines
""")
#: "is ... to ease": these promise as the verb itself does. All others (aim, try, use) do not.
PROMISING_BEFORE_TO = _set("""
    proven proved shown known found sure certain bound guaranteed going set able demonstrated
    confirmed enough scientifically continues continue continued managed helps help helped
""")
DOUBTING_BEFORE_TO = _set("seem seems seemed appear appears appeared thought believed said reported")
LIKELY_BEFORE_TO = _set("likely tends tend tended expected supposed")

BE = _set("is are was were be been being am")
HAVE = _set("has have had having")
DO = _set("do does did")
PRONOUNS = _set("it they this these those that you we he she i there everyone nobody")
DETERMINERS = _set("the a an your our their its his her my this these those some any each every no"
                   " many most all both such")  # fmt: skip
PREPOSITIONS = _set("of in on at with from for to by into about between after before without than"
                    " as through during per like against under over")  # fmt: skip
PLURALS = _set("people children men women feet they these those both others we you i some many")
NOT_PLURAL = _set("""
    this is was has does always sometimes its us plus less as perhaps yes thus across besides
    unless nevertheless towards
""")
COMPARATIVES = _set("""
    stronger better easier fitter looser faster supple flexible steadier healthier younger calmer
    longer milder painless mobile straighter softer firmer happier safer sooner quicker
""")
TREATMENT_NOUNS = _set("""
    treatment treatments therapy therapies way ways method methods exercise exercises option options
    remedy remedies cure cures choice medicine approach solution technique programme program thing
    form forms protection prevention training means tool tools
""")

#: Words that begin a clause of their own, and say it as a fact.
OPENERS = _set("but yet so because although though while whereas since")
#: Verbs that tell a reader to do something, at the start of a sentence.
IMPERATIVES = _set("""
    find choose use try look pick take ask do stop avoid keep write tell talk start learn see read
    make note move rest wear remember check plan never always please decide follow get give let put
    say show think wait watch work repeat practise practice bring call eat drink go come hold sit
    stand lie bend
""")
#: Adjectives that promise when they are said of a treatment, with the kind of promise.
EFFECTIVE = _set("effective efficacious curative unbeatable infallible")
HELPFUL = _set("helpful beneficial therapeutic")
SAFE = _set("safe harmless riskless")
WELL = _set("""
    dry supple mobile fit well young healthy strong independent steady flexible agile calm upright
""")
LESS_TROUBLE = _set("rarer milder fewer less")
HEALTHIER = _set("stronger better fitter looser supple steadier healthier painless")
FEWER = _set("less fewer")
SUFFERING = _set("painful stiff tired sore dizzy tense anxious breathless tight")

#: Treatments, gerunds and gadgets that a better course may be tied to.
TIES = TREATMENTS - _set("it this them these that option") | _set("""
    movement moving course practice practising stimulation collar belt band device gym technique
    trick routine squeezes lessons programme plan ball roller rolling bridges tucks warm-ups break
    breaks posture standing sleeves socks shoes table pump pumping biofeedback mirror song singing
    dance games game drops supplement diet
""")

_OTHER_VERBS = {
    "keep": "keeps kept kept keeping", "run": "runs ran run running", "live": "lives lived lived living",
    "hurt": "hurts hurt hurt hurting", "cough": "coughs coughed coughed coughing",
    "suffer": "suffers suffered suffered suffering", "climb": "climbs climbed climbed climbing",
    "catch": "catches caught caught catching", "bend": "bends bent bent bending",
    "breathe": "breathes breathed breathed breathing", "wake": "wakes woke woken waking",
    "leave": "leaves left left leaving", "do": "does did done doing", "let": "lets let let letting",
    "take": "takes took taken taking", "get": "gets got gotten getting",
    "make": "makes made made making", "lead": "leads led led leading",
    "give": "gives gave given giving", "bring": "brings brought brought bringing",
    "offer": "offers offered offered offering", "provide": "provides provided provided providing",
    "speed": "speeds sped speeded speeding", "feel": "feels felt felt feeling",
    "go": "goes went gone going", "have": "has had had having", "need": "needs needed needed needing",
    "recover": "recovers recovered recovered recovering", "report": "reports reported reported reporting",
    "disappear": "disappears disappeared disappeared disappearing",
    "vanish": "vanishes vanished vanished vanishing", "harm": "harms harmed harmed harming",
    "damage": "damages damaged damaged damaging", "injure": "injures injured injured injuring",
    "fail": "fails failed failed failing", "settle": "settles settled settled settling",
    "fade": "fades faded faded fading", "drop": "drops dropped dropped dropping",
    "accelerate": "accelerates accelerated accelerated accelerating",
    "sleep": "sleeps slept slept sleeping", "walk": "walks walked walked walking",
    "move": "moves moved moved moving", "become": "becomes became become becoming",
    "fall": "falls fell fallen falling", "return": "returns returned returned returning",
}  # fmt: skip
#: {form: (verb, kind of form)} of verbs that promise only together with other words.
OTHER_VERBS: dict[str, tuple[str, str]] = {}
for _verb, _rest in _OTHER_VERBS.items():
    for _form, _kind in zip((_verb, *_rest.split()), ("base", "s", "past", "past", "ing"), strict=True):
        OTHER_VERBS.setdefault(_form, (_verb, _kind))
