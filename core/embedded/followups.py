"""What a message leaves unsaid and takes over from the request before it: "and on mine?", "and in French"."""

from __future__ import annotations

import re
from dataclasses import replace

from core.artifacts import Kind
from core.embedded.clauses import masked, quotations
from core.embedded.files import FILE_NAME, file_named, missing_file, partly_named
from core.embedded.languages import retargeted, target_language, without_languages
from core.embedded.recall import nth
from core.embedded.recall_words import IT, MY
from core.embedded.retrying import by_length, the_other
from core.embedded.tongue import language_of
from core.embedded.voices import voice_asked
from core.embedded.wording import commands_to_say, quoted_or_given, words_to_say
from core.plans import Decision, Item, Line, Request, pointed

_MEDIA = ("audio", "image", "reference", "melody")
"""Arguments that are one piece of media."""
_LATELY = 3
"""Messages back in which the request is looked for that a later one goes on with."""
_FEW_WORDS, _FEWEST_WORDS, _FEW_SIGNS = 8, 3, 120
_AND = (
    r"and|now|then|ok(?:ay)?|no|wait|nah|nope|sorry|oops|oh|hm+|i mean|nein|warte|quatsch|non|attends|pardon"
    r"|espera|perdón|aspetta|scusa|desculpa|нет|стой|不|等等|いや|待って|und|jetzt|nun|dann|et|maintenant|puis|y"
    r"|ahora|luego|e|ed|adesso|ora|poi|agora|depois|en|nu"
    r"|i|teraz|и|а|теперь|那么?|还有|现在|再|然后|では|次は|今度は|じゃあ"
)
_LIKE_IT = (
    r"too|also|as well|again|the same|same|likewise|auch|ebenfalls|ebenso|(?:das )?gleiche|dasselbe|aussi|pareil"
    r"|la même chose|également|también|tampoco|lo mismo|igual|anche|lo stesso|uguale|também|o mesmo|ook|hetzelfde|też"
    r"|to samo|тоже|также|то же(?: самое)?|也要?|同样|一样|も|同じく"
)
_OF = (
    r"for|of|on|in|with|to|into|from|at|about|(?:what|how) about|do|take|try|für|von|vom|auf|aus|mit|bei|ins?|zu"
    r"|pour|de"
    r"|du|sur|dans|avec|à|au|en|para|con|del?|al|por|per|di|su|nel(?:la)?|a|em|no|na|ao|voor|van|op|naar|dla|na|z|w|po"
    r"|для|на|в|с|из|по|か?に|の|を|は|で"
)
_THIS = (
    r"this|that|these|one|ones|mine|my|here|it|the|other|another|next|diese[nrms]?|dies|das|de[nrm]|die|hier|es"
    r"|mein(?:s|e[nrms]?)?|andere[nrms]?|nächste[nrms]?|l['’](?:autre|altr[oa])|celui-ci|celle-ci|cet(?:te)?|ce|ceci"
    r"|ça|ici|l[ea]s?"
    r"|mien(?:ne)?|autre"
    r"|est[aeo]|es[aeo]|aquí|el|lo|m[ií][oa]?|otr[oa]|quest[oa]|qui|mi[oa]|altr[oa]|isto|aqui|os?|minh[ao]|meu|outr[oa]"
    r"|deze|dit|die|het|ander[es]?|tego|ten|t[aęo]|tutaj|mój|moje|это[тй]?|эту?|здесь|мо[ёюея]|друг\w+"
    r"|这[个张段里]?|那[个张段]|我的|另一个|これ|この|それ|ここ|私の|もう一つ"
)
_THINGS = (
    r"pictures?|photos?|images?|files?|clips?|recordings?|audio|videos?|bild|foto|datei|aufnahme|image|enregistrement"
    r"|fichier|imagen|archivo|grabación|immagine|registrazione|imagem|gravação|ficheiro|arquivo|картинк\w+|запись"
    r"|записи"
    r"|файл|图片?|照片|录音|文件|写真|画像|録音|ファイル"
)
_PLACE = (
    r"first|second|third|last|erste\w*|zweite\w*|dritte\w*|letzte\w*|premi\w+|deuxième|seconde?|prim\w+|segund\w+"
    r"|втор\w+|перв\w+|第[一二三]"
)
_PLEASE = (
    r"please|pls|thanks|bitte|s'il te plaît|stp|por favor|per favore|graag|proszę|poproszę|пожалуйста|请|吧|呢|要"
    r"|お願いします|ください"
)
_POLITE = re.compile(rf"(?<!\w)(?:{_PLEASE})(?!\w)|\W(?=\s|$)", re.IGNORECASE)
_FORGOT = (
    r"(?:i )?(?:forgot to (?:say|mention)|meant to say)|(?:das )?(?:hab ich )?vergessen(?: zu sagen)?|olvidé decirlo"
)
_BARE = re.compile(
    rf"(?:{_FORGOT})|(?<![^\W\d_])(?:{_AND}|{_LIKE_IT}|{_OF}|{_THIS}|{_THINGS}|{_PLACE}"
    rf"|{_PLEASE})(?![^\W\d_\u3040-\u9fff])"
    rf"|[\u3040-\u9fff]*?(?:{_AND}|{_LIKE_IT}|{_OF}|{_THIS}|{_THINGS}|{_PLACE}|{_PLEASE})(?=[\u3040-\u9fff]|\W|$)",
    re.IGNORECASE,
)
NAMED = frozenset(["text_to_image", "text_to_audio", "text_to_music", "target_sound_detection", "sound_extraction"])
"""What is told by naming a thing, so that naming another is enough: "and the piano", "now a windmill"."""
TOLD_IN_WORDS = NAMED | {
    "text_to_speech", "text_to_sing", "text_translation", "style_transfer_tts", "talking_head"
}  # fmt: skip
"""What is told in words of one's own, in which nothing is a change to the request."""
_TELLS = re.compile(
    r"(?<!\w)(?:i|i['’]m|i['’]ll|my|me|you|we|he|she|they|don['’]?t|do(?:es)?|is|are|was|isn['’]?t|can|will|know"
    r"|think|not|no"
    r"|yes|yeah|ok(?:ay)?|sure|later|wait|hm+|um+|why|what|how|who|ich|du|wir|sie|bin|ist|sind|weiß|nicht|nein|ja|keine"
    r"|je|j['’]\w+|tu|nous|il|elle|est|suis|sais|pas|oui|non|yo|soy|sé|sí|estoy|io|sono|so|sì|eu|sou|sei|não|sim|ik|ben"
    r"|weet|niet|nee|ja|nie|wiem|tak|jestem|я|ты|мы|не|да|нет|знаю)(?!\w)|我|你|不|是的?$|知道|僕|私|です|ます|ない",
    re.IGNORECASE,
)
"""Words of a sentence that says something of its own."""
_ANOTHER = re.compile(
    r"^\W*(?:(?:and|now|then|und|jetzt|nun|et|maintenant|y|ahora|e|adesso|agora|en|nu|i|teraz|и|а|теперь)\W+)+"
    r"(?:an?|the|some|eine?n?|d(?:as|er|en|ie)|une?|l[ea]s?|un[oa]?|el|los|il|lo|uma?|os?|een|de|het)\W+"
    r"(?:[\w'’-]+\s+){0,3}[\w'’-]+\W*$",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"^(?:(?:(?:a?(?:ha)+h?|lol|(?:so|very|how) (?:nice|cool|lovely)|nice|great|cool|lovely|sick|perf(?:ect)?"
    r"|awesome|amazing|wow|love it"
    r"|thank you|thanks|thx|ty|schön|toll|klasse|geil|danke|super|genial|parfait|merci|órale|qué bonito|perfecto"
    r"|gracias|bello"
    r"|bellissimo|ottimo|grazie|show|massa|valeu|obrigad[oa]|legal|mooi|dank je|(?:ах)?а?(?:ха)+х?|круто|класс|супер"
    r"|отлично|спасибо)"
    r"(?: (?:haha|so much|a lot|dir|mille|mil|demais))?)[\s,]*)+[.!,;…]+\s+(?=\S+\s+\S)",
    re.IGNORECASE,
)
"""In front of another sentence."""
_GIVES = re.compile(
    r"(?<!\w)(?:here|here's|is|it|you|go|are|this|that|voilà|voici|hier|bitte|da|aquí|está|toma|ecco|aqui|oops|sorry"
    r"|forgot|the|file|attached|entschuldigung|ups|perdón|pardon|scusa|desculpa|of|course|ok|okay|yes|ja|oui|sí|sì|sim"
    r"|вот|да)(?!\w)|给你|在这里?|这是|どうぞ|これです",
    re.IGNORECASE,
)
"""Words that but hand over what was asked for."""


