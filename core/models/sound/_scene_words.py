"""The words that say how often, how loud, how far, where, when and how long, in nine languages."""

from __future__ import annotations

import re

COUNTS = {
    1: "one once a single einmal un une une fois una una vez uno una volta uma um uma vez eenmaal raz jeden один раз",
    2: "two twice double couple zwei zweimal deux dos due duas dois twee tweemaal dwa dwie dwukrotnie два две дважды",
    3: "three thrice drei dreimal trois tres tre três drie driemaal trzy trzykrotnie три трижды",
    4: "four vier viermal quatre cuatro quattro quatro cztery четыре",
    5: "five fünf fünfmal cinq cinco cinque vijf pięć пять",
    6: "six sechs sechsmal six seis sei zes sześć шесть",
    7: "seven sieben sept siete sette sete zeven siedem семь",
    8: "eight acht huit ocho otto oito acht osiem восемь",
    9: "nine neun neuf nueve nove nove negen dziewięć девять",
    10: "ten zehn dix diez dieci dez tien dziesięć десять",
    12: "twelve zwölf douze doce dodici doze twaalf dwanaście двенадцать",
}
_ARTICLES = frozenset(["a", "un", "une", "una", "uno", "uma", "um", "een", "один", "vez", "fois", "volta"])
"""They mean one only where nothing else counts, so they do not count."""
NUMBER = {word: n for n, said in COUNTS.items() for word in said.split() if word not in _ARTICLES}
NUMBER |= {"a few": 3, "several": 4, "some": 3, "many": 6, "ein paar": 3, "mehrere": 4, "einige": 3, "plusieurs": 4,
           "quelques": 3, "varias": 4, "unos": 3, "alcuni": 3, "vários": 4, "enkele": 3, "kilka": 3,
           "несколько": 3}  # fmt: skip
TIMES = r"(?:times|mal|fois|veces|volte|vezes|keer|razy|razem|раза?|x)"

ARTICLE = r"an?|the|eine?[rmn]?|der|une?|un[ao]?|u[mn]a?|een"
QUIET = (
    r"quiet(?:ly)?|soft(?:ly)?|faint(?:ly)?|gentle|gently|leise[rsn]?|sanfte[rsn]?|douce?|doucement|faible|"
    r"suave|bajito|piano|leggera?|baixinho|zacht(?:e|jes)?|cicho|cichy|delikatny|тихо|тихий|тихая|слабый"
)
LOUD = r"loud(?:ly)?|very loud|laute?[rsn]?|forte?|fort|ruidos[oa]|alto|harde?|głośny|głośno|громко|громкий|громкая"
HEAVY = (
    r"heavy|hard|strong|violent|huge|pouring|torrential|starke[rsn]?|heftige[rsn]?|schwere[rsn]?|violente?|"
    r"fuerte|intens[oa]|pesad[oa]|zware?|hevige?|silny|ulewny|сильный|сильная|проливной"
)
LIGHT = (
    r"light|mild|slight|drizzling|leichte[rsn]?|schwache[rsn]?|légère?|liger[oa]|lev[ei]|lichte?|lekki|лёгкий|"
    r"легкий|слабая"
)
FAR = (
    r"distant|far away|far off|in the distance|faraway|remote|entfernte?[rsn]?|fern[er]?|in der ferne|"
    r"weit weg|lointaine?|au loin|lejan[oa]|a lo lejos|lontan[oa]|in lontananza|distante|ao longe|in de verte|"
    r"verre|odległy|w oddali|далёкий|далекий|вдали|вдалеке"
)
NEAR = (
    r"close|near(?:by)?|nahe?[rsn]?|proche|tout près|cercan[oa]|vicin[oa]|pert[oa]|dichtbij|bliski|blisko|близкий|рядом"
)
BIG = (
    r"big|large|giant|deep|groß(?:e[rsn]?)?|tiefe[rsn]?|grande?s?|gros(?:se)?|grand|profond[oe]?|grote?|"
    r"diepe?|duży|wielki|głęboki|большой|большая|огромный"
)
SMALL = (
    r"small|little|tiny|high-pitched|kleine?[rsn]?|petite?|pequeñ[oa]|piccol[oa]|pequen[oa]|kleine|mały|mała|"
    r"маленький|маленькая"
)
FAST = (
    r"fast|quick(?:ly)?|rapid(?:ly)?|hurried|running|schnelle?[rsn]?|rapide(?:ment)?|rápid[oa]|velo[cz]e?|"
    r"snelle?|szybki|szybko|быстро|быстрый"
)
SLOW = (
    r"slow(?:ly)?|langsame?[rsn]?|lent[eoa]?(?:ment)?|despacio|devagar|langzame?|wolny|wolno|powoli|медленно|медленный"
)
LEFT = (
    r"on the left|from the left|to the left|left|links|von links|à gauche|gauche|izquierda|sinistra|esquerda|"
    r"lewej|слева"
)
RIGHT = (
    r"on the right|from the right|to the right|right|rechts|von rechts|à droite|droite|derecha|destra|direita|"
    r"prawej|справа"
)
ACROSS = (
    r"(?:from )?left to right|von links nach rechts|de gauche à droite|de izquierda a derecha|"
    r"da sinistra a destra|da esquerda para a direita|van links naar rechts|z lewej na prawą|"
    r"od lewej do prawej|слева направо"
)
BACK = (
    r"(?:from )?right to left|von rechts nach links|de droite à gauche|de derecha a izquierda|"
    r"da destra a sinistra|da direita para a esquerda|van rechts naar links|z prawej na lewą|справа налево"
)
HALL = (
    r"echo(?:ing|es)?|reverb|in a (?:hall|church|cathedral|cave|tunnel)|hall|cathedral|cave|tunnel|"
    r"church hall|in einer (?:halle|kirche|höhle)|mit hall|mit echo|dans une (?:église|grotte|salle)|"
    r"en una (?:iglesia|cueva|sala)|in una (?:chiesa|grotta)|numa (?:igreja|caverna)|in een (?:kerk|grot|hal)|"
    r"w (?:kościele|jaskini)|в (?:церкви|пещере|зале)"
)
MUFFLED = (
    r"under ?water|muffled|through a wall|behind a wall|next door|unter wasser|gedämpft|sous l'eau|étouffé|"
    r"bajo el agua|sott'acqua|debaixo d'água|onder water|gedempt|pod wodą|под водой|приглушённый"
)
RADIO = (
    r"(?:over|on|through) (?:an? |the )?(?:old )?(?:radio|telephone|phone line|walkie-talkie)|old radio|"
    r"am radio|aus dem radio|durchs telefon|à la radio|en la radio|alla radio|no rádio|op de radio|w radiu|"
    r"по радио"
)
LOOP = (
    r"\bloop(?:ed|ing|able)?\b|seamless(?:ly)?|\bschleife\b|\ben boucle\b|\ben bucle\b|\bin loop\b|"
    r"\bem loop\b|\bw pętli\b|\bпо кругу\b"
)
CONSTANT = (
    r"constant(?:ly)?|continuous(?:ly)?|again and again|repeatedly|all the time|non-?stop|immer wieder|"
    r"ständig|sans arrêt|una y otra vez|continuamente|sem parar|steeds|ciągle|постоянно"
)

