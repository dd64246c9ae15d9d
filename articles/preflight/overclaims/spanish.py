"""What a Spanish text promises."""

import re
from collections.abc import Iterator

from .by_clause import Language, Pattern
from .promise import Force, Promise


def _re(words: str) -> re.Pattern[str]:
    return re.compile(words)  # read in small letters


#: Stems of verbs in -ar, of which the endings below make forms.
_AR = (
    r"alivi|mejor|calm|baj|quit|aceler|acort|aument|relaj|liber|restaur|atenu|suaviz|desinflam"
    r"|mitig|deshinch|desbloque|aminor|refuerz|reforz|estabiliz"
)
_AR_SURE = r"cur|san|elimin|evit|repar|solucion|regener|borr|funcion"
_IR = r"disminuy|reduc|combat|proteg|devuelv|favorec|fortalec|restablec"
_IR_SURE = r"previen|prevén|resuelv|vence|corrig"
_FINITE_AR = r"(?:a|an|ó|aron|ará|arán|aba|aban|aría|arían)"
_FINITE_IR = r"(?:e|en|ió|ieron|irá|irán|erá|erán|ía|ían)"
_TROUBLE = (
    r"dolor\w*|rigidez|inflamación|hinchazón|molestia\w*|síntoma\w*|caída\w*|tensión|mareo\w*"
    r"|vértigo\w*"
    r"|lumbalgia|ciática|artrosis|artritis|contractura\w*|lesi\w+|pérdida\w*|riesgo\w*|fatiga"
    r"|cansancio"
    r"|cólico\w*|calambre\w*|espasmo\w*|estrés|ansiedad|debilidad|tirantez|desgarro\w*|flema\w*|tos"
    r"|migraña\w*|jaqueca\w*|esguince\w*|fascitis|tendinitis|incontinencia|ahogo|inestabilidad"
    r"|hormigueo|entumecimiento|operaci\w+|problema\w*|causa\w*|hombro congelado|codo de tenista"
)
_ABILITY = (
    r"movilidad|fuerza|equilibrio|sueño|ánimo|recuperación|flexibilidad|calidad de vida|marcha"
    r"|función|salud|corazón"
    r"|circulación|respiración|postura|cicatrización|movimiento|resistencia|espalda|cuello"
    r"|rodilla\w*"
    r"|cadera|hombro|músculo\w*|articulaci\w+|tend\w+|nervio|coordinación|confianza|energía"
    r"|uso de"
)
_TREATMENT = (
    r"ejercicio\w*|tratamiento|terapia|fisioterapia|masaje\w*|punción|sesi\w+|programa|calor|frío"
    r"|estiramiento\w*|entrenamiento|entrenar|láser|ondas|movilizaci\w+|técnica|vendaje"
    r"|plantilla\w*|práctica|constancia"
    r"|ventosas|osteopatía|acupuntura|tratan|trata|rehabilitación|maniobra|operación|fortalecer"
)
_BETTER_COUNT = (
    r"mejor\w*|recuper\w*|cur\w+|(?:tuvieron|tienen|sintieron|sienten|notan) (?:\w+ )?"
    r"(?:menos|alivio)|(?:durmieron|duermen|caminan|caminaron|andan) mejor"
    r"|dej(?:a|ó|aron|an) de|sin dolor|libres? de|sanaron"
    r"|notaron|(?:vuelven?|volvieron|regresan?|regresaron)"
    r" (?:al|a la|a su|a trabajar|a correr|a jugar)"
)
_ACTIVITY = (
    rf"{_TREATMENT}|natación|nadar|caminar|andar|correr|pedalear|pilates|yoga|taich[ií]|bicicleta"
    r"|bailar|baile|moverse"
)
_PRAISED = (
    r"buen[oa]s?|excelentes?|ideal(?:es)?|estupend[oa]s?|fantástic[oa]s?|magnífic[oa]s?"
    r"|beneficios[oa]s?|genial(?:es)?"
)
_NUMBER = (
    r"(?:\d+|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|la mitad|dos tercios"
    r"|tres cuartos)"
)
_ABOUT_HEALTH = _re(rf"\b(?:{_TROUBLE}|{_ABILITY})\b")
#: The body or the complaint by itself: the course of things.
_COURSE = _re(
    r"\bpor sí sol[oa]s?\b|\b(?:mejoran?|bajan?|disminuyen?|ceden?|desaparecen?)"
    r" (?:en|al cabo de|después de|tras) (?:\w+ ){0,3}"
    r"(?:días|semanas|meses|años)\b|\bcon el tiempo\b|\bse (?:alivia|mejora|cura|calma|quita"
    r"|recupera|resuelve)n?\b"
    r"|\b(?:herida|moratón|moratones|hematoma|fractura|hueso|corte)s? (?:\w+ )?se"
    r" (?:curar|cerrar|soldar)(?:á|án)\b"
    r"|\bsuelen? mejorar\b|\bterapeuta|\bmédic[oa]\b|\b(?:su|nuestro|un|el) (?:equipo|fisio\w*"
    r"|familiar|cuidador)\b|\balguien\b"
)