def before(request: Request) -> list[tuple[int, Line]]:
    """The last messages of people before this one with their places in the history, the newest first."""
    said = [(n, line) for n, line in enumerate(request.history) if line.who == "user" and line.text.strip()]
    return said[: -_LATELY - 1 : -1]


def without_praise(request: Request) -> Request:
    """The request without what is but said of the thing before: "haha nice! now slower" is about "now slower"."""
    rest = _PRAISE.sub("", request.text)
    return replace(request, text=rest) if rest and rest != request.text else request


def last_message(request: Request) -> Request | None:
    """What the person's message before this one asked for, if only by what came with it."""
    said = [(n, line) for n, line in enumerate(request.history) if line.who == "user" and (line.text or line.artifacts)]
    return as_it_was(request, *said[-1]) if said else None


def as_it_was(request: Request, number: int, line: Line) -> Request:
    """What an earlier message asked for: its words, what came with it, and what came before it."""
    then = {made for said in request.history[: number + 1] for made in said.artifacts}
    later = {made for said in request.history[number + 1 :] for made in said.artifacts} - then
    there = [i for i in request.items if not i.current and i.id not in later]
    items = tuple(replace(i, current=i.id in line.artifacts, voice=False) for i in there)
    was = replace(request, text=line.text, items=items, history=request.history[:number], quoted="", objection=None)
    return without_praise(was)


