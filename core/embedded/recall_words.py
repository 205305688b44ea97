"""The words by which people mean something from earlier: whose it is, from when, which in a row, what is in it."""

from __future__ import annotations

import re


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


I_SENT = _any(
    r"\bi(?:'ve| have)?(?: just)? (?:sent|recorded|hummed|sang|said|uploaded|played|posted|shared|whistled"
    r"|spoke|gave you)",
    r"\b(?:envié|mandé|grabé|tarareé|canté|he (?:enviado|grabado|cantado|tarareado))\b",
    r"\bj'ai (?:envoyé|enregistré|fredonné|chanté|dit)\b",
    r"\bich (?:\w+ ){0,3}(?:geschickt|aufgenommen|gesummt|gesungen|gesagt)\b",
    r"\bho (?:mandato|inviato|registrato|canticchiato|cantato)\b",
    r"\b(?:enviei|mandei|gravei|cantarolei|cantei)\b",
    r"\bя (?:\w+ )?(?:прислал|записал|напел|спел|отправил)\w*",
    r"我(?:昨天|刚才|之前)?(?:发|录|哼|唱)的|私が.{0,6}(?:送った|録音した|歌った|ハミングした)",
)
MY = _any(
    r"\bmy (?:own )?(?:\w+ )?(?:recording|clip|voice note|voice message|humming|photo|picture|drawing|take|file|song"
    r"|track|tune|music|beat|memo|video|piece)\b|\bmine\b",
    r"\bmi (?:grabación|foto|clip|canción|música|dibujo)\b|\b(?:mon enregistrement|ma photo|ma chanson|mon clip)\b",
    r"\bmein(?:e|en|er)? (?:\w+ )?(?:aufnahme|foto|clip|datei|lied|musik|bild)\b",
    r"\bmein(?:e|er|en|s)?\b(?= (?:bitte|auch|noch|jetzt|dann)| *[,.!?]|$)",
    r"\b(?:la|el|los|las) m[ií][oa]s?\b|\b(?:le|la|les) mien(?:ne)?s?\b|\b(?:la mia|il mio|le mie|i miei)\b(?! \w)"
    r"|\b(?:a minha|o meu)\b(?= (?:também|pra|para|toca|tb)| *[,.!?]|$)|\b(?:die van mij|de mijne)\b"
    r"|\bmoj[eąa]\b(?= (?:też|także)|$)"
    r"|\b(?:benimki\w*|benim kayd\w+)\b|\bмо[юяйё]\b(?= (?:тоже|также)|$)|내 ?(?:거|것|꺼|파트)|나의|私の(?:も|を"
    r"|は)|我的(?:也|呢)",
    r"\bla mia (?:registrazione|foto|canzone|musica)\b|\bminha (?:gravação|foto|canção|música)\b",
    r"\bмо[юяйе]\w* (?:запись|фото|клип|песн\w+|музык\w+)|我的(?:录音|照片|歌|音乐)|(?:私|僕)の(?:録音|写真|歌|曲)",
)
MY_SENT = _any(
    r"\bmy (?:own )?(?:\w+ )?(?:recording|voice note|voice message|humming|photo|memo|upload)\b",
    r"\bmein(?:e|en|er) (?:aufnahme|sprachnachricht|foto)\b|\b(?:mon enregistrement|ma photo|mi grabación|mi foto)\b",
    r"\b(?:la mia registrazione|minha gravação|моя запись|мою запись|мою фотку)\b|我的录音|(?:私|僕)の(?:録音|写真)",
)
"""What people call what they sent themselves, in a group where others send things too."""
OURS = _any(
    r"\byou(?:'ve| have)?(?: just)? (?:made|sang|drew|composed|generated|played|created|sent|gave|wrote|said|read)\b",
    r"\byour (?:last |first |second )?(?:song|drawing|picture|music|tune|piece|version|take|answer|result"
    r"|recording)\b",
    r"\b(?:hiciste|cantaste|dibujaste|compusiste|generaste|creaste)\b|\btu (?:canción|dibujo|música|versión)\b",
    r"\btu as (?:fait|chanté|dessiné|composé|créé|généré)\b|\bta (?:chanson|musique|version)\b|\bton (?:dessin"
    r"|morceau)\b",
    r"\bdu (?:\w+ ){0,3}(?:gemacht|gesungen|gezeichnet|komponiert|erzeugt)\b|\bdeine? (?:lied|zeichnung|musik"
    r"|version)\b",
    r"\bhai (?:fatto|cantato|disegnato|composto|creato)\b|\bla tua (?:canzone|musica|versione)\b",
    r"\b(?:você|tu) (?:fez|cantou|desenhou|compôs|criou|fizeste)\b|\ba sua (?:canção|música|versão)\b",
    r"\bты (?:\w+ )?(?:сделал|спел|нарисовал|сочинил|создал)\w*|\bтво[юяйе]\w* (?:песн\w+|рисунок|музык\w+)",
    r"你(?:做|唱|画|写|生成)的|あなたが.{0,6}(?:作った|歌った|描いた)",
)
THEIRS = _any(
    r"\b(?:her|his|their) (?:voice|recording|clip|photo|picture|take|message)\b",
    r"\bhers\b|\btheirs\b|\bhis\b(?= (?:as|in|too|please|with|to|for)\b| *[,.!?]|$)|\b(?:die|dat) van (?:haar|hem)\b"
    r"|\b(?:la suya|el suyo|la sienne|le sien|la sua|il suo)\b(?= (?:por|bitte|aussi|anche|como|come)\b| *[,.!?]|$)"
    r"|\b[ao] de(?:la|le)\b(?= (?:também|em|como|por)\b| *[,.!?]|$)",
    r"\b(?:she|he|they) (?:sent|recorded|hummed|sang|said|posted|shared)\b",
    r"\bsu (?:voz|grabación)\b|\bsa voix\b|\b(?:seine|ihre) (?:stimme|aufnahme)\b|\bla sua voce\b|\ba voz del[ae]\b",
    r"\b(?:её|его|их) (?:голос|запись)\b|[她他]的(?:声音|录音)|(?:彼女|彼)の(?:声|録音)",
)
SUNG = _any(
    r"\b(?:hummed|humming|sang|sung|singing|whistled|fredonn\w+|chanté|gesummt|gesungen|canticchi\w+|cantat\w)\b",
    r"\b(?:tarare\w+|cant(?:é|aste|ado|ei|ou)|cantarol\w+)\b|напел\w*|спел\w*|[哼唱]|歌った|ハミング",
)
ORIGINAL = _any(
    r"\b(?:the|my|your|our|his|her|their) (?:\w+ )?(?:original|unedited|untouched)\b|\b(?:das|der|die"
    r"|dem) original\w*|\bl'original\w*"
    r"|\b(?:el|la|o|a) original\b",
    r"\bоригинал\w*|\bисходн\w+|原(?:来的|版|始的?|音)|元の(?:録音|音|声|ファイル|まま)?|オリジナル",
)
"""What a person sent, before anything was made of it."""
AS_WAS = _any(
    r"\bas (?:they|it) (?:were|was)\b|\b(?:both|the two|the three) (?:originals|raw (?:files|clips|takes))\b"
    r"|\boriginals\b",
    r"\bwie sie waren\b|\bcomme (?:ils|elles) étaient\b|\bcomo estaban\b|\bcom'erano\b|\bcomo estavam\b",
)
_KEPT = r"(?:one|ones|clip|recording|file|take|version|picture|photo|image|note|voice note|message|memo|video)s?"
_MADE = r"(?:sound|song|track|piece|tune|melody|drawing|audio)s?"
THING = rf"(?:{_KEPT}|{_MADE})"
_WITH = (
    r"(?:with|about|where|in which|on which|that (?:has|says|said|mentions?|contains|shows|goes|had)"
    r"|which (?:has|shows|says)|containing|saying|showing|mentioning|called)"
)
THE_ONE = _any(
    rf"\bthe ones? (?:{_WITH}|of)\s+(?P<it>.+)",
    r"\b(?:celle|celui|ceux|celles) (?:avec|de|du|sur|où|qui (?:parle de|dit))\s+(?P<ça>.+)",
    r"\bquell[oaie] (?:con|di|del(?:la|lo|l')?|su|dove|che (?:dice|parla di))\s+(?P<questo>.+)",
    r"\b(?:ту|тот|то|те),? (?:где|с|со|про|о|об)\s+(?P<это>.+)",
    r"(?P<それ>[^のをがは]{1,12})の(?:やつ|方|ほう|もの)",
)
"""What is in a piece that is plainly one from earlier: "the one with the dog". A group's name can stand for it all."""
THE_THING = _any(
    rf"\bthe (?:{_KEPT} of|{THING} {_WITH})\s+(?P<it>.+)",
    r"\b(?:el|la|los|las) (?:del?|con|que (?:tiene|dice|habla de)|donde)\s+(?P<eso>.+)",
    r"\b(?:die|der|das|den) (?:mit|über|von|wo|in (?:der|dem))\s+(?P<es>.+)",
    r"\b(?:o|a|os|as) (?:do|da|com|sobre|que (?:tem|diz|fala de))\s+(?P<isso>.+)",
    r"有(?P<它>[^的]{1,12})的(?:那个|那张|那段)|(?P<这个>[^把请的]{1,12})的那(?:个|张|段)",
)
"""What may be in a piece from earlier, where there is one with that in it."""
WHAT_THEY_SENT = re.compile(
    rf"\b(?:what|that which|(?:the|that) {THING}(?: that| which)?)"
    r" (?:(?:i|you|she|he|they)(?:'ve| have| has)?|\w+)"
    r"(?: just)? (?:sent|recorded|hummed|sang|said|uploaded|played|posted|shared|whistled|made|drew|composed|generated"
    r"|created|gave|wrote)(?: (?:to )?(?:you|us|me|here))?\b"
)
"""English clauses that say whose a piece is: "the song you sang"."""
KEPT_X = re.compile(rf"\b(?:the|that|my|your) (?P<x>(?:[\w'-]+ ){{1,3}}?){_KEPT}\b", re.IGNORECASE)
THE_X = re.compile(rf"\b(?:the|that|my|your) (?P<x>(?:[\w'-]+ ){{1,3}}?){THING}\b", re.IGNORECASE)
_SMALL_WORDS = (
    "the a an of and to in is it that this i you he she we they me my your his her its our their on for with from"
    " about as"
    " at be was were has have had do does did not but or so if what when where who how please will would can could"
    " el la los las un una de del que y en con por para mi tu su lo es se le les des du une et est qui dans ce"
    " cette avec"
    " pour sur mon ma ton ta son sa der die das und ist ein eine einen dem den mit auf für von zu im am il gli"
    " che e di"
    " per o os as uma em no na do da dos das ao com и в на с со что это не я ты он она мы они про о об"
)
_OF_ANY = (
    "last latest newest first second third fourth fifth previous earlier other another same new old original"
    " whole entire"
    " full attached sent recorded next final current best audio voice sound video music one only actual two three"
    " own long"
    " short loud quiet clean noisy right left wrong above made generated"
)
SMALL = frozenset(_SMALL_WORDS.split())
"""Words that only join others."""
NO_CONTENT = SMALL | frozenset(_OF_ANY.split())
"""Words that tell no piece from another by what is in it."""
SPAN = _any(r"\b(?P<n>\d+|an?|one|two|three|few|couple of|half an) (?P<unit>minute|hour|day|week)s? ago\b")
COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "couple of": 2, "three": 3, "few": 3, "half an": 0.5}
UNITS_S = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}
DAYS_AGO: tuple[tuple[int, int, re.Pattern[str]], ...] = (
    (2, 2, _any(r"\bday before yesterday\b|\banteayer\b|\bavant-hier\b|\bvorgestern\b|\bl'altro ieri\b|\banteontem\b",
                r"позавчера|前天|一昨日|おととい")),
    (1, 1, _any(r"\byesterday\b|\blast night\b|\bayer\b|\banoche\b|\bhier (?:soir|matin)\b|\bhier\b(?=\W*$)"
                r"|\bgestern\b",
                r"\bieri\b|\bontem\b|вчера|昨天|昨日|昨夜")),
    (0, 0, _any(r"\bthis (?:morning|afternoon|evening)\b|\bearlier today\b|\b(?:from|of|sent|made|recorded) today\b",
                r"\besta (?:mañana|tarde)\b|\bce matin\b|\bcet après-midi\b|\bheute (?:früh|morgen|mittag"
                r"|nachmittag)\b",
                r"\bstamattina\b|\bhoje de manhã\b|\besta manhã\b|сегодня утром|今天早上|今早|今朝")),
    (3, 13, _any(r"\blast week\b|\bla semana pasada\b|\bla semaine dernière\b|\bletzte woche\b"
                 r"|\bla settimana scorsa\b",
                 r"\bsemana passada\b|на прошлой неделе|上周|上个星期|先週")),
)  # fmt: skip
"""Days ago, from and to."""
ONE_BEFORE = _any(
    r"\bthe (?:one|take|version) before(?: (?:that|it|last))?\b|\bthe (?:previous|earlier|former) (?:one|take"
    r"|version)\b"
    r"|\b(?:die|das|den) (?:vorige|vorherige|davor)\w*|\bcelle d['’]avant\b|\bcelui d['’]avant\b|\b(?:la|el) de antes\b"
    r"|\bquell[ao] di prima\b|\b[ao] (?:anterior|de antes)\b|\bde vorige\b|\bpoprzedni\w+|\bпредыдущ\w+|上一个|前のやつ"
    r"|\bpenultimate\b",
    r"\bnext[- ]to[- ]last\b|\bsecond[- ]to[- ]last\b|\bpenúltim[oa]\b|\bavant-dernier\w*|\bvorletzte\w*"
    r"|\bpenultim[oa]\b",
    r"предпоследн\w+|倒数第二|最後から二番目",
)
_OF_TIME = r"(?!\s*(?:\d|half|few|couple|sec|min|one sec|two|three|five|ten|twenty|thirty|los|das|de |mitad|moiti))"
NTH: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (place, re.compile(f"(?:{pattern}){_OF_TIME}", re.IGNORECASE))
    for place, pattern in (
        (
            0,
            r"\b(?:first|1st|primer[oa]?|premi[eè]re?|erste[nrs]?|prim[oa]|primeir[oa]|eerste|pierwsz\w+|första"
            r"|første|ilki|birinci\w*"
            r")\b|第一|一つ目|(?<!\d)1(?:つ目|番目|本目|個目|テイク目)|最初の|перв\w+|перш\w+|первы\w+"
            r"|첫 ?번째|πρώτ\w+",
        ),
        (
            1,
            r"\b(?:second|2nd|segund[oa]|deuxième|zweite[nrs]?|second[oa]|tweede|drugi\w*|andra|anden|ikinci\w*"
            r"|kedua)\b"
            r"|第二|二つ目|(?<!\d)2(?:つ目|番目|本目|個目|テイク目)|втор\w+|\bдруг(?:ий|ого|ому|им|у)\b|두 ?번째"
            r"|δεύτερ\w+",
        ),
        (
            2,
            r"\b(?:third|3rd|tercer[oa]?|troisième|dritte[nrs]?|terz[oa]|terceir[oa]|derde|trzeci\w*|tredje"
            r"|üçüncü\w*|ketiga)\b"
            r"|第三|三つ目|(?<!\d)3(?:つ目|番目|本目|個目|テイク目)|трет\w+|세 ?번째|τρίτ\w+",
        ),
        (3, r"\b(?:fourth|4th|cuart[oa]|quatrième|vierte[nrs]?|quart[oa])\b|第四|四つ目|четв[её]рт\w+"),
        (4, r"\b(?:fifth|5th|quint[oa]|cinquième|fünfte[nrs]?)\b|第五|五つ目|пят(?:ый|ая|ую|ое|ой)\b"),
        (5, r"\b(?:sixth|6th|sext[oa]|sixième|sechste[nrs]?|sest[oa])\b|第六|六つ目|шест(?:ой|ая|ую|ое)\b"),
        (-1, r"\b(?:last|latest|newest|últim[oa]|derni[eè]re?|letzte[nrs]?|ultim[oa])\b|最后|最後の|последн\w+"),
    )
)
"""Places in the order of time; "the first 5 seconds" names none."""
PLACE_OF_ONE = re.compile(
    rf"\b(?:the|my|your) (?:second|third|fourth|fifth|sixth|[2-9](?:nd|rd|th)) {THING}\b", re.IGNORECASE
)
"""A piece by its place, which has to be there."""
TALKER = _any(
    r"\b(?:voices?|speakers?|talkers?|person|sprecher\w*|stimme|voz|hablante|voix|locut\w+|voce|falante)\b|голос|声|人"
)
THE = r"(?:the|my|that|your|die|der|das|den|la|le|les|el|il|lo|o|a) "
IT = {
    "en": "it", "es": "eso", "fr": "ça", "de": "es", "it": "questo", "pt": "isso", "zh": "它", "ja": "それ", "ru": "это"
}  # fmt: skip
TAKE = _any(r"\b(?:takes?|versions?|attempts?|tomas?|versión|prises?|versione|versão)\b|дубль|версия|版|テイク")
