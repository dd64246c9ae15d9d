"""Words of English that promise an effect, and the words around them that take the promise back.

Clinicians read these lists and add to them. Words are in small letters, with blanks between them.
How they are read is in articles.preflight.overclaims.english.
"""

from functools import cache


@cache
def words(text: str) -> frozenset[str]:
    """Return the words of `text`."""
    return frozenset(text.split())


# --- verbs that promise ---------------------------------------------------------------------------
#: They need no object: "It helps", "Massage relieves".
FREE = words("help relieve soothe cure work benefit prove")
#: They promise with something bad behind them: "reduce pain", not "reduce the weight".
BAD_OBJECT = words("""
    reduce lessen decrease lower cut diminish minimise stop minimize limit end control manage
    tackle fight combat beat kill remove eliminate erase banish calm numb prevent settle clear
    tame quieten dull dampen curb slash halve shrink quell counter counteract avert slow delay
    conquer defeat overcome melt dissolve flush outdo outperform surpass trump
""")
#: They promise with something good behind them that is no part of the body: "build strength".
#: "Strengthens your thigh" says what an exercise is for.
GOOD_OBJECT = words("strengthen build raise open double increase boost enhance promote")
#: They promise with anything behind them: "fixes the cause".
MENDING = words("heal fix cure mend repair")
#: They promise with something bad or good behind them: "eases pain", "improves balance".
OBJECT = words("""
    ease alleviate shorten improve restore loosen relax regain
    protect halt reverse resolve undo rebuild regenerate release unlock soften unblock realign
    reset rebalance renew revive rejuvenate transform correct lift sharpen steady stabilise
    stabilize offload unload decompress widen deepen quicken hasten free smooth straighten
""")
#: Only the highest certainty carries these.
SURE = words("""
    banish beat conquer cure defeat dissolve eliminate end erase fix halt heal mend overcome
    outdo outperform prevent prove realign rebuild regenerate rejuvenate remove repair reverse stop
    undo work
""")
#: What the body or the complaint does by itself: then it is the course of things.
COURSE = words("""
    calm clear decrease dissolve ease end heal improve increase lessen melt relax resolve settle
    shrink stop strengthen work
""")

_IRREGULAR = {
    "beat": "beats beat beaten beating",
    "build": "builds built built building",
    "control": "controls controlled controlled controlling",
    "curb": "curbs curbed curbed curbing",
    "cut": "cuts cut cut cutting",
    "outdo": "outdoes outdid outdone outdoing",
    "fight": "fights fought fought fighting",
    "free": "frees freed freed freeing",
    "overcome": "overcomes overcame overcome overcoming",
    "prove": "proves proved proven proving",
    "rebuild": "rebuilds rebuilt rebuilt rebuilding",
    "regain": "regains regained regained regaining",
    "reset": "resets reset reset resetting",
    "slow": "slows slowed slowed slowing",
    "stop": "stops stopped stopped stopping",
    "undo": "undoes undid undone undoing",
}


def _forms(verb: str) -> dict[str, tuple[str, str]]:
    """{form: (verb, "base", "s", "past" or "ing")} of a verb."""
    if verb in _IRREGULAR:
        third, past, participle, ing = _IRREGULAR[verb].split()
    else:
        stem = verb.removesuffix("e")
        third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
        past = participle = stem + "ed"
        ing = stem + "ing"
    forms = {verb: (verb, "base"), third: (verb, "s"), ing: (verb, "ing")}
    for form in (past, participle):
        forms.setdefault(form, (verb, "past"))
    return forms


#: {form: (verb, kind of form)} of every verb that may promise by itself.
VERBS = {
    form: reading
    for verb in sorted(FREE | BAD_OBJECT | GOOD_OBJECT | MENDING | OBJECT)
    for form, reading in _forms(verb).items()
}