def only_the_end(request: Request, number: int, was: Decision, now: Decision) -> Decision:
    """A changed plan without the steps before its last one, where only that changed and what it was given is there.

    `number` is the place in the history of the message whose plan it was.
    """
    last, before = now.steps[-1], was.steps[-1]
    answer = next((line for line in request.history[number + 1 :] if line.who == "bot"), None)
    made = [i for i in request.items if answer and i.id in answer.artifacts and i.made == last.capability]
    about = [name for name in last.args if name in _MEDIA]
    points = [name for name in about if pointed(last.args[name])]
    same = now.steps[:-1] == was.steps[:-1] and all(before.args.get(name) == last.args[name] for name in points)
    if not same or len(points) != 1 or len(made) != 1 or len(made[0].given) != len(about):
        return now
    there = made[0].given[about.index(points[0])]
    return replace(now, steps=(replace(last, args={**last.args, points[0]: there}),))


def only_points(request: Request) -> bool:
    """Whether a message has no verb and no thing of its own: a reference, a language or a voice, and small words."""
    text = masked(request.text)
    if len(text) > _FEW_SIGNS or len(text.split()) > _FEW_WORDS or quotations(request.text):
        return False
    rest = FILE_NAME.sub(" ", without_languages(text))
    return not re.search(r"[^\W_]", _BARE.sub(" ", rest)) and bool(re.search(r"[^\W_]", text))


def may_name_another(text: str) -> bool:
    """Whether a message can but name another thing: "and the piano"."""
    return bool(_ANOTHER.match(text))


