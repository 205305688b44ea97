"""What an editing request means: the operation and its numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.embedded.edit_words import operation_told
from core.embedded.effects import crossfade, effect, settings, step_db
from core.embedded.quantities import NUMBER, moments, number_before, times, value
from core.embedded.stretches import COVERS, OF_PARTS, Stretch, stretch
from core.embedded.telling import Lack
from core.errors import RefusalKind

_GAIN_DB = 6.0
_FASTER, _SLOWER = 1.25, 0.8
_MOSTLY = 50
"""Percent from which on "slower" says how much of the speed is left, not how much is lost."""
_PERCENT = r"%|％|per ?cent(?:o|age)?|por ?c(?:iento|ento)|pour ?cent|prozent|procent|процент\w*"
_SHARE = re.compile(
    rf"(?:\b(?:at|to|of|auf|mit|al|à|alla?|para|a|ao|op|na|до|на)\s+|到|至){NUMBER}\s*(?:{_PERCENT})"
    rf"|{NUMBER}\s*(?:{_PERCENT})\s+(?:of the )?(?:speed|tempo|geschwindigkeit)",
    re.IGNORECASE,
)
"""How much of the speed stays, not by how much it changes."""
_PARTS = (
    (
        0.25,
        r"\bby a quarter\b|\ba quarter (?:faster|slower)|um ein viertel|d'un quart|un cuarto|di un quarto"
        r"|на четверть",
    ),
    (1 / 3, r"\bby a third\b|\ba third (?:faster|slower)|um ein drittel|d'un tiers|un tercio|di un terzo|на треть"),
)
_SEMITONES, _FADE_S = 3.0, 2.0
_TONES = (
    r"(?:whole )?(?:steps?|tones?)\b|tonos?\b|tons?\b|ganzt\w+|ton[io]\b|toon\b|tonen\b|个?全音|全音|тона?\b|tonów\b"
)
_BROADCAST_LUFS, _PODCAST_LUFS = -23.0, -16.0

_NO_CLIP = r"(?! (?:one|clip|file|recording|track|audio|message|take)\b)"
"""So that "the last one" is no end of a clip."""
DROP = (
    r"\b(?:wis|remove|cut off|cut out|cut away|edit out|take out|take off|trim off|snip out"
    r"|chop|slice|delete|erase|drop|skip"
    r"|lose|get rid of|quita|elimina|borra|enlève|supprime|retire|entferne|lösche|togli|rimuovi|taglia via|tira"
    r"|remova|apaga)\b|\b(?:cut|snip|edit|take|lift)\b.+\bout\b|by \d|\bschneide?\b.+\b(?:he)?raus\b|去掉|删"
    r"|剪掉|削除|取り除"
    r"|捨て|убери|удали|вырежь"
    r"|\b(?:take|lop|shave|knock|trim|cut|chop|haal|knip|snijd?|hak|neem)\b.+\b(?:off|weg|eraf|af)\b"
    r"|\b(?:klipp|ta) bort\b|秒(?:間|ぶん|分)?(?:を|は)?(?:切って|切っと|カット|飛ばし|取って)|[掐切裁截砍]掉|剪去"
    r"|saniye\w*\s+(?:at|sil|çıkar|kes|kırp)(?!\w)|초(?:를|는|만큼)?\s*(?:잘라|자르|없애|빼|지워)"
    r"|\b(?:cut|coupe|corta|recorta|taglia|knip|snijd|obetnij|utnij|wytnij|schneide?)\b (?:the |les |los |las |i "
    r"|gli |os |as |de |die )?"
    r"(?:\w+ )?(?:first|last|premi|derni|primer|últim|primi|ultim|eerste|laatste|pierwsz|ostatni|erste|letzte)"
)
"""Words that say what is not to stay."""

# Looked at in this order: the first that fits wins ("fade out over the last 3 seconds" is no trim).
_OPERATIONS: tuple[tuple[str, str], ...] = (
    ("fade", r"\bfad(?:e|es|ed|ing)\b|fundido|desvanec|fondu|\bausblend|\beinblend|blende\b|dissolvenza|sfuma|esmaec"
             r"|\btona (?:in|ut)\b|淡出|淡入|フェード|затух|нараста|uitfade|wycisz na końcu"),
    ("reverse", r"\brevers|\binver[st]|\bbackwards?\b|back to front|al revés|hacia atrás|à l'envers|rückwärts"
                r"|umdrehen|contrario"
                r"|rovescio|ao contrário|de trás para|倒放|倒着|反转|逆再生|逆に|задом наперёд|наоборот"
                r"|achterstevoren"
                r"|draai het om|od tyłu|\bodwróć"),
    ("mix", r"\b(?:lay|put|leg|lege|mets|pose|metti|pon|põe|coloca|zet|lägg)\b.+\b(?:over|underneath|beneath"
            r"|under|über|unter"
            r"|par-dessus|dessus|dessous|sous|sopra|sotto|encima|debajo|de fondo|por cima|onder|overheen|över)\b"
            r"|подлож|섞|karıştır|podłóż|nałóż|\bmix|\boverlay|\blayer|\bblend|superimpose|on top of"
            r"|\bunder (?:the|my)|background music|mezcl|misch|mescol"
            r"|mistur|mélang|superpos|混音|混在|混合|ミックス|重ねて|смеша|налож|\bzmiksuj"),
    ("join", r"\b(?:put|add|stick|place|insert|use|set)\b.+\b(?:before|after|in front|ahead|behind|first|last"
             r"|(?:at|to) the (?:start|end|beginning|front))\b|\bprepend|\badd\b.+\bto\b|\battach"
             r"|\b(?:ponlo|añádelo|mets-le|ajoute-le|mettilo|aggiungilo|coloca|põe|acrescenta)\b(?!.*\b(?:plus|más"
             r"|più|mais)\b)|\b(?:häng|setz|stell)\w*\b|放在|加到|付けて|置いて|поставь|добавь"
             r"|\bjoin|\bconcat|\bmerge|\bglue|\bstitch|\bappend|\bcombine|\bchain\b|one after (?:the other|another)"
             r"|back to back|after the first(?: (?:one|clip|file|recording|track|take))?\W*$|in a row"
             r"|one (?:file|track|clip)\b(?! at)|(?<!d['’])\bune\b(?= |$)|\bunir|\bjunta|\bp[eé]ga(?:me|los|las)?\b"
             r"|assembl|\bcolle|zusammen|aneinander|\bkleb|verbind|unisci|concaten|拼接|合并|连接|つなげ|結合"
             r"|繋|соедин|склей"
             r"|объедин|\bsamen\b|aan elkaar|\bpołącz|\bsklej|\bplak\b|\bzet\b.+\b(?:voor|achter)\b"),
    ("normalise", r"normali[sz]|\blufs\b|\bloudness\b|even out|\blevel (?:it|the|this|out)|broadcast|normalis"
                  r"|normaliz|标准化|響度|ノーマライズ|音量を揃|нормализ"),
    ("pitch", r"\bpitch|semitone|half[- ]steps?|\ba (?:whole )?tone\b|\bun tono\b|\bum tom\b|\bun ton\b|octave"
              r"|transpos|\bhigher\b|\bdeeper\b|chipmunk|squeak|\blower (?:the )?(?:key|voice|tone)"
              r"|\b(?:the|its) key\b|lower in (?:pitch|tone)|agud|\bgrave\b|semiton|octav|aigu|\bhöher|\btiefer"
              r"|halbton|oktav|acut|ottav|oitav|升高|降低.{0,3}(?:调|音)|半音|音高|八度|高くして|低くして|キー"
              r"|オクターブ|\bвыше|\bниже"
              r"|полутон|октав|\bhoger\b|\blager\b|\bwyżej|\bniżej|półton"),
    ("speed", r"\bfast|\bslow|\bspeed|\btempo\b|half speed|double speed|\d\s?x\b|rápid|lent[oa]?\b|velocidad|vite"
              r"|rapide|ralent|acc?el|accél|schnell|langsam|veloc|rapid|devagar|加快|加速|放慢|减速|倍速|速く"
              r"|遅く|быстр|медлен"
              r"|ускор|замедл|швидш|повільн|\bsneller|\blangzamer|\bszybciej|\bwolniej|przyspiesz|zwolnij"),
    ("gain", r"\bloud|\bquiet|\bsofter|\bvolume|\bgain\b|(?<![a-z])db(?![a-z])|decibel|分贝|デシベル|데시벨"
             r"|볼륨|音量|turn (?:it"
             r"|this|that|up|down)|crank|\bboost"
             r"|volumen|fuerte|più (?:forte|piano)\b|\babbassa|\bplus bas\b|\bmás bajo\b|\bmais (?:alto|baixo)\b"
             r"|\bfort\b|\blauter|\bleiser|lautstärke|\balto\b|\bbaixo\b|大声|小声|响|大きく|小さく|громк|громч"
             r"|тише|гучн|тихіш|голосніш|\bluider|\bharder|\bzachter|\bgłośniej|\bciszej|pogłośnij|\bścisz"),
    ("trim", r"\bcut|\btrim|\bcrop|\bshorten|\bclip (?:it|this|the|to|from)|\bkeep|\bonly the (?:first|last)"
             rf"|\bfirst\b{_NO_CLIP}|\blast\b{_NO_CLIP}"
             r"|\bremove the|\bskip|\bdrop the|\bchop|\bsnip|\bextract the part|\bstart at|\blong\b|corta|recort"
             r"|coupe|découp|raccour"
             r"|schneid|kürz|tagli|accorc|剪|截|裁|切り|カット|обреж|сократ|\bpart\b|\bknip|\bsnijd|\bobetnij"
             r"|\bwytnij|обріж|виріж|\blop\b|\bshave\b|\bskróć|\bprzytnij|\butnij"
             rf"|{DROP}"),
)  # fmt: skip
_LESS = re.compile(
    r"quiet|softer|\blower|\bdown\b|\bdrop|decreas|reduc|half as loud|b[aá]ja|menos|bajo|baiss|moins|leiser|abbass"
    r"|baixa|diminu|小声|调小|小さく|тише|тихіш|уменьш|убав|zachter|omlaag|ciszej|ścisz"
    r"|下げ|減ら|降低|调低|줄[여이]|내려|낮[춰추]|azalt|kıs(?:ın|$|\s)",
    re.IGNORECASE,
)
_SLOW = re.compile(
    r"slow|half (?:the )?(?:speed|tempo)|halve|lent|despac|ralent|langsam|langzamer|devagar|wolniej|zwolnij|慢"
    r"|减速|遅"
    r"|медлен|замедл",
    re.IGNORECASE,
)
_LOW = re.compile(
    r"\blower|\bdown\b|\bdrop|deep|grave|tiefer|\b(?:he)?runter|bass[oa]|\bgiù\b|\bbaja\w*|\bbaisse|\bdescen"
    r"|\bdesc[ea]\b|\bbaixa|降低|调低|低く|下げ|ниже|опусти|пониз|\blager\b|\bomlaag|niżej|obniż|\bsänk|낮춰|내려",
    re.IGNORECASE,
)
_TWICE = re.compile(
    r"twice|double|two times|el doble|deux fois|doppelt|verdopp|doppi|dobro|一倍|两倍|2倍|二倍|вдвое|в два раза"
    r"|twee keer"
    r"|dwa razy",
    re.I,
)
_HALF = re.compile(r"\bhalf\b|\bhalve\b|mitad|moitié|\bhalb|metà|metade|一半|半分|вдвое|наполовину", re.IGNORECASE)
_DROP = re.compile(DROP, re.IGNORECASE)
_KEEP = re.compile(
    r"\bkeep|\bonly\b|\bjust\b|\b(?:the rest|all else|everything else)\b(?! (?:after|from))|\b(?:deja|quédate|garde"
    r"|behalte|tieni|mantieni|mantém)\b|lo demás|le reste|den rest|il resto|o resto|保留|其他|其余|残して|残り"
    r"|оставь|остальн",
    re.IGNORECASE,
)
_EXCEPT = re.compile(
    r"\b(?:except|apart from|other than|(?:everything|all) but|menos|excepto|sauf|außer|tranne|exceto)\b|除了"
    r"|以外|кроме",
    re.IGNORECASE,
)
_FIRST = re.compile(
    rf"\bfirst{_NO_CLIP}|\bbeginning|\bstart\b|\bopening\b|\binitial\b|primer[oa]?s?|premi[eè]re?s?|erste|prim[ie]"
    rf"|primeir|开头|前|最初|перв"
    rf"|начал|\beerste|pierwsz|\bförsta|\bførste|\bilk\b|앞|처음",
    re.IGNORECASE,
)
_LAST = re.compile(
    rf"\blast{_NO_CLIP}|\bend(?:ing)?\b|\bfinal\b|\bclosing\b|últim|derni[eè]re?s?|letzte|ultim"
    r"|最后|后(?=[\d一二三四五六七八九十半])|最後|последн|конец|конц|\blaatste|ostatni|\bsista\b|\bsidste"
    r"|\bson (?=\d)|뒤|끝|마지막",
    re.IGNORECASE,
)
_FROM_ON = re.compile(
    r"\b(?:from|after|start(?:ing)? at|since|desde|después de|après|nach|dopo|depois de|à partir|ab|da|a partir)\b"
    r"|后|から|後|从|с\s|после\b",
    re.IGNORECASE,
)

_UP_TO = re.compile(
    r"\b(?:cut|stop|end|clip|coupe|arrête|schneide?|stopp|corta|para|taglia|ferma|knip|utnij|обрежь"
    r"|обрывай)\b.{0,30}?\b(?:after|après|nach|después de|dopo|depois de|na|po|после)\b",
    re.IGNORECASE,
)
"""What comes after is not to stay: "cut it after ten seconds"."""
_TO_END = re.compile(
    r"\b(?:to|till|until|al|jusqu'à la|bis zum|fino alla|até o)\s+(?:the\s+)?(?:very\s+)?(?:end|final|fin|ende|fine"
    r"|fim)\b|\bonwards?\b|到最后|до конца",
    re.IGNORECASE,
)
_BEHIND_FIRST = re.compile(
    r"\b(?:after|past|beyond|following) the (?:first|opening)\b|\bnach de[nr] ersten?\b|\baprès l[ea]s? premi"
    r"|\bdespués de l[oa]s? primer|\bdopo (?:i|il|le|la) prim|\bdepois d[oa]s? primeir|\bna de eerste\b|\bпосле перв",
    re.IGNORECASE,
)
"""Where the beginning ends, which is not what is named: "everything after the first minute"."""
_AT = re.compile(r"\b(?:at|around|near|um|bei|vers|alle|hacia)\b", re.IGNORECASE)
"""A moment, which alone is no stretch."""


OF_CLIPS = frozenset(["join", "mix"])
"""Operations that are about several clips."""
_TIMED = frozenset(["echo", "loop", "remove_silence"])
"""Operations that have a time of their own."""


def operation(text: str) -> str | None:
    """Which operation of `audio_editing` a request means; None when it names none."""
    if known := operation_told(text):
        return known
    low = text.lower()
    if crossfade(text):
        return "join"
    if named := effect(text):
        return named
    if covers := next((name for name, pattern in COVERS.items() if pattern.search(text)), None):
        return covers
    for name, pattern in _OPERATIONS:
        if re.search(pattern, low):
            return name
    points, part = moments(text), _FIRST.search(text) or _LAST.search(text)
    return "trim" if len(points) >= 2 or (points and part) or _HALF.search(text) else None


def edits(text: str, length_s: float | None) -> list[dict[str, Any]]:
    """The operations and their parameters, in order; several `trim`s are what is to be joined after them.

    `length_s` is the clip's length in seconds, when known.

    Raises:
        Lack: it is not said what to do, or a needed number cannot be known.
    """
    name = operation(text)
    if name is None:
        raise Lack(RefusalKind.MISSING_INPUT, "edit_how")
    if name == "trim":
        return [{"operation": name, **_bounds(stretch)} for stretch in _kept(text, length_s)]
    if name == "join":
        return [{"operation": name, **crossfade(text)}]
    part, rest = stretch(text, length_s, open_ended=name not in _TIMED) if name in OF_PARTS else (None, text)
    if part is None and name in COVERS:
        raise Lack(RefusalKind.MISSING_INPUT, "edit_part")
    fill = _FILLERS.get(name)
    return [{"operation": name, **(fill(rest) if fill else settings(name, rest)), **(_bounds(part) if part else {})}]


def edited_length(args: Mapping[str, Any], lengths: Sequence[float]) -> float:
    """How long the result of one edit is, in seconds, for clips of these lengths."""
    match args["operation"]:
        case "join":
            return sum(lengths)
        case "loop":
            return float(args.get("seconds") or _part_s(args, lengths[0]) * args.get("times", 2))
        case "mix":
            return max(lengths)
        case "speed":
            part = _part_s(args, lengths[0])
            return lengths[0] - part + part / float(args["factor"])
        case "trim":
            return _part_s(args, lengths[0])
        case _:
            return lengths[0]


def _part_s(args: Mapping[str, Any], length_s: float) -> float:
    """How long the stretch is that an edit is about; all of the clip where none is said."""
    return max(0.0, min(args.get("end_s") or length_s, length_s) - (args.get("start_s") or 0.0))


def _gain(text: str) -> dict[str, Any]:
    less = bool(_LESS.search(text))
    given = number_before(text, r"d(?:b|ecibels?|ecibelios?|écibels?|ezibel)|分贝|デシベル|дб|децибел\w*")
    percent = number_before(text, _PERCENT)
    if given is not None:
        level = -abs(given) if less else given
    elif percent is not None:
        level = 20 * math.log10(max(0.01, 1 + (-abs(percent) if less else percent) / 100))
    elif _HALF.search(text) or _TWICE.search(text):
        level = -_GAIN_DB if less or _HALF.search(text) else _GAIN_DB
    else:
        size = step_db(text)
        level = -size if less else size
    return {"gain_db": round(min(40.0, max(-60.0, level)), 2)}


_RATE = r"[0-3]?[.,]\d+"
"""A bare number that can but be a rate: "slow it to 0.75"."""


def _speed(text: str) -> dict[str, Any]:
    slow = bool(_SLOW.search(text))
    factor = number_before(text, r"x\b|times\b|veces|fois|mal\b|volte|vezes|倍|раза?\b|-?fach")
    by = re.search(
        rf"\bfactor (?:of )?({NUMBER})|\bat ({NUMBER})\s?x|\b(?:to|at|auf|à|a|al|op|na|до) ({_RATE})(?!\S)"
        rf"|[,:]\s*({_RATE})\s?x?(?=\W*$|\s*,)",
        text,
        re.IGNORECASE,
    )
    percent = number_before(text, _PERCENT)
    if by:
        factor = value(by[1] or by[2] or by[3] or by[4])
    if factor is not None and factor > 0:
        rate = 1 / factor if slow and factor > 1 else factor
    elif percent is not None and (percent > 100 or slow and percent >= _MOSTLY or _SHARE.search(text)):
        rate = percent / 100  # "slower, 90 percent" is at nine tenths of the speed
    elif percent is not None:
        rate = 1 + (-abs(percent) if slow else percent) / 100
    elif part := next((share for share, pattern in _PARTS if re.search(pattern, text, re.IGNORECASE)), None):
        rate = 1 - part if slow else 1 + part
    elif _TWICE.search(text):
        rate = 0.5 if slow else 2.0
    elif _HALF.search(text):
        rate = 0.5
    else:
        rate = _SLOWER if slow else _FASTER
    return {"factor": round(min(4.0, max(0.25, rate)), 3)}


def _pitch(text: str) -> dict[str, Any]:
    steps = number_before(
        text,
        r"semitones?|half[- ]?(?:steps?|tones?)|semitonos?|demi-tons?|halbt\w+|semitoni|semitons|个?半音|полутон\w*",
    )
    octaves = number_before(text, r"octaves?|octavas?|oktaven?|ottav[ae]|oitavas?|个?八度|オクターブ|октав\w*")
    if steps is None and octaves is not None:
        steps = 12 * octaves
    elif steps is None and re.search(r"octav|oktav|ottav|oitav|八度|オクターブ|октав", text, re.IGNORECASE):
        steps = 12.0
    elif steps is None and re.search(r"\ba fifth\b", text, re.IGNORECASE):
        steps = 7.0
    elif steps is None and (tones := number_before(text, _TONES)):
        steps = 2 * tones
    steps = _SEMITONES if steps is None else steps
    return {"semitones": min(24.0, max(-24.0, -abs(steps) if _LOW.search(text) else steps))}


def _normalise(text: str) -> dict[str, Any]:
    level = number_before(text, r"lufs|lkfs|db\b")
    bare = re.search(r"(?<![\w.])[-−–]\s?(\d{1,2}(?:[.,]\d)?)(?![\w.,]*\d)", text)
    if level is None and bare:
        level = value(bare[1])
    if level is not None:
        return {"loudness_lufs": min(-5.0, max(-40.0, -abs(level)))}
    if re.search(r"broadcast|r\s?128|\btv\b", text, re.IGNORECASE):
        return {"loudness_lufs": _BROADCAST_LUFS}
    return {"loudness_lufs": _PODCAST_LUFS}


def _unitless(text: str) -> list[float]:
    """Numbers that are seconds, as what was said before them was: "and fade out over 3"."""
    said = re.findall(
        rf"\b(?:over|for|last|final|über|lang|letzten|sur|dernières|pendant|durante|últimos|ultimi|em|en|in|su|за"
        rf"|в)\s+({NUMBER})\W*$",
        text,
        re.I,
    )
    return [found for found in map(value, said) if found]


def _fade(text: str) -> dict[str, Any]:
    into = bool(
        re.search(
            r"\bin\b(?! (?:over|of) the)|beginning|\bstart|einblend|entrée|entrada|淡入|フェードイン|нараста",
            text,
            re.I,
        )
    )
    out = bool(
        re.search(r"\bout\b|away|\bend\b|ausblend|sortie|salida|final|\but\b|淡出|フェードアウト|затух", text, re.I)
    )
    both = bool(re.search(r"\bboth\b|in and out|beide", text, re.I)) or not (into or out)
    lengths = [t.seconds for t in times(text)] or _unitless(text) or [_FADE_S]
    args: dict[str, Any] = {}
    if into or both:
        args["fade_in_s"] = lengths[0]
    if out or both:
        args["fade_out_s"] = lengths[-1]
    return args


def _bounds(stretch: Stretch) -> dict[str, float]:
    start, end = stretch
    return {"start_s": start} if end is None else {"start_s": start, "end_s": end}


def _kept(text: str, length_s: float | None) -> list[Stretch]:
    """The stretches of the clip that are to stay, in order."""
    named = _named(text, length_s)
    if not (bool(_KEEP.search(text)) if _EXCEPT.search(text) else _DROP.search(text) and not _KEEP.search(text)):
        return sorted(named, key=lambda stretch: stretch[0])
    kept = _rest(named, length_s)
    if not kept:
        raise Lack(RefusalKind.MISSING_INPUT, "nothing_left")
    return kept


def _named(text: str, length_s: float | None) -> list[Stretch]:
    """The stretches that the words name, whatever is to become of them."""
    points = [t.seconds for t in moments(text)]
    first, last = None if _BEHIND_FIRST.search(text) else _FIRST.search(text), _LAST.search(text)
    if _HALF.search(text) and not points:
        middle = round(_known(length_s) / 2, 3)
        second = re.search(r"second|last|segund|zweite|后|後|втор", text, re.IGNORECASE)
        return [(middle, None)] if second else [(0.0, middle)]
    if not points:
        goes = _DROP.search(text) and not _KEEP.search(text)
        raise Lack(RefusalKind.MISSING_INPUT, "cut_what" if goes else "keep_what")
    if len(points) == 1 and _TO_END.search(text):
        return [(points[0], None)]
    if first and last:
        head, tail = (points[0], points[-1]) if first.start() < last.start() else (points[-1], points[0])
        return [(0.0, head), (_from_end(tail, length_s), None)]
    if len(points) >= 2:
        pairs = zip(points[::2], points[1::2], strict=False)
        return [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]
    if last:
        return [(_from_end(points[0], length_s), None)]
    if first is None and _FROM_ON.search(text):
        ends = _UP_TO.search(text) and not _DROP.search(text) and not _KEEP.search(text)
        return [(0.0, points[0])] if ends else [(points[0], None)]
    if first is None and _AT.search(text) and _DROP.search(text):
        raise Lack(RefusalKind.MISSING_INPUT, "cut_what")
    return [(0.0, points[0])]


def _rest(gone: list[Stretch], length_s: float | None) -> list[Stretch]:
    """What is left of a clip without some stretches."""
    kept: list[Stretch] = []
    at = 0.0
    for start, end in sorted(gone, key=lambda stretch: stretch[0]):
        if start > at:
            kept.append((at, start))
        if end is None:
            return kept
        at = max(at, end)
    return kept if length_s is not None and at >= length_s else [*kept, (at, None)]


def _from_end(seconds: float, length_s: float | None) -> float:
    return round(max(0.0, _known(length_s) - seconds), 3)


def _known(length_s: float | None) -> float:
    if not length_s:
        raise Lack(RefusalKind.MISSING_INPUT, "how_long")
    return length_s


_FILLERS: dict[str, Callable[[str], dict[str, Any]]] = {
    "fade": _fade,
    "normalise": _normalise,
    "pitch": _pitch,
    "speed": _speed,
    "gain": _gain,
}