_SPANISH = Language(
    clause_end=_re(
        r"[;:()—–]|,? (?:pero|sino que|aunque|sin embargo|mientras que|porque)\b"
        r"|, (?=y |que |pues |así que )"
    ),
    takes_back=_re(
        r"\b(?:no|nunca|jamás|tampoco|ni|ningun[oa]?|ningún|nadie|nada|apenas|sin|dudos[oa]"
        r"|falso|mito|si|cuando|qué|cómo"
        r"|lo que|hasta que|para|para que|a fin de|objetivo|cuál|desconfíe|difícil"
        r"|(?:cuidado|ojo) con|alerta|huya|aléjese|sospeche|ignore|evite)\b[^,]*$"
    ),
    possibly=_re(
        r"\b(?:pued[ea]n?|podr[íi]an?|quizás?|tal vez|a lo mejor|acaso|hay quien|hay quienes"
        r"|a veces|algunas personas|algunos pacientes|parecen?|posiblemente|puede que"
        r"|es posible que"
        r"|creemos|pensamos|(?:creen?|piensan?|dicen?|opinan?|afirman?|aseguran?|prometen?) que)\b"
    ),
    probably=_re(
        r"\b(?:probablemente|(?:es|son) probables?|suelen?|a menudo|normalmente|generalmente"
        r"|habitualmente|seguramente|deber[íi]an?|casi siempre|la mayoría|es de esperar)\b"
    ),
    both_sides=_re(
        r"\b(?:algunos|unos|varios) (?:estudios|ensayos|trabajos)\b.*\b(?:otros"
        r"|los demás)\b.*\b(?:no|ningun)"
    ),
    order=_re(
        r"^\W*(?:consult|pregunt|avis|conviene|recuerd|busqu|intent|evite|elij|haga|pida"
        r"|mantenga|use"
        r"|deje|baje|reduzca|mejore)"
    ),
    by_itself=_re(
        r"\W*(?:el|la|los|las|su|sus|un|una) (?:líquido|ligamentos?|meniscos?|cartílagos?|tend\w+"
        r"|músculos?|discos?|huesos?|nervios?|suelo pélvico|diafragma|cápsula|sangre|cuerpo"
        r"|corazón|cerebro|riñón|riñones|piel|glóbulos|células|bolsa|membrana|tiempo|tejidos?"
        r"|cirujan[oa]s?|médic[oa]s?|doctora?|enfermer[oa]s?|matronas?|fisioterapeutas?"
        r"|terapeutas?|pareja|famili\w+|amig[oa]s?|cuidador\w*|hij[oa]s?|equipo|bast[oó]n(?:es)?"
        r"|muletas?|andador|barandillas?|cojín|almohada|folleto|diario|hoja|vídeos?|silla|banco"
        r"|calzador)\b"
    ),
    asks=re.compile(r"\W*"),
    says_yes=_re(r"\W*(?:sí|por supuesto|claro que sí|desde luego|sin duda|absolutamente)(?!\w)"),
    left_out=_re(r"\W*(?:el|la|los|las) (?:\w+ ){1,4}sí\W*"),
    patterns=(
        Pattern(
            Force.EFFECT,
            _re(rf"\b(?:{_AR}){_FINITE_AR}\b"),
            unless=_COURSE,
            only_with=_ABOUT_HEALTH,
        ),
        Pattern(
            Force.EFFECT,
            _re(
                rf"\b(?:(?:{_IR}){_FINITE_IR}(?! (?:tras|después|con la edad|en)\b)"
                r"|reduj(?:o|eron)|(?:reduc|disminu|combat)ir(?:á|án)"
                r"|acab(?:a|an|ó|aron|ará|arán) con)\b"
            ),
            unless=_COURSE,
            only_with=_ABOUT_HEALTH,
        ),
        Pattern(
            Force.EFFECT,
            _re(
                r"\bayud(?:a|an|ó|aron|ará|arán)(?: (?:a|en|contra)\b"
                r"|(?=\s*(?:[.!]|$)))"
            ),
            unless=_re(rf"{_COURSE.pattern}|^\W*ayuda\b"),
        ),
        Pattern(
            Force.EFFECT,
            _re(
                rf"\b(?:alivi|calm){_FINITE_AR}(?=\s*(?:[.!]"
                rf"|$))"
            ),
            unless=_COURSE,
        ),
        Pattern(
            Force.SURE,
            _re(rf"\b(?:{_AR_SURE}){_FINITE_AR}\b"),
            unless=_re(
                rf"{_COURSE.pattern}|funciona (?:de|los|las|desde|a las|con)\b|evit\w+ (?:que"
                rf"|usar|hacer)"
            ),
        ),
        Pattern(Force.SURE, _re(rf"\b(?:{_IR_SURE}){_FINITE_IR}\b"), unless=_COURSE),
        Pattern(
            Force.EFFECT,
            _re(
                rf"\b(?:(?:{_AR}|{_AR_SURE})(?:ar|e|en|ase|ara)|(?:reduc|disminu|preven|combat"
                rf"|resolv)ir"
                r"|reduzcan?|disminuyan?|prevengan?|devuelvan?|favorezcan?|protejan?|ayud(?:ar"
                r"|e|en)|sirv(?:a|an)|fortalecer|proteger)\b"
            ),
            unless=_COURSE,
            needs_hedge=True,
        ),
        Pattern(
            Force.EFFECT,
            _re(
                r"\b(?:duelen?|dolió|dolía) menos\b|\bse caen menos\b|\btosen? menos\b"
                r"|\bmenos (?:dolor"
                r"|rigidez|mareos|caídas"
                r"|molestias)\b"
            ),
            only_with=_re(rf"\b(?:{_TREATMENT}|al|gracias)\b"),
        ),
        Pattern(
            Force.EFFECT,
            _re(r"\b(?:respir|dorm|camin|mov)\w+ mejor\b"),
            only_with=_re(rf"\b(?:{_TREATMENT})\b"),
        ),
        Pattern(
            Force.EFFECT,
            _re(r"\brecuper(?:a|an|é|ó|amos|aron|ará|arán)\b"),
            unless=_COURSE,
            only_with=_re(rf"\b(?:gracias|{_TREATMENT})\b"),
        ),
        Pattern(
            Force.SURE,
            _re(
                r"\b(?:(?:es|son|resulta|resultan) (?:muy "
                r"|altamente )?(?:eficac(?:es)?|eficaz|efectiv[oa]s?)"
                r"|sirven? (?:para|contra))\b"
            ),
        ),
        Pattern(
            Force.EFFECT,
            _re(
                rf"\b(?:es|son) (?:muy |realmente )?(?:{_PRAISED}) (?:para|contra) (?:el|la|los|las"
                rf"|su|sus|tu|tus) (?:\w+ )?(?:{_TROUBLE}|{_ABILITY})"
            ),
            only_with=_re(rf"\b(?:{_ACTIVITY})\b"),
        ),
        Pattern(
            Force.SURE,
            _re(
                r"\b(?:es|son|sigue siendo) (?:el|la|los|las|lo|un[oa] de l[oa]s)"
                r" (?:\w+ ){0,3}más (?:eficaz|eficaces|efectiv[oa]s?)\b"
            ),
        ),
        Pattern(
            Force.SURE,
            _re(r"\bnada (?:funciona|ayuda|alivia|va) (?:mejor|tanto|más)\b|\bnada es mejor que\b"),
            only_with=_ABOUT_HEALTH,
        ),
        Pattern(Force.SURE, _re(r"\b(?:más (?:eficaz|eficaces|efectiv[oa]s?)|mejor(?:es)?) que\b")),
        Pattern(
            Force.SURE,
            _re(
                r"\b(?:el|la) mejor (?:tratamiento|terapia|remedio|ejercicio"
                r"|método|técnica|opción|medicina|medicamento|solución) (?:para|contra|del?)\b"
            ),
        ),
        Pattern(
            Force.EFFECT,
            _re(
                r"\btienen? (?:un )?efectos? (?:\w+ )?(?:analgésic|calmant|antiinflamatori|relajant"
                r"|sedant|beneficios|protector|curativ)\w+"
            ),
        ),
        Pattern(
            Force.EFFECT,
            _re(
                r"\b(?:pasar(?:á|án) a la historia|tienen? los días contados|mantienen? a raya"
                r"|(?:van?|vienen?|sientan?) (?:muy )?bien (?:para|contra))\b"
            ),
            only_with=_ABOUT_HEALTH,
        ),
        Pattern(
            Force.EFFECT,
            _re(rf"\bhan? (?:(?:{_AR}|{_AR_SURE})ado|(?:reduc|disminu|preven|fortalec)ido)\b"),
            unless=_COURSE,
            only_with=_ABOUT_HEALTH,
        ),
        Pattern(Force.SURE, _re(r"\bnuestros pacientes (?:\w+ ){1,2}sin (?:dolor|molestias)\b")),
        Pattern(
            Force.SURE,
            _re(
                r"\b(?:pruebas|evidencias?|indicios) (?:muy )?(?:sólid|clar|fuerte|contundente)\w*"
                r" (?:a favor|de que|para)\b"
            ),
        ),
        Pattern(
            Force.SURE,
            _re(
                r"\bno (?:hay|existe) (?:nada |un )?mejor (?:que|tratamiento|ejercicio"
                r"|remedio|terapia)\b"
            ),
        ),
        Pattern(Force.COUNT, _re(r"\btasa de éxito de(?:l)? (?:\w+ )?\d")),
        Pattern(
            Force.EFFECT,
            _re(r"\b(?:olvíde(?:se|te)|despída(?:se|te)|(?:diga|di|decir) adiós)\b"),
            only_with=_re(rf"\b(?:{_TROUBLE})\b"),
        ),
        Pattern(
            Force.EFFECT,
            _re(
                rf"^\W*(?:sus?|tus?|el|la|los|las) (?:{_TROUBLE})"
                r"(?: \w+){0,3}? (?:desaparecer|ceder"
                r"|remitir|parar|se ir)(?:á|án)(?=\W*$)"
                r"|\bdolerán? menos\b|\b(?:dormir|caminar|respirar|andar|mover)(?:á|án|ás) (?:mejor"
                r"|más)\b|\bse (?:caer|cansar|marear)(?:á|án|ás) menos\b"
                rf"|\btendr(?:á|án|ás) menos (?:{_TROUBLE})"
                r"|\bnotar(?:á|án|ás) (?:la |una )?(?:mejor\w+|alivio|diferencia)"
                r"|^\W*menos (?:\w+ ){1,4}en (?:\w+ ){1,2}(?:días|semanas|sesiones)\b"
            ),
            unless=_re(r"\bcon el tiempo\b|\bpoco a poco\b|^\W*cada día\b|\bpor sí sol"),
        ),
        Pattern(
            Force.SURE,
            _re(r"\b(?:arregl|remedi)(?:a|an|ó|aron|ará|arán)\b"),
            unless=_COURSE,
            only_with=_ABOUT_HEALTH,
        ),
        Pattern(
            Force.EFFECT,
            _re(r"\b(?:desaparecen?|ceden?|remiten?|disminuyen?|bajan?|se va|se van)\b"),
            only_with=_re(rf"\b(?:con|gracias a|mediante) (?:\w+ ){{0,2}}(?:{_TREATMENT})\b"),
        ),
        Pattern(
            Force.EFFECT,
            _re(
                r"\bcuanto (?:más|antes)\b[^.;]*, (?:antes|mejor|más rápido|menos) (?:\w+ ){0,2}"
                r"(?:recuper|mejor|duel|dol|cur|sent)\w*"
            ),
        ),
        Pattern(
            Force.SURE,
            _re(r"\beficacia\b.*\bestá (?:más que )?(?:probada|demostrada|comprobada)\b"),
        ),
        Pattern(
            Force.COUNT,
            _re(
                r"\b(?:recuper|mejor|cur)\w+ (?:el doble de|(?:dos|tres|\d+) veces más)"
                r" (?:rápido|deprisa)\b"
            ),
        ),
        Pattern(Force.SURE, _re(r"\b(?:cura|remedio) (?:para|contra|definitiv)")),
        Pattern(
            Force.ABSOLUTE,
            _re(
                r"\bgarantiz\w*\b|\bmilagros?\b|\bmilagros[oa]s?\b"
                r"|\binfalibles?\b|\binocu[oa]s?\b|\binofensiv[oa]s?\b"
            ),
        ),
        Pattern(
            Force.ABSOLUTE,
            _re(
                r"\b(?:sin|no tienen?|no hay|carecen? de) (?:ningún |ninguno? "
                r"|los )?(?:efectos? (?:secundarios?|adversos?)"
                r"|riesgos?|peligros?)\b"
            ),
        ),
        Pattern(
            Force.ABSOLUTE,
            _re(
                r"\b(?:no|nunca|jamás) (?:más )?volver(?:á|án|ás) a (?:tener|sentir|sufrir|padecer"
                r"|notar)\b|\bnunca más (?:tendr|sentir|sufrir|padecer)(?:á|án|ás)\b"
            ),
            only_with=_re(rf"\b(?:{_TROUBLE})\b"),
        ),
        Pattern(
            Force.SURE,
            _re(r"\b(?:está|ha sido|se ha) (?:\w+mente )?(?:demostrado|probado|comprobado) que\b"),
            unless=_re(r"\bque\b.*\b(?:no|ni|nunca)\b"),
            only_with=_ABOUT_HEALTH,
        ),
        Pattern(
            Force.EFFECT,
            _re(
                r"\b(?:volv(?:ió|ieron|í|imos)|vuelven?|pud(?:o|ieron|e)) (?:a )?(?:caminar|andar"
                r"|correr|trabajar|jugar|dormir|moverse)\b"
            ),
            only_with=_re(r"\bgracias a(?:l)?\b"),
        ),
        Pattern(
            Force.ABSOLUTE,
            _re(
                r"\bnunca fallan?\b|\b(?:para|a) todo el mundo\b|\bsirven? a todos\b"
                r"|\b(?:no puede hacer(?:le)? daño)\b"
            ),
        ),
        Pattern(
            Force.ABSOLUTE,
            _re(
                r"\b(?:es|son) (?:una? (?:método|tratamiento|técnica|terapia|ejercicio|opción) )?"
                r"(?:\w+mente )?segur[oa]s?\b|\b(?:total|completa"
                r"|absoluta)mente segur[oa]s?\b|\b100 ?% segur[oa]s?\b"
            ),
            unless=_re(r"\bsegur[oa]s? de (?:que|sí)\b"),
        ),
        Pattern(
            Force.COUNT,
            _re(
                rf"\b{_NUMBER} de cada "
                rf"{_NUMBER}\b.{{0,90}}?\b(?:{_BETTER_COUNT})"
            ),
        ),
        Pattern(
            Force.SURE,
            _re(
                r"\bcicatriza(?:n|rá|rán)? (?:el|la|los|las"
                r"|sus?)\b"
            ),
            unless=_COURSE,
        ),
        Pattern(
            Force.EFFECT,
            _re(
                r"\b(?:se (?:le |te )?(?:irá|irán|quitará|quitarán)|desaparecer(?:á|án)) (?:el"
                r"|la|los|las)\b"
            ),
            only_with=_ABOUT_HEALTH,
            unless=_re(r"\bsemanas\b|\bmeses\b|\bdías\b|\bpor sí sol"),
        ),
        Pattern(Force.COUNT, _re(rf"\b(?:el )?\d+ ?% de\b.{{0,90}}?\b(?:{_BETTER_COUNT})")),
    ),
)


def promises_in_spanish(text: str) -> Iterator[Promise]:
    """Yield what plain Spanish `text` promises."""
    return _SPANISH.promises(text)