def names_another(text: str, capability: str) -> bool:
    """Whether a message but names another thing of the kind that was asked for."""
    return capability in NAMED and may_name_another(text)


def brings_media(request: Request) -> bool:
    """Whether anything is attached to a message or to the one that it replies to."""
    return bool(_given(request))


def hands_over(request: Request) -> bool:
    """Whether a message has no words but those that go with what it brings."""
    return not re.search(r"\w", _GIVES.sub(" ", request.text))


def _given(request: Request) -> list[Item]:
    return [i for i in request.items if i.current and not i.voice]


def carried(request: Request, asked: Request) -> Request | None:
    """The request before, about what this one points at; None where this one points at nothing else."""
    item = _pointed_at(request, asked)
    if item is not None:
        kept = [i for i in asked.items if i.kind is not item.kind and (i.current or item.kind is Kind.IMAGE)]
        return replace(asked, text=_without_names(asked), items=(replace(item, current=True, elsewhere=False), *kept))
    if target_language(request.text):
        text = retargeted(asked.text, request.text)
        return replace(asked, text=text) if text else None
    if voice_asked(request.text):
        return replace(asked, text=f"{asked.text}, {request.text}")
    return None


def _pointed_at(request: Request, asked: Request) -> Item | None:
    given = _given(request)
    if len(given) == 1:
        return given[0]
    earlier = [i for i in request.items if not i.current]
    several = [i for i in asked.items if i.current]
    mine = next((i for i in earlier if i.mine and not i.made), None) if MY.search(request.text) else None
    return mine or (
        file_named(earlier, request.text)
        or the_other(request.text, several, asked.text)
        or nth(several, request.text)
        or by_length(request.text, several)
    )


def _without_names(asked: Request) -> str:
    """The words with a short word for each file that they name."""
    word = IT.get(language_of(asked.text), IT["en"])
    return asked.text if quotations(asked.text) else FILE_NAME.sub(word, asked.text)


def names_missing_file(request: Request) -> str:
    """The file that a short message is about and that is not there; empty where there is none."""
    if len(request.text.split()) > _FEW_WORDS:
        return ""
    kinds = ((kind, [i for i in request.items if i.kind is kind]) for kind in (Kind.AUDIO, Kind.IMAGE))
    return next((name for kind, items in kinds if (name := missing_file(items, kind, request.text))), "")


_EACH = re.compile(
    r"\b(?:(?:both|each)(?! other)(?: of (?:them|these|those))?|these two|those two|est[oa]s dos|ces deux"
    r"|diese beiden|queste due"
    r"|quest[ie] due|est[ae]s duas|estes dois|all (?:of )?(?:them|these|those|two|three|four|five|files|clips"
    r"|recordings)"
    r"|every (?:one|file|clip|recording)|beiden?|alle (?:drei|vier|fünf|dateien|aufnahmen|clips)|les deux|chacun[es]?"
    r"|t(?:ous|outes) (?:les|ces)|amb[oa]s|l[oa]s dos|tod[oa]s (?:l[oa]s|est[oa]s)|entramb[ie]"
    r"|tutt[ie] (?:e |i |gli |le )"
    r"|os dois|as duas|tod[oa]s [oa]s|allebei|alle (?:twee|drie|bestanden)|oba|obie|obydw\w+|wszystkie|båda|begge)\b"
    r"|\b(?:оба|обе|обеих|обоих|все (?:три|записи|файлы))\b|둘 ?다|모두|两[个段条]都?|全部|両方|どちらも|\bikisini",
    re.IGNORECASE,
)


