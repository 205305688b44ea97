"""Effects that an editing request can mean beside cutting, joining and levels: room, tone, loops, pauses, channels."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from core.embedded.quantities import NUMBER, duration, number_before, value

_FLAGS = re.IGNORECASE
_MORE_DB, _A_BIT_DB, _MUCH_DB = 6.0, 3.0, 10.0
_LITTLE, NORMAL, _HEAVY = 0.15, 0.3, 0.6
"""Shares of the effect in what is heard."""
_TWICE, _MOST_TIMES, _LONGEST_LOOP_S = 2, 1000, 3600.0
_CROSSFADE_S = 2.0
_MOST_DB = 24.0

_A_BIT_OF = re.compile(
    r"\b(?:not (?:quite )?(?:so|that|as) much|nicht so (?:viel|stark|sehr)|pas (?:autant|tant|si fort)|no tanto"
    r"|non così|não tanto|niet zo|не так|a (?:bit|little|touch|hint)|slight(?:ly|est)?|subtle|some what"
    r"|un poco|ligero|un peu|léger\w*|etwas"
    r"|leicht\w*"
    r"|bisschen|um? pouco|leve|un po|leggero|een beetje|lichte?|trochę|lekk\w+|немного|чуть)\b|一点|少し|稍|軽く|조금",
    _FLAGS,
)
_A_LOT_OF = re.compile(
    r"\b(?:much|way|a lot|lots|heav(?:y|ily)|huge|massive|drenche?d?|drown\w*|tons|mucho|mucha|beaucoup|viel|stark\w*"
    r"|muito|muita|molto|tanto|veel|dużo|bardzo|много|намного|сильн\w+)\b|很多|强烈|たくさん|強め|많이",
    _FLAGS,
)
_LESS = re.compile(
    r"\b(?:less|lower|reduce|cut|turn down|down|drop|fewer|softer|weaker|decrease|kill|menos|baja|reduce|moins|baiss\w+"
    r"|runter|weniger|senk\w*|meno|abbassa|riduci|diminu\w+|minder|mniej|zmniejsz|меньше|убавь|уменьши)\b"
    r"|减少|减弱|少一点|调低|下げ|弱く|줄여|낮춰",
    _FLAGS,
)
_BANDS = {
    "bass_db": r"\bbass(?:es|y|ier|frequenzen|i)?\b|\bbässen?\b|\blow(?:s| end| frequencies| tones)\b|\bboomy\b"
    r"|\btiefen\b"
    r"|\bgraves\b|\bbasses\b|\bbassi\b|\blage tonen\b|\bbas(?:y|ów|u|sa|sen)?\b|\bбас\w*|\bнизк(?:их|ие)\b|低音|저음",
    "mid_db": r"\bmids?\b|\bmid ?range\b|\bmitten\b|\bmedios\b|\bmédiums\b|\bmédios\b|\bmedi\b|\bсредн(?:их|ие)\b|中音"
    r"|중음",
    "treble_db": r"\btreble\b|\bhighs\b|\bhigh (?:end|frequencies|tones)\b|\btop end\b|\bhöhen\b|\bagudos\b|\baigus?\b"
    r"|\bacuti\b|\bharsh\b|\bhoge tonen\b|\bwysokich(?: tonów)?\b|\bвысок(?:их|ие)\b|\bверх(?:ов|а)\b|高音|고음",
}
_TONE = "|".join(_BANDS.values())
_TURN = (
    r"\b(?:more|less|add|boost|raise|lower|reduce|increase|decrease|turn|bump|fewer|drop|too much|louder|softer|más"
    r"|menos"
    r"|s[uú]be(?:le|lo)?|b[aá]ja(?:le|lo)?|plus|moins|augmente|baisse|monte|mehr|weniger|runter|hoch|rauf|più|meno"
    r"|alza|abbassa|mais|aumenta|diminui|meer|minder"
    r"|więcej|mniej|больше|меньше|добавь|убавь|прибавь)\b|增强|减弱|加|多一?点|少一?点|调|强|強く|弱く|上げ|下げ"
    r"|올려|줄여"
)
_HERTZ = re.compile(r"(\d+(?:[.,]\d+)?)\s*(k)?(?:hz|hertz|ilohertz|гц|赫兹|ヘルツ)?(?!\w|\s*d(?:b|ezi))", _FLAGS)
_UNDER = r"\b(?:below|under|unter|unterhalb|au-dessous|sous|por debajo|debajo|sotto|abaixo|onder|poniżej|ниже)\b|以下"
_OVER = r"\b(?:above|over|über|oberhalb|au-dessus|por encima|encima|sopra|acima|boven|powyżej|выше)\b|以上"
_LOW_CUT = rf"\blow[- ]?cut|\bhigh[- ]?pass|\bhochpass|\bpasse-haut|\bpasa ?altos?|{_UNDER}"
_HIGH_CUT = rf"\bhigh[- ]?cut|\blow[- ]?pass|\btiefpass|\bpasse-bas|\bpasa ?bajos?|{_OVER}"
_INTO = r"\b(?:put|place|drop) (?:it|this|me|my voice) in an?\b"
_EFFECT = r"(?:effect|filter|effekt|effet|efecto|efeito|effetto|efekt|эффект)\b|效果|エフェクト"
_FILTERED = (
    rf"(?:\bcut|\bfilter|\bremove|\bschneide|\bcoupe|\bcorta|\btaglia|\bsnij|\bwytnij|\bсрежь"
    rf"|去掉).*(?:{_UNDER}|{_OVER}).*hz"
)
_PRESETS = {
    "telephone": r"\b(?:tele)?phone(?: call| line)?\b(?! (?:ring|rang))|\btelefon\w*|\bteléfono\b|\btéléphone\b"
    r"|\btelefone\b"
    r"|\bwalkie|\bтелефон\w*|打电话|电话一?样|電話|전화",
    "radio": r"\bradio\b|\brádio\b|\bgramophone\b|\bрадио\b|收音机|ラジオ|라디오",
    "muffled": r"\bmuffled?\b|\bnext room\b|\bunder ?water\b|\bbehind a (?:wall|door)\b|\bdumpf|\bgedämpft|\bétouff"
    r"|\bapagad"
    r"|\babafad|\bovattat|\bgłuch|\bглух\w+|\bпод водой\b|隔壁|水下|こもった|水中",
    "bright": r"\bbright(?:er)?\b|\bcrisp(?:er)?\b|\bheller\b|\bbrillante\b|\bplus clair\b|明亮|明るく|\bярче\b",
    "warm": r"\bwarm(?:er)?\b|\bwärmer\b|\bcálid|\bchaud|\bcald[oa]\b|\bquente\b|温暖|暖かく|\bтеплее\b",
}
_READY = "|".join(_PRESETS.values())
_LIKE = r"\b(?:like|as if|as though|wie|als ob|comme|como|come|als|jak|как)\b|\bmuffled|\bbright|\bwarm|像|みたい|처럼"
_SPACES = {
    "cathedral": r"\bcathedral|\bchurch|\bcatedral|\biglesia|\bcathédrale|\béglise|\bkirche|\bkathedrale|\bdom\b"
    r"|\bchiesa"
    r"|\bcattedrale|\bigreja|\bkerk|\bkościo|\bкатедр|\bцеркв|\bцеркои|\bсобор|\bcave\b|教堂|教会|聖堂|성당|교회",
    "plate": r"\bplate\b|\bplatte\b|\bplaque\b|\bplaca\b|プレート",
    "room": r"(?<!next )\broom\b|\bbathroom\b|\bkitchen\b|\bhabitación\b|\bpièce\b"
    r"|\bsalle de bains?\b|\braum\b"
    r"|\bzimmer\b|\bstanza\b|\bquarto\b|\bkamer\b|\bpokoju?\b|\bкомнат\w+|房间|浴室|部屋",
    "hall": r"\bhall\b|\bsala\b|\bsalle\b|\bsaal\b|\bauditorium|\bзал\w*|大厅|ホール",
}
_LOOP_OF = re.compile(
    r"\b(?:an?|one|another) (?:[\w-]+ ){0,4}?loop (?:of|with) "
    r"(?!(?:it|this|that|these|those|the|my|your|his|her|our|them)\b)"
    r"|\beine (?:\w+ ){0,2}(?:endlos)?schleife (?:von|aus|mit) (?!(?:de[mnr]|dies|mein|ihm|ihr))"
    r"|\bune (?:\w+ )?boucle (?:\w+ )?(?:de |d['’]|avec )(?!(?:ce|cette|ça|cela|mon|ma|mes|la|le|les|l)\b)"
    r"|\bun (?:bucle|loop) (?:\w+ )?(?:de|con) (?!(?:est[eao]|es[eao]|eso|mi|el|la|los|las)\b)"
    r"|\bun (?:loop|ciclo) (?:\w+ )?(?:di|con) (?!(?:quest|quell|il|lo|la|mi))"
    r"|\bum loop (?:\w+ )?(?:de|com) (?!(?:est[ea]|iss?[to]|o|a|os|as|meu|minha)\b)"
    r"|\been (?:\w+ )?(?:loop|lus) (?:van|met) (?!(?:deze|dit|dat|de|het|mijn)\b)"
    r"|\bзацикленн(?:ый|ую|ое|ые) (?!эт)"
    r"|[一个段]个?(?!这|那)[^，。这那]{1,12}的(?:无缝)?循环|^(?!これ"
    r"|この)[^、。]{1,12}の(?:シームレスな)?ループ(?:音?を)?(?:作|生成|ください|お願い)",
    _FLAGS,
)
_TAKEN_OFF = re.compile(
    r"\b(?:remove|reduce|get rid of|kill|lessen|take (?:away|out|off)|without|no|less|too much|entferne|weniger|ohne"
    r"|quita|elimina|sin|enlève|supprime|sans|togli|senza|tira|sem|verwijder|haal|usuń|bez|убери|удали|без)\b|去掉"
    r"|消除|取り",
    _FLAGS,
)
ROOMS = ("echo", "reverb")
_EFFECTS: tuple[tuple[str, str], ...] = (
    ("remove_silence", r"\b(?:remove|cut|strip|shorten|trim|delete|take|get rid of|entferne|schneide|lösch|enlève|coupe"
                       r"|supprime|quita|elimina|borra|recorta|togli|taglia|elimina|remove|tira|corta|haal|verwijder"
                       r"|usuń|skróć|kürz|raccourci|acorta|accorcia|encurta|kort|сократи"
                       r"|wytnij|убери|удали|вырежь)\w*\b.*(?:\bsilen[cz]\w*|\bpauses?\b|\bpausen?\b|\bstille\b"
                       r"|\bpausas\b"
                       r"|\bpauze\w*|\bstilte\w*|\bcisz\w+|\bpauzy\b|\bsilêncio\w*|\bdead air\b|\bтишин\w+|\bпауз\w+)"
                       r"|去掉(?:静音|停顿)|無音|무음"),
    ("compress", r"\bcompress\w*\b(?!.*\bfile\b)|\bcomprim\w+|\bkomprimier\w*|\bdynami(?:cs?|k|que)\b|\bdinámica\b"
                 r"|\bdinamica\b"
                 r"|\bdinâmica\b|\bquiet (?:parts|bits|passages)\b.*\blouder|\beven out the volume\b|\bтиш\w+ места\b"
                 r"|\bдинамик[уи]\b|动态范围|压缩|ばらつき"),
    ("loop", r"\bloop|\brepeat\b(?! after)|\b(?:play|put|have|hear)\b.*\b(?:twice|times)\b(?!.*\b(?:as|fast|slow"
             r"|loud|speed))"
             r"|\bwiederhol|\bschleife\b|\b(?:zwei|drei|vier|fünf)mal\b(?! so)|\bboucle|\brépète|\bbucle\b|\brep[íi]te"
             r"|\brepet[ei]|\brepita|\bripet[ie]|\bherhaal|\bpowtórz|\btekrarla|循环|重复|繰り返|ループ|\bзацикл"
             r"|\bповтори|\bпетл"
             r"|반복|\b\d+ ?(?:x|mal|times|fois|veces|volte)\b.{0,12}\b(?:hintereinander|nacheinander|in a row"
             r"|back to back"
             r"|à la suite|d'affilée|seguid[oa]s|di fila|achter elkaar)\b"),
    ("echo", r"\becho(?:es)?\b|\beco\b|\bécho\b|\bэхо\b|\bэха\b|\byankı|回声|エコー|やまびこ|에코"),
    ("reverb", r"\breverb\w*|\bnachhall\b|\bhall\b|\bréverb\w*|\bréverbération\b|\briverber\w*|\bgalm\b|\bpogłos\w*"
               r"|\bреверб\w*|\befterklang\b|混响|リバーブ|響き|리버브"
               r"|\b(?:bit|touch|hint|some|little) (?:of )?(?:a )?(?:plate|room)\b"
               rf"|(?:{_LIKE}|{_INTO}).*(?:{'|'.join(_SPACES.values())})"),
    ("equalise", rf"\bequali[sz]|\beq\b|\bequaliz|\bäqualiz|(?:{_TURN}).*(?:{_TONE})|(?:{_TONE}).*(?:{_TURN})"
                 rf"|\b(?:low|high)[- ]?(?:cut|pass)\b|\b(?:cut|kill) the (?:treble|mids|highs|lows)\b|{_FILTERED}"
                 rf"|(?:{_LIKE}).*(?:{_READY})|(?:{_READY}).*(?:{_EFFECT})|\b(?:brighter|warmer|muffled|boomy"
                 rf"|harsh)\b"),
    ("pan", r"\bpan(?:ned|ning)?\b|\bhard (?:left|right)\b|\b(?:left|right) channel\b|声道|左に寄せ|右に寄せ"
            r"|\b(?:schieb|mets|pon|sposta|metti|põe|coloca|schuif|przesuń|сдвинь)\w*(?:-le)?\b.*\b(?:links|rechts"
            r"|gauche"
            r"|droite|izquierda|derecha|sinistra|destra|esquerda|direita|lewo|prawo|влево|вправо)\b"),
    ("mono", r"\bmono\b|\bмоно\b|单声道|モノラル|모노"),
    ("stereo", r"\bstereo\b|\bestéreo\b|\bstéréo\b|\bстерео\b|立体声|ステレオ|스테레오"),
)  # fmt: skip
_CROSSFADE = re.compile(
    r"\bcross-?fad|\büberblend|fondu enchaîné|fundido encadenado|dissolvenza incrociata|交叉淡|クロスフェード"
    r"|\bкроссфейд"
    r"|\bkruisvervag|\bprzenik",
    _FLAGS,
)


def effect(text: str) -> str | None:
    """Which effect of `audio_editing` a request means; None when it names none, or one that is to go away."""
    return None if taken_off(text) else _named(text)


def taken_off(text: str) -> bool:
    """Whether an echo or reverb is to go away: "without the echo"."""
    return _named(text) in ROOMS and bool(_TAKEN_OFF.search(text))


def _named(text: str) -> str | None:
    return next((name for name, pattern in _EFFECTS if re.search(pattern, text, _FLAGS)), None)


def settings(name: str, text: str) -> dict[str, Any]:
    """The parameters of an effect that the words give."""
    fill = _SETTINGS.get(name)
    return fill(text) if fill else {}


def crossfade(text: str) -> dict[str, float]:
    """`crossfade_s` where clips are to fade into each other."""
    return {"crossfade_s": duration(text) or _CROSSFADE_S} if _CROSSFADE.search(text) else {}


def step_db(text: str) -> float:
    """Decibels of "louder", "a bit more", "a lot more"; never negative."""
    return _A_BIT_DB if _A_BIT_OF.search(text) else _MUCH_DB if _A_LOT_OF.search(text) else _MORE_DB


def makes_loop(text: str) -> bool:
    """Whether a loop of something that is yet to be made is asked for: "a seamless loop of rain"."""
    return bool(_LOOP_OF.search(text))


def _loop(text: str) -> dict[str, Any]:
    count = number_before(
        text,
        r"times\b|mal\b|fois\b|veces\b|volte\b|vezes\b|x\b|keer\b|razy?\b|ker?[ez]\b|defa\b|gång\w*|gange?\b|kali\b"
        r"|φορές|раза?\b|рази\b|次|遍|回|번",
    )
    if count is not None and count >= _TWICE:
        return {"times": min(_MOST_TIMES, int(count))}
    seconds = duration(text)
    return {"seconds": min(_LONGEST_LOOP_S, seconds)} if seconds else {"times": _TWICE}


def _amount(text: str) -> dict[str, float]:
    return {"amount": _LITTLE} if _A_BIT_OF.search(text) else {"amount": _HEAVY} if _A_LOT_OF.search(text) else {}


def space_named(text: str) -> str | None:
    """The room of a reverb that words name."""
    return next((name for name, pattern in _SPACES.items() if re.search(pattern, text, _FLAGS)), None)


def _reverb(text: str) -> dict[str, Any]:
    space = space_named(text)
    return {**({"space": space} if space else {}), **_amount(text)}


def _echo(text: str) -> dict[str, Any]:
    half = re.search(r"half (?:a )?second|halbe[nr]? sekunde|demi-seconde|medio segundo|mezzo secondo", text, _FLAGS)
    delay = 0.5 if half else duration(text)
    return {**({"delay_s": min(3.0, max(0.02, delay))} if delay else {}), **_amount(text)}


def _equalise(text: str) -> dict[str, Any]:
    cuts = _cuts(text)
    if cuts:
        return cuts
    args: dict[str, Any] = {}
    less = False
    for part in re.split(r"\s*(?:,|\b(?:and|but|und|et|y|e|en|и)\b|，|、)\s*", text):
        less = (
            bool(_LESS.search(part))
            or bool(re.search(r"too much|boomy|harsh", part, _FLAGS))
            or (less and not re.search(_TURN, part, _FLAGS))
        )
        given = number_before(part, r"d(?:b|ecibels?|ecibelios?|écibels?|ezibel)|分贝|デシベル|дб")
        size = min(_MOST_DB, abs(given) if given is not None else step_db(part))
        sign = -1 if less or (given is not None and given < 0) else 1
        args |= {band: sign * size for band, pattern in _BANDS.items() if re.search(pattern, part, _FLAGS)}
    if args:
        return args
    preset = next((name for name, pattern in _PRESETS.items() if re.search(pattern, text, _FLAGS)), None)
    return {"preset": preset} if preset else {}


def _cuts(text: str) -> dict[str, float]:
    match = _HERTZ.search(text)
    if match is None:
        return {}
    hertz = min(20_000.0, max(10.0, float(match[1].replace(",", ".")) * (1000 if match[2] else 1)))
    if re.search(_LOW_CUT, text, _FLAGS):
        return {"low_cut_hz": hertz}
    return {"high_cut_hz": hertz} if re.search(_HIGH_CUT, text, _FLAGS) else {}


def _silence(text: str) -> dict[str, float]:
    longest = duration(text)
    return {"longest_s": min(10.0, max(0.05, longest))} if longest else {}


def _pan(text: str) -> dict[str, float]:
    low = text.lower()
    side = -1.0 if re.search(r"\bleft|links|gauche|izquierda|sinistra|esquerda|lewo|влево|左", low) else 1.0
    if re.search(r"\bcent(?:re|er)|\bmiddle|mitte|centro|środek|центр|中间|中央", low):
        return {"pan": 0.0}
    percent = re.search(rf"({NUMBER})\s*(?:%|per ?cent)", low)
    told = re.search(r"(?<![\w.])([-−]?)(0?[.,]\d+|[01](?:[.,]0)?\W*$)(?!\s?%)", low)
    if told and not percent:
        return {"pan": (-1.0 if told[1] else side) * value(re.sub(r"^[.,]", "0.", told[2].rstrip(" .!?")))}
    share = (
        min(1.0, value(percent[1]) / 100) if percent else 0.5 if re.search(r"\bhalf|halb|mitad|moitié|半", low) else 1.0
    )
    return {"pan": side * share}


_SETTINGS: dict[str, Callable[[str], dict[str, Any]]] = {
    "loop": _loop,
    "reverb": _reverb,
    "echo": _echo,
    "equalise": _equalise,
    "remove_silence": _silence,
    "pan": _pan,
}