_OTHER_VERBS = """
    accelerate accelerates accelerated accelerated accelerating
    avoid avoids avoided avoided avoiding
    become becomes became become becoming
    bend bends bent bent bending
    breathe breathes breathed breathed breathing
    bring brings brought brought bringing
    catch catches caught caught catching
    climb climbs climbed climbed climbing
    cough coughs coughed coughed coughing
    damage damages damaged damaged damaging
    draw draws drew drawn drawing
    disappear disappears disappeared disappeared disappearing
    do does did done doing
    drop drops dropped dropped dropping
    fade fades faded faded fading
    fail fails failed failed failing
    fall falls fell fallen falling
    flush flushes flushed flushed flushing
    feel feels felt felt feeling
    fend fends fended fended fending
    get gets got gotten getting
    give gives gave given giving
    grow grows grew grown growing
    go goes went gone going
    harm harms harmed harmed harming
    have has had had having
    hurt hurts hurt hurt hurting
    injure injures injured injured injuring
    keep keeps kept kept keeping
    lead leads led led leading
    leave leaves left left leaving
    melt melts melted melted melting
    let lets let let letting
    live lives lived lived living
    mean means meant meant meaning
    outgrow outgrows outgrew outgrown outgrowing
    make makes made made making
    move moves moved moved moving
    need needs needed needed needing
    offer offers offered offered offering
    provide provides provided provided providing
    recover recovers recovered recovered recovering
    report reports reported reported reporting
    remain remains remained remained remaining
    return returns returned returned returning
    respond responds responded responded responding
    run runs ran run running
    save saves saved saved saving
    see sees saw seen seeing
    shake shakes shook shaken shaking
    spare spares spared spared sparing
    stay stays stayed stayed staying
    stave staves staved staved staving
    switch switches switched switched switching
    settle settles settled settled settling
    sleep sleeps slept slept sleeping
    speed speeds sped speeded speeding
    suffer suffers suffered suffered suffering
    take takes took taken taking
    stop stops stopped stopped stopping
    thaw thaws thawed thawed thawing
    turn turns turned turned turning
    vanish vanishes vanished vanished vanishing
    wake wakes woke woken waking
    walk walks walked walked walking
    ward wards warded warded warding
    wash washes washed washed washing
    wipe wipes wiped wiped wiping
"""
#: {form: (verb, kind of form)} of verbs that promise only together with other words.
OTHER_VERBS: dict[str, tuple[str, str]] = {}
for _verb, *_rest in map(str.split, _OTHER_VERBS.strip().splitlines()):
    for _form, _kind in zip([_verb, *_rest], ["base", "s", "past", "past", "ing"], strict=True):
        OTHER_VERBS.setdefault(_form, (_verb, _kind))
#: -s forms that may be nouns: "the benefits", "bus stops".
NOUNS = words("""
    beats benefits boosts builds calms controls cures cuts decreases doubles ends falls fights
    fixes frees increases lifts limits numbs raises releases slows stops treats works
""")
#: With one of these behind it, "work" is a job or a way: "works out", "work in an office".
WORK_BEFORE = words("""
    out with on hard harder in at from as together through towards by like up round around under
    within alone shifts
""")
#: What "help you" leads to when nothing is treated.
MINDFUL = words("""
    ask carry check choose count decide describe discuss explain find follow get judge keep know
    learn lift make notice plan practice practise prepare put reach remember see set stand start
    talk tell think track understand weigh
""")
#: Verbs of trouble: "hurts less" is better.
TROUBLE_VERBS = words("""
    hurt hurts leak leaks cough coughs ache aches suffer suffers fall falls limp limps wheeze
    snore
""")