_GOES_ON = re.compile(
    r"^\W*(?:(?:please|ok(?:ay)?|and|but|now|then|no|not|still|maybe|actually|eigentlich|en fait|en realidad"
    r"|in realtà|na verdade|und|aber|jetzt|nein|nicht|et|mais|non|pas|y"
    r"|pero|no|ahora"
    r"|e|ma|mas|não|и|но|нет|теперь)\b\W*)*"
    r"(?:in|with|without|as|by|at|for|a (?:bit|little|touch)|much|more|less|slower|faster|higher|lower|louder|quieter"
    r"|longer|shorter|mit|ohne|als|auf|im|etwas|mehr|weniger|langsamer|schneller|höher|tiefer|länger|kürzer|en|avec"
    r"|sans|comme|à|au"
    r"|plus|moins|con|sin|como|más|menos|al?|per|senza|come|più|meno|em|com|sem|mais|met|zonder|op|z|na|jako|bez|с"
    r"|без|как"
    r"|на|в|хором|\d+)(?!\w)|^(?:用|换成?|改成|再)|^\d|(?:で|にして|バージョン)(?:お願い)?\W*$",
    re.IGNORECASE,
)


_ADDS = re.compile(
    r"^\W*(?:(?:please|ok(?:ay)?|and|but|now|then|und|aber|jetzt|et|mais|y|pero|e|ma|mas|и|но)\b\W*)*"
    r"(?:in|with|without|mit|ohne|avec|sans|con|sin|senza|com|sem|met|zonder|z|bez|с|без)\b",
    re.IGNORECASE,
)


def adds(text: str) -> bool:
    """Whether such a message may add to a description: "with a cello", "in D minor"."""
    return bool(_ADDS.match(text))


def goes_on(text: str) -> bool:
    """Whether a message has no subject and no verb of its own, but how the thing before it should be: "as a choir"."""
    return bool(_GOES_ON.match(text))


def means_each(text: str) -> bool:
    """Whether what is asked for is meant of each of several things: "clean both of these"."""
    return bool(_EACH.search(masked(text)))


def says_each(text: str) -> bool:
    """Whether that is said in so many words, so that a name beside it singles none out: "what each of these says"."""
    return bool(
        re.search(r"\beach of (?:them|these|those)\b|\bevery one of\b|\bjede[rs]? von\b|\bchacun", masked(text), re.I)
    )


def is_short(text: str) -> bool:
    """Whether a message is but a name or a property of one thing: "the shorter one" does not ask to shorten."""
    return len(text.split()) <= _FEWEST_WORDS


def is_brief(request: Request, *, lacked: bool) -> bool:
    """Whether a message is short enough to do nothing but say more exactly what was asked for.

    It may be longer where that `lacked` something, or where we have just asked.
    """
    last = request.history[-1].text.rstrip()
    most = _FEW_WORDS if lacked or last.endswith(("?", "？")) else _FEWEST_WORDS
    words = _POLITE.sub(" ", request.text).split()
    return len(request.text) <= _FEW_SIGNS and len(words) <= most


def picked(request: Request, asked: Request) -> Request | None:
    """The request before, about the one of several that this message picks."""
    several = [i for i in asked.items if i.current]
    named = file_named(several, request.text) or partly_named(several, request.text)
    one = named or nth(several, request.text) or by_length(request.text, several)
    if one is None:
        return None
    items = tuple(i for i in asked.items if i is one or not i.current or i.kind is not one.kind)
    return replace(asked, items=items)


def supplied(request: Request, asked: Request) -> Request:
    """The request before, about what this message brings."""
    given = _given(request)
    return replace(
        asked, items=(*given, *(i for i in asked.items if i.current), *(i for i in asked.items if not i.current))
    )


def names_thing(text: str) -> bool:
    """Whether a message but names a thing: "rain", "of a train", and not "I don't know yet"."""
    return len(text.split()) <= _FEW_WORDS and len(text) <= _FEW_SIGNS and not _TELLS.search(text)


def gives_words(text: str) -> bool:
    """Whether a message plainly has words that are to be said or sung: quoted ones, or those after "say"."""
    return bool(quoted_or_given(text)) or commands_to_say(text)


def worded(request: Request, asked: Request) -> Request:
    """The request before, with the words that this message gives it."""
    words = words_to_say(request.text) or request.text
    return replace(asked, text=f"{asked.text.rstrip(' .!?:…')}: {words}")
