"""The words that say how often, how loud, how far, where, when and how long, in twelve languages.

They are matched in text without accents (`plain`); a word ends where a letter does, but for Chinese and Japanese.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_KEPT = {"ł": "l", "ø": "o", "ё": "е", "ı": "i", "’": "'"}
_EASTERN = "\u3040-\u30ff\u3400-\u9fff"


def plain(text: str) -> str:
    """Lower case without accents, sign for sign: a place in it is the same place in the text."""
    return "".join(_plain(sign) for sign in composed(text))


def is_eastern(text: str) -> bool:
    """Whether there is Chinese or Japanese in it."""
    return re.search(f"[{_EASTERN}]", text) is not None


def composed(text: str) -> str:
    """The text in lower case, sign for sign as long as `plain` of it."""
    return "".join(sign.lower()[:1] or sign for sign in unicodedata.normalize("NFC", text))


def _plain(sign: str) -> str:
    if sign in _KEPT:
        return _KEPT[sign]
    base = unicodedata.normalize("NFD", sign)[0]
    return base if unicodedata.name(base, "").startswith("LATIN") else sign


def words(listed: str | Iterable[str]) -> re.Pattern[str]:
    """A pattern of alternatives set apart by bars, the longest first; a `*` stands for any ending."""
    alternatives = listed.split("|") if isinstance(listed, str) else listed
    ordered = sorted({plain(one.strip()) for one in alternatives}, key=len, reverse=True)
    return re.compile("|".join(map(bounded, ordered)))


def bounded(word: str) -> str:
    """One alternative as a pattern of its own: whole words only, where words are set apart at all."""
    if is_eastern(word):
        return word.replace("*", "")
    ending = r"\w{0,9}"
    return rf"(?<!\w){word.replace('*', ending)}(?!\w)"


_COUNTS = {
    1: "one|once|a single|einmal|einziger|une fois|un seul|una sola vez|una vez|una volta|uma vez|eenmaal|een keer|"
    "raz|jeden raz|один|одна|один раз",
    2: "two|twice|double|a couple of|couple of|zwei|zweimal|deux|dos|due|duas|dois|twee|tweemaal|dwa|dwie|"
    "dwukrotnie|два|две|дважды|iki",
    3: "three|thrice|drei|dreimal|trois|tres|tre|três|drie|driemaal|trzy|trzykrotnie|три|трижды|uc|üç",
    4: "four|vier|viermal|quatre|cuatro|quattro|quatro|cztery|четыре|четырежды|dort",
    5: "five|funf|funfmal|cinq|cinco|cinque|vijf|piec|пять|bes",
    6: "six|sechs|sechsmal|seis|sei|zes|szesc|шесть|alti",
    7: "seven|sieben|siebenmal|sept|siete|sette|sete|zeven|siedem|семь|yedi",
    8: "eight|acht|achtmal|huit|ocho|otto|oito|osiem|восемь|sekiz",
    9: "nine|neun|neunmal|neuf|nueve|nove|negen|dziewiec|девять|dokuz",
    10: "ten|zehn|zehnmal|dix|diez|dieci|dez|tien|dziesiec|десять",
    11: "eleven|elf|onze|undici|jedenascie|одиннадцать",
    12: "twelve|zwolf|douze|doce|dodici|doze|twaalf|dwanascie|двенадцать",
    15: "fifteen|funfzehn|quinze|quince|quindici|vijftien|пятнадцать",
    20: "twenty|zwanzig|vingt|veinte|venti|vinte|twintig|dwadziescia|двадцать",
    30: "thirty|dreissig|dreißig|trente|treinta|trenta|trinta|dertig|trzydziesci|тридцать",
}
_VAGUE = {
    3: "a few|ein paar|einige|quelques|unos|unas|algunos|algunas|alcuni|alcune|alguns|algumas|enkele|een paar|kilka|"
    "birkac",
    4: "several|mehrere|mehrmals|plusieurs|varios|varias|varie|vários|meerdere|несколько|几",
    6: "many|lots of|viele|vielmals|beaucoup de|muchos|muchas|molti|molte|muitos|muitas|veel|wiele|много|很多|"
    "たくさんの",
}
_EASTERN_COUNT = {
    "一": 1,
    "两": 2,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_NUMBER = {word: n for n, said in _COUNTS.items() for word in said.split("|")}
_COUNTED = {plain(word): n for n, said in (*_VAGUE.items(), *_COUNTS.items()) for word in said.split("|")}
_TIMES = r"\s*(?:times|mal|fois|veces|vez|volte|vezes|keer|maal|razy|раза?|kez|kere|defa|x|×)?"
_CLASSIFIER = r"(?:声|聲|下|次|响|回|発|度|只|個|个|匹|羽|頭|头|条)"
COUNT = re.compile(
    rf"(?<![\w.,])[x×]?(\d+){_TIMES}(?!\w)|(\d+|[{''.join(_EASTERN_COUNT)}]){_CLASSIFIER}|({words(_COUNTED).pattern}){_TIMES}(?!\w)"
)
_AN = re.compile("一(?:只|個|个|匹|羽|頭|头|条)")
"""An article, as it were."""
_FALSE = "très"
"""In French it is no number, with its accent."""


def count_of(match: re.Match[str], said: str) -> int | None:
    """The number that a match of `COUNT` says, whose own words are `said`; None where it says none."""
    if said.strip() == _FALSE or _AN.fullmatch(match[0]):
        return None
    if match[1]:
        return int(match[1])
    if match[2]:
        return int(match[2]) if match[2].isdigit() else _EASTERN_COUNT[match[2]]
    return _COUNTED[match[3]]


_UNITS = (
    (60.0, r"minut\w{0,2}|mins?|минут\w?|dakika\w{0,2}|分钟|分間|分"),
    (1.0, r"seconds?|secs?|second[ieao]s?|segundos?|sekund\w{0,2}|seconden|секунд\w?|saniye\w{0,2}|秒钟|秒間|秒"),
)
_ARTICLE = "an?|eine[rn]?|une?|una?|uma?|een|jedn[ae]|одну|bir"
_HALF = (  # of a minute
    r"half an?|half a|(?:eine )?halbe|une demi-?|demi-?|medio|mezzo|meio|een halve|halve|pol|пол|yarim|半"
)
_NUMERALS = "|".join(sorted((plain(word) for word in _NUMBER), key=len, reverse=True))
TIME = (
    rf"(?:(?<![\w.,])(?P<digits>\d+(?:[.,]\d+)?)[\s-]*(?:(?P<mins>{_UNITS[0][1]})|(?P<secs>{_UNITS[1][1]}|s))"
    rf"|(?<!\w)(?P<half>{_HALF})\s*(?:{_UNITS[0][1]})"
    rf"|(?<!\w)(?P<said>{_NUMERALS}|{_ARTICLE})[\s-]+(?:(?P<said_mins>{_UNITS[0][1]})|(?P<said_secs>{_UNITS[1][1]}))"
    rf"|(?P<sign>[{''.join(_EASTERN_COUNT)}])(?:(?P<sign_mins>分钟|分間|分)|秒钟|秒間|秒))(?![a-zа-я])"
)


def seconds_of(match: re.Match[str]) -> float | None:
    """The seconds that a match of a time says; None where it is no time: "a second dog"."""
    if match.re is AT and match["bare"]:
        return float(match["bare"].replace(",", "."))
    if match["half"]:
        return 30.0
    if (
        match.re is LENGTH
        and match["said_secs"]
        and match.start() == match.start("said")
        and match["said"] not in _COUNTED
    ):
        return None
    if match["digits"]:
        return float(match["digits"].replace(",", ".")) * (60.0 if match["mins"] else 1.0)
    if match["sign"]:
        return float(_EASTERN_COUNT[match["sign"]]) * (60.0 if match["sign_mins"] else 1.0)
    return float(_COUNTED.get(match["said"], 1)) * (60.0 if match["said_mins"] else 1.0)


_LATER = (
    "later|afterwards|spater|plus tard|apres|mas tarde|despues|dopo|depois|mais tarde|pozniej|спустя|позже|sonra|后|"
    "後|之后"
)
AFTER = re.compile(
    rf"(?<!\w)(?:after|in|nach|apres|despues de|tras|dopo|depois de|apos|na|po|через|спустя)\s+(?:about\s+)?{TIME}"
)
LATER = re.compile(rf"{TIME}\s*(?:{_LATER})(?![a-zа-я])")
AT = re.compile(
    r"(?<!\w)(?:at|bei|a(?!\s+\S+[\s-](?:seconds?|secs?)\b|\s+\S+-minute\b)|"  # but no "a 5-second clip"
    rf"a los|a las|ai|al|aos|op|bij|w|в|на)\s+(?:the\s+)?{TIME}(?:\s+mark)?"
    r"|(?<!\w)(?:at|bei|a|al|no|op|w|на)\s+(?:second[oeia]?|segundo|sekund\w|секунде)\s+(?P<bare>\d+(?:[.,]\d+)?)(?!\w)"
)
EVERY = re.compile(
    rf"(?<!\w)(?:every|each|alle|jede|toutes les|chaque|cada|ogni|a cada|elke|iedere|co|кажд\w+|her)\s+"
    rf"(?:{TIME}|(?:second|sekunde|seconde|segundo|secondo|секунду|saniye)(?!\w))"
)
LENGTH = re.compile(
    rf"(?:(?<!\w)(?:for|during|lasting|lasts|of|fur|wahrend|von|pendant|durant|durante|por|per|gedurende|van|przez|"
    rf"в течение|um|про)\s+)?(?:about\s+|around\s+|ca\.?\s+|etwa\s+|environ\s+|unos\s+|circa\s+)?{TIME}"
    r"(?:\s*(?:long|lang|de long|de largo|di durata|de lang|boyunca)(?!\w)|(?:的|間の))?"
)

QUIET = words(
    "quiet|quietly|quieter|soft|softly|faint|faintly|gentle|gently|muted|barely audible|leise|leiser|leises|leisem|"
    "leisen|sanft*|dezent*|doux|douce*|doucement|faible*|silencieu*|suave*|silencios*|bajit[oa]|sommess*|dolce|"
    "dolci|debole|silenzios*|baixinh[oa]|baixo|fraco|fraca|zacht*|stil|stille|cich*|delikatn*|тих*|слаб*|негромк*|"
    "轻轻|轻微|安静|小声|静かな|静かに|小さな音|かすかな|hafif*|sessiz*|kisik sesle"
)
LOUD = words(
    "loud|louder|loudly|very loud|deafening|roaring|laut|laute|lauter|lautes|lautem|lautstark*|bruyant*|ruidos[oa]*|"
    "fuerte|fuertes|rumoros*|barulhent[oa]*|alt[oa]|altos|luid|luide|hard|hardop|glosn*|громк*|大声|响亮|巨大的|"
    "大きな音|うるさい|大音量|yuksek sesl*|gurultulu"
)
HEAVY = words(
    "heavy|heavily|strong|strongly|violent|violently|pouring|torrential|raging|wild|stark|starke*|starkem|heftig*|"
    "schwer*|krafti*|forte|fortes|fortement|fort|forts|forti|violent*|intense|intens[oa]*|fuertemente|torrencial*|"
    "pesad[oa]|zware|zwaar|hevig*|fel|siln*|ulewn*|mocn*|сильн*|проливн*|мощн*|大雨|暴风|狂风|强烈|激しい|激しく|"
    "強い|土砂降り|siddetli|kuvvetli"
)
LIGHT = words(
    "light|lightly|mild|slight|drizzling|calm|leicht*|schwach*|leger*|liger[oa]*|leve|leves|leggero|leggera|leggeri|"
    "licht|lichte|lekk*|slab*|лёгк*|легк*|小雨|微风|弱い|穏やかな|小さな雨"
)
FAR = words(
    "distant|distantly|far|far away|far off|faraway|in the distance|from afar|remote|entfernt*|fern|ferne*|"
    "in der ferne|weit weg|lointain*|au loin|dans le lointain|lejan[oa]*|a lo lejos|lontan[oaie]|in lontananza|"
    "distante*|ao longe|longinqu*|ver weg|in de verte|verre|odlegl*|w oddali|dalek*|далек*|вдали|вдалеке|отдаленн*|"
    "远处|遥远|远远|遠く|遠い|uzak*|uzaktan"
)
NEAR = words(
    "close|close up|nearby|near|right next to me|nah|nahe|naher|ganz nah|proche*|tout pres|pres de moi|cercan[oa]*|"
    "de cerca|vicin[oa]|vicini|pert[oa]|bem perto|proximo|dichtbij|vlakbij|blisk*|близк*|рядом|近处|附近|很近|近く|"
    "yakin*"
)
BIG = words(
    "big|bigger|large|huge|giant|enormous|deep|gross|groß*|riesig*|tief*|gros|grosse*|grand|grande*|enorme*|"
    "profond*|gran|groot|grote|diepe*|duz*|wielk*|gleboki*|больш*|огромн*|大型|巨大|大きな|大きい|buyuk*"
)
SMALL = words(
    "small|smaller|little|tiny|high-pitched|klein|kleine*|petit|petite*|petits|pequen*|chiquit*|piccol*|mal[yae]|"
    "malutk*|маленьк*|小さい|小さな|小狗|小猫|kucuk*"
)
FAST = words(
    "fast|faster|quick|quickly|rapid|rapidly|hurried|running|racing|schnell*|eilig*|rapide*|rapidement|vite|"
    "rapid[oa]*|veloc*|velozes|de prisa|depressa|snel|snelle|vlug|szybk*|быстр*|快速|快|急促|速い|速く|早い|hizli*"
)
SLOW = words(
    "slow|slower|slowly|langsam*|lent|lente*|lents|lentement|lent[oaie]s?|despacio|lentamente|devagar|langzaam|"
    "langzame|woln[oaey]*|powol*|медленн*|缓慢|慢慢|慢|ゆっくり|遅い|yavas*"
)
LEFT = words(
    "left|on the left|from the left|to the left|links|a gauche|gauche|izquierda|sinistra|esquerda|po lewej|z lewej|"
    "lewej|слева|налево|左边|左|sol|solda|soldan"
)
RIGHT = words(
    "right|on the right|from the right|to the right|rechts|a droite|droite|derecha|destra|direita|po prawej|"
    "z prawej|prawej|справа|направо|右边|右|sag|sagda|sagdan"
)
ACROSS = words(
    "left to right|from left to right|from the left to the right|von links nach rechts|de gauche a droite|"
    "de izquierda a derecha|da sinistra a destra|da esquerda para a direita|van links naar rechts|z lewej na prawa|"
    "od lewej do prawej|слева направо|从左到右|左から右|soldan saga"
)
BACK = words(
    "right to left|from right to left|from the right to the left|von rechts nach links|de droite a gauche|"
    "de derecha a izquierda|da destra a sinistra|da direita para a esquerda|van rechts naar links|z prawej na lewa|"
    "od prawej do lewej|справа налево|从右到左|右から左|sagdan sola"
)
CONSTANT = words(
    "constant|constantly|continuous|continuously|again and again|repeatedly|repeated|all the time|nonstop|non-stop|"
    "immer wieder|standig*|dauernd*|sans arret|sans cesse|en continu|una y otra vez|constante*|continu[oa]*|"
    "continuamente|ininterrott*|sem parar|steeds|voortdurend|ciagle|bez przerwy|постоянн*|непрерывн*|不停|不断|一直|"
    "ずっと|繰り返し|surekli"
)
HALL = words(
    "echo|echoing|echoes|echoey|reverb|reverberant|reverberation|hall|church hall|cathedral|cave|tunnel|empty room|"
    "in a church|inside a church|hallig*|halle|mit hall|hohle|kathedrale|in einer kirche|in der kirche|"
    "reverberation|grotte|cathedrale|dans une eglise|dans l'eglise|eco|cueva|catedral|en una iglesia|en la iglesia|"
    "grotta|cattedrale|caverna|in una chiesa|in chiesa|numa igreja|na igreja|grot|kathedraal|galm|in een kerk|echem|"
    "jaskini*|katedr*|w kosciele|эхо*|эхом|пещер*|тоннел*|туннел*|в церкви|в соборе|в зале|回声|山洞|洞穴|隧道|"
    "教堂里|エコー|洞窟|トンネル|yanki*|magara*"
)
MUFFLED = words(
    "underwater|under water|submerged|muffled|through a wall|behind a wall|from the next room|next door|"
    "unter wasser|gedampft*|hinter einer wand|sous l'eau|etouffe*|bajo el agua|debajo del agua|amortiguad[oa]|"
    "sott'acqua|attutit[oa]|debaixo d'agua|debaixo de agua|abafad[oa]|onder water|gedempt|pod woda|stlumion*|"
    "под водой|приглушенн*|水下|水中|隔着墙|水の中|su altinda"
)
RADIO = words(
    "old radio|over the radio|on the radio|from a radio|through a radio|am radio|walkie-talkie|over the phone|"
    "through a telephone|over a telephone|on an old radio|aus dem radio|im radio|altes radio|altem radio|"
    "alten radio|durchs telefon|am telefon|a la radio|vieille radio|en la radio|radio antigua|radio viejo|"
    "radio vieja|alla radio|vecchia radio|no radio|radio antigo|radio velho|op de radio|oude radio|w radiu|"
    "starego radia|по радио|старое радио|старого радио|老式收音机|收音机里|古いラジオ|ラジオから|eski radyo*"
)
LOOP = words(
    "loop|looped|looping|loopable|a loop of|as a loop|seamless|seamlessly|schleife|als schleife|endlosschleife|"
    "en boucle|boucle|en bucle|bucle|in loop|em loop|lus|als lus|w petli|petla|по кругу|зациклен*|循环|ループ|dongu*"
)
NOT = words(
    "without|without any|no|not|never|ohne|kein*|nicht|sans|pas de|sin|senza|nessun*|sem|nenhum*|zonder|geen|bez|"
    "zadn*|без|没有|不要|なし|ない"
)

VARIANTS = {
    "snow": words("snow|snowy|schnee|neige|nieve|neve|sneeuw|snieg*|снег*|雪|kar|karda"),
    "gravel": words(
        "gravel|pebbles|kies|schotter|gravier|grava|ghiaia|cascalho|brita|grind|zwirze|zwir|гравий|гравию|砾石|砂利|"
        "cakil"
    ),
    "wood": words(
        "wood|wooden|floorboards|parquet|holz|holzboden|bois|parquet|madera|legno|parquet|madeira|hout|houten|"
        "drewn*|дерев*|паркет*|木地板|木|床|ahsap"
    ),
    "stone": words(
        "stone|stones|concrete|marble|tiles|pavement|stein|steinboden|beton|pierre|beton|pave|piedra|pietra|marmo|"
        "pedra|calcada|steen|kamien*|камн*|камен*|асфальт*|石|石头|コンクリート|tas"
    ),
    "grass": words("grass|meadow|leaves|gras|wiese|herbe|hierba|cesped|erba|grama|relva|traw*|трав*|草|草地|cim"),
    "two-tone": words("two-tone|european siren"),
}
"""What a sound that has several kinds is made with."""
ADJECTIVES = {
    "across": ACROSS, "back": BACK, "left": LEFT, "right": RIGHT, "far": FAR, "near": NEAR, "quiet": QUIET,
    "loud": LOUD, "heavy": HEAVY, "light": LIGHT, "big": BIG, "small": SMALL, "fast": FAST, "slow": SLOW,
    "constant": CONSTANT,
}  # fmt: skip
"""In this order: what holds another's words goes first."""