# --- what is bad and what is good -----------------------------------------------------------------
BAD = words("""
    ache aches aching anxiety arthritis attack attacks backache bleeding breathlessness
    bruising bulge burning burnout cancer cause causes colds complaint complaints
    complications condition cough coughing cramp cramps damage death deaths decline
    deformity degeneration dementia depression diabetes disabilities disability discomfort
    disease diseases disorder dizziness fall falling falls fatigue fear flare flares
    fracture fractures headache headaches hernia hernias illness incontinence infection
    infections inflammation injuries injury insomnia itching knot knots leak leakage leaks
    limp limping loss lymphoedema migraine migraines mucus nausea necks need numbness oedema
    operation operations osteoarthritis osteoporosis pain painkillers pains phlegm pressure
    problem problems rarer recurrence relapse relapses ringing risk risks scar scars
    sciatica setbacks sneezing soreness spasm spasms spasticity sprain sprains spur spurs
    sputum stiffer stiffness strain strains stress stroke strokes suffering surgery swelling
    symptom symptoms tear tears tendinopathy tension throbbing tightness tingling tinnitus
    tiredness toxins tremor trouble vertigo weakness wear
""")
GOOD = words("""
    ankle back balance body bone bones brain breath breathing calf cartilage chance chances
    circulation comfort concentration confidence control coordination core disc discs distance
    endurance energy fitness flexibility flow function grip healing health heart hip hips joint
    joints knee knees life ligament ligaments lungs memory mobility mood motion movement
    movements muscle muscles neck nerve nerves outcome outcomes pelvic performance posture power
    quality range recovery relief resilience result results shoulder shoulders sleep speed spine
    stability stamina strength strong tendon tendons thigh voice walking wellbeing
""")
PARTS_OF_BODY = words("""
    ankle ankles appetite arm arms back balance bladder blood body bone bones bowel brain
    bursa calf capsule cartilage cells cuff diaphragm disc discs elbow fascia feet finger
    fingers floor fluid foot fracture hand hands heart hip hips immune joint joints kidney kidneys
    knee knees leg legs ligament ligaments liver lung lungs membrane meniscus mood muscle
    muscles neck nerve nerves scar shoulder shoulders skin sleep spine strength system
    tendon tendons thigh tissue tissues toe toes vessels wound wounds wrist
""")
#: "Strong hips prevent falls" praises the training.
TRAINED = words("fit flexible strong stronger supple trained")
#: What they do is the course of things: "Time heals".
TIME = words("nature time years")
#: What a weak part of the body does.
GIVING_WAY = words("""
    aching buckling collapsing giving hurting leaking locking seizing stiffening swelling worsening
""")
SUFFERING = words("anxious breathless dizzy painful sore stiff tense tight tired")
WELL = words("""
    active agile calm dry fit flexible healthy independent mobile moving steady strong supple
    upright well young
""")
HEALTHIER = words("""
    better calmer fitter freer healthier looser painless steadier stronger supple suppler
""")
FEWER = words("fewer less")
LESS_TROUBLE = words("fewer less milder rarer")


# --- who and what does it -------------------------------------------------------------------------
#: Treatments, and words that stand for one.
TREATMENTS = words("""
    acupuncture brace braces class classes cream cupping cycling dancing drugs electrotherapy
    exercise exercised exercises exercising gel heat hydrotherapy ice injection injections
    insoles it laser magnets maneuver manipulation manoeuvre manual massage massages medicine
    medicines method mobilisation mobilization needles needling operation option orthotics
    painkillers physio physiotherapy pilates program programme programmes rehab rehabilitation
    relaxation running session sessions splint splints strengthening stretches stretching
    surgery swim swimming tablets tape taping technique tens that them therapies therapy these
    this traction train trained training treated treatment treatments ultrasound visits walking
    walks waves workout workouts yoga
""")
#: Words that stand for a treatment, or for anything else.
VAGUE = words("it this them these that")
#: After an operation swelling goes down by itself: nothing is promised.
AGENTS = TREATMENTS - words("surgery operation injection injections")
#: Treatments that may stand in front of what gets better.
FRONTED = TREATMENTS | words("movement moving course practice")
_GADGETS = words("""
    ball band belt biofeedback break breaks bridges collar course dance device diet drops game
    games gym lessons mirror movement moving plan posture practice practising pump pumping
    roller rolling routine shoes singing sleeves socks song squeezes standing stimulation
    supplement table trick tucks warm-ups
""")
#: Treatments, exercises and gadgets that a better course may be tied to.
TIES = TREATMENTS - VAGUE - words("operation option surgery") | _GADGETS
_OTHERS = words("all any anything bed everything medication other pills placebo rest sham usual")
#: What "better than" compares a treatment with.
COMPARED = TREATMENTS - VAGUE - words("walking walks running option") | _OTHERS
#: Persons: what they do is no effect of a treatment.
PERSONS = words("""
    adults anyone carer carers children clinic clinician clinicians coach colleague colleagues
    doctor doctors everybody everyone family friend friends gp he helper helpers i many member
    members men midwife nurse nurses others parent parents partner patient patients people
    person pharmacist physiotherapist physiotherapists relative relatives she somebody someone
    specialist staff surgeon surgeons teacher team therapist therapists we who women you
""")
#: Persons who may stand for a treatment they had: "people who exercise".
ABLE = words("many others who people")
#: Persons to whom something is done.
READERS = words("you me people them us him her patients your")
#: They help a reader, or hold one, and treat nothing.
THINGS_TO_READ = words("""
    advice app booklet chair chapter checklist cushion diary drawing form guide handle handout
    handrail information leaflet list medical note notes page pages picture pictures pillow plan
    question questions rail railing reminder section step stick stool table text timetable video
    videos website
""")
#: Some of them hold a reader. Said to prevent pain, they promise as a treatment does.
HOLDING = words("chair cushion handle handrail pillow rail railing stick stool table")
#: What an effective, safe or best one is.
TREATMENT_NOUNS = words("""
    approach choice cure cures exercise exercises form forms means medicine method methods
    option options prevention program programme protection remedies remedy solution technique
    therapies therapy thing tool tools training treatment treatments way ways
""")