THEN = (
    r"(?:,?\s*(?:and|und|et|y|e|en|i|и)\s+)?,?\s*\b(?:then|followed by|afterwards?|after that|next|finally|"
    r"dann|danach|gefolgt von|zuletzt|puis|ensuite|suivi de|"
    r"luego|después|seguido de|poi|seguito da|depois|em seguida|daarna|gevolgd door|potem|następnie|потом|затем)\b,?"
)
JOIN = (
    r"\s*[,;+&]\s*|\s+\b(?:and|with|while|plus|over|under|during|against|amid|amidst|in front of|und|mit|"
    r"während|bei|vor|über|unter|et|avec|pendant|sous|sur|devant|"
    r"y|con|mientras|durante|bajo|sobre|e|mentre|sotto|sopra|com|enquanto|sob|en|met|terwijl|tijdens|i|oraz|z|"
    r"podczas|и|с|со|под|во время|на фоне)\b\s+"
)
INSIDE = (
    r"\s+\b(?:in|on|im|in der|in dem|dans|en|nel|nella|no|na|w|в|at)\b\s+(?=(?:the |a |an |heavy |light |"
    r"strong |loud |soft |el |la |le |les |il |lo |o |um |una |einem |de |het )*)"
)

_UNIT = {
    1.0: r"s|sec|secs|seconds?|sekunden?|secondes?|segundos?|secondi|secondo|seconden|seconde|sekund[ay]?|секунд[ыау]?",
    60.0: r"min|mins|minutes?|minuten?|minutos?|minuti|minuto|minuut|minut[ay]?|минут[ыау]?",
}
_AMOUNT = (
    r"(\d+(?:[.,]\d+)?|half an?|an?|one|two|three|five|ten|twenty|thirty|eine[rn]?|zwei|drei|zehn|une?|deux|"
    r"trois|dix|una?|dos|tres|diez|due|tre|uma?|dois|três|dez|een|twee|drie)"
)
_AMOUNTS = {
    **dict.fromkeys(("half a", "half an"), 0.5), **dict.fromkeys(("two", "zwei", "deux", "dos", "due", "dois"), 2.0),
    **dict.fromkeys(("three", "drei", "trois", "tres", "tre", "três", "drie"), 3.0), "five": 5.0,
    **dict.fromkeys(("ten", "zehn", "dix", "diez", "dez", "tien"), 10.0), "twenty": 20.0, "thirty": 30.0,
}  # fmt: skip
TIME = rf"{_AMOUNT}[\s-]*(?:({_UNIT[60.0]})|({_UNIT[1.0]}))\b"
AFTER = (
    rf"\b(?:after|nach|après|después de|tras|dopo|depois de|após|na|po|через)\s+{TIME}(?:\s+(?:later|comes?|there is))?"
)
AT = rf"\b(?:at|bei|à|a los|al secondo|aos|op|w|на)\s+(?:second\s+|sekunde\s+)?{TIME}"
FOR = (
    rf"(?:\b(?:for|lasting|of|für|lang|pendant|durant|durante|por|per|gedurende|przez|"
    rf"в течение)\s+)?(?:about\s+)?{TIME}(?:\s+(?:long|lang|de long))?"
)


def seconds_of(match: re.Match[str], first: int = 1) -> float:
    """The time that a match of `TIME` says, whose groups begin at `first`."""
    amount = match[first].lower()
    number = _AMOUNTS.get(amount, 1.0) if not amount[0].isdigit() else float(amount.replace(",", "."))
    return number * (60.0 if match[first + 1] else 1.0)