_THEN_WORDS = words(
    "then|and then|followed by|after that|afterwards|afterward|next|finally|before|dann|danach|anschliessend|"
    "anschließend|gefolgt von|zuletzt|schliesslich|schließlich|puis|ensuite|apres ca|suivi de|suivie de|suivi par|"
    "suivis de|enfin|luego|despues|seguido de|seguida de|seguido por|finalmente|poi|dopo|seguito da|seguita da|"
    "infine|depois|em seguida|por fim|dan|daarna|vervolgens|gevolgd door|tenslotte|potem|nastepnie|pozniej|a po tym|"
    "потом|затем|после этого|наконец|然后|接着|随后|最后|そして|それから|次に|その後|sonra|ardindan"
)
THEN = re.compile(_THEN_WORDS.pattern + "|->|→|⇒")
FIRST = words(
    "first|firstly|at first|to begin with|starting with|erst|zuerst|zunachst|d'abord|en premier|primero|prima|primo|"
    "dapprima|primeiro|eerst|najpierw|сначала|сперва|首先|先|まず|ilk once"
)
_JOIN_WORDS = words(
    "and|with|while|as|plus|over|under|during|against|amid|amidst|in front of|meanwhile|und|mit|wahrend|bei|vor|"
    "uber|unter|dazu|et|avec|pendant que|tandis que|sous|sur|devant|y|con|mientras|durante|bajo|sobre|e|mentre|"
    "sotto|sopra|com|enquanto|sob|met|terwijl|tijdens|onder|i|oraz|z|ze|podczas|pod|и|с|со|под|во время|на фоне|"
    "пока|和|与|伴随着|伴随|同时|以及|と|ve|ile|birlikte|altinda"
)
JOIN = re.compile(r"[,;+&/，、；。.!?！？：:()\n]+|" + _JOIN_WORDS.pattern)
PLACE = words(
    "in|on|at|inside|outside|through|into|onto|against|from|near|by|upon|along|across|im|in der|in dem|in einer|"
    "in einem|an der|an die|an das|auf|auf dem|auf der|ins|aus|durch|gegen|dans|a la|au|aux|contre|en|desde|contra|"
    "nel|nella|nello|nei|alla|allo|all'|dalla|no|na|nos|nas|pelo|pela|op|aan|uit|w|в|во|на|по|к|из|里|里面|上|中|在|で|"
    "に"
)
ABOUT = words(
    "the|a|an|of|is|are|was|be|being|sound|sounds|sounding|noise|noises|effect|effects|audio|sfx|clip|make|makes|"
    "making|create|generate|produce|give|play|plays|playing|record|recording|me|my|i|you|want|need|would|like|"
    "please|can|could|some|someone|somebody|something|person|people|man|woman|there|it|its|it's|that|this|these|"
    "which|who|what|very|really|so|just|only|also|again|more|falls|falling|goes|going|comes|coming|passes|passing|"
    "flies|flying|blows|blowing|rings|ringing|starts|starting|stops|stopping|hear|heard|hearing|happens|happening|"
    "scene|scenery|ambience|ambient|ambiance|atmosphere|background|soundscape|distance|side|night|day|morning|"
    "evening|dawn|dusk|summer|winter|spring|autumn|nature|outdoors|indoors|second|seconds|minute|minutes|end|long|"
    "short|old|new|nice|der|die|das|den|dem|des|ein|eine|einen|einem|einer|eines|von|vom|zu|zum|zur|gerausch|"
    "gerausche|klang|mach|mache|machen|mir|bitte|es|ist|sind|jemand|hort|man|sehr|etwas|im hintergrund|hintergrund|"
    "nacht|lang|le|la|les|l'|un|une|des|du|de|d'|bruit|bruits|son|sons|fais|moi|s'il te plait|quelqu'un|on|il|qui|"
    "est|sont|tres|fond|nuit|el|los|las|unos|unas|del|ruido|ruidos|sonido|sonidos|haz|hazme|por favor|alguien|hay|"
    "que|suena|muy|fondo|noche|lo|gli|una|uno|dei|delle|della|dell'|di|suono|suoni|rumore|rumori|fammi|per favore|"
    "qualcuno|che|c'e|molto|sottofondo|notte|os|o|as|um|uma|uns|do|dos|da|das|som|sons|barulho|faz|alguem|tem|muito|"
    "noite|het|een|geluid|geluiden|maak|iemand|er|heel|erg|achtergrond|nacht|dzwiek|dzwieki|odglos|odglosy|zrob|"
    "ktos|bardzo|tle|звук|звуки|шум|сделай|кто-то|очень|фоне|ночью|声音|的声音|声|叫|的|了|着|有人|一个|正在|音|の音|"
    "の|を|が|は|する|している|bir|ses|sesi|sesleri|yap|biri|cok"
)