# --- adjectives -----------------------------------------------------------------------------------
EFFECTIVE = words("curative effective efficacious infallible miraculous unbeatable")
HELPFUL = words("beneficial helpful therapeutic")
SAFE = words("harmless riskless safe")


# --- what takes a promise back, or weakens it -----------------------------------------------------
POSSIBLE_MODALS = words("can could may might would")
PROBABLE_MODALS = words("should")
MODALS = POSSIBLE_MODALS | PROBABLE_MODALS | words("will shall must")
POSSIBLY = words("""
    apparently conceivably maybe occasionally perhaps possibly potentially reportedly seemingly
    sometimes
""")
PROBABLY = words("""
    commonly frequently generally largely likely mainly mostly normally often presumably
    probably tend tends typically usually
""")
_OTHER_ADVERBS = words("""
    absolutely actually again almost already also always barely both certainly clearly
    completely definitely directly effectively either entirely even ever fairly far fully
    further gently gradually greatly hardly highly immediately instantly just markedly more most
    much naturally nearly never not noticeably now only perfectly permanently pretty quickly
    quite rarely rather really reliably safely scarcely seldom significantly simply slowly so
    soon still strongly successfully surely then totally truly very well
""")
#: Words that may stand between the parts of a verb.
ADVERBS = POSSIBLY | PROBABLY | _OTHER_ADVERBS
NEGATORS = words("barely hardly neither never no nor not rarely scarcely seldom without")
NEGATIVE_SUBJECTS = words("few little neither no nobody none nothing nowhere")
#: Before "that": what follows is not asserted.
DOUBTS = words("""
    cannot conflicting debated difficult disputed doubt doubtful doubts early failed fails false
    far few hard
    impossible insufficient lack little mixed myth myths once question questionable scant
    uncertain unclear unfounded unknown unlikely unproven unsure untrue weak wrong
""")
#: What follows one of these is a condition or a question.
SUBORDINATORS = words("""
    before how if lest once till unless until what whatever when whenever where whether which
    whichever who why
""")
#: They begin a clause of their own, and say it as a fact.
OPENERS = words("although because but since so though whereas while yet")
#: What they say is an advert.
SELLERS = words("""
    ads adverts advertisements companies magazines makers manufacturers seller sellers websites
""")
#: They report what somebody says, thinks or found.
REPORTS = words("""
    assume believe believed believes claim claimed claims expect expects feel feels felt find
    finds found hint hints hope hopes report reported reports said say says suggest suggested
    suggests swear tell tells think thinks thought told
""")
#: A report of these makes no more than "may" of it. What research shows or everybody knows is a
#: fact.
REPORTERS = (
    words("""
    clinicians early experts few guideline guidelines i many one patients people
    physiotherapists several small some therapists we
""")
    | SELLERS
)
#: Before "to": these promise as the verb itself does. All others (aim, try, use) do not.
PROMISING_BEFORE_TO = words("""
    able bound certain confirmed continue continued continues demonstrated enough found going
    guaranteed help helped helps known managed proved proven scientifically set shown sure
""")
DOUBTING_BEFORE_TO = words("""
    appear appeared appears believed reported said seem seemed seems thought
""")
LIKELY_BEFORE_TO = words("expected likely supposed tend tended tends")
#: They tell a reader to do something, at the start of a sentence.
IMPERATIVES = words("""
    always ask avoid bend bring call check choose come decide do drink eat find follow get give
    go hold keep learn let lie look make move never note pick plan please practice practise put
    read remember repeat rest say see show sit stand start stop take talk tell think try use
    wait watch wear work write
""")


# --- the frame of a sentence ----------------------------------------------------------------------
BE = words("am are be been being is was were")
HAVE = words("had has have having")
DO = words("did do does")
PRONOUNS = words("everyone he i it nobody she that there these they this those we you")
DETERMINERS = words("""
    a all an any both each every her his its many most my no our some such the their these this
    those your
""")
PREPOSITIONS = words("""
    about after against as at before between by during for from in into like of on over per than
    through to under with without
""")
PLURALS = words("both children feet i many men others people some these they those we women you")
#: They end in "s" and are no plural.
NOT_PLURAL = words("""
    across always as besides does has is its less nevertheless perhaps plus sometimes this thus
    towards unless us was yes
""")
