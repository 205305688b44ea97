"""Cuts a message into clauses that may each ask for something, never inside quoted words or a given text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.embedded.quantities import NUMBER

MOST_PIECES = 6
"""More pieces than this are not looked at one by one: it is a story, not a request."""

MOST_READ, MOST_PARTS = 4_000, 40
"""Characters that are read as a request, and between how many quotations."""

_QUOTES = re.compile(
    r"```(?:(?!```)[\s\S])+```|`[^`\n]+`"
    r"|“[^”]+”|„[^“”]+[“”]|«[^»]+»|»[^«]+«|「[^」]+」|『[^』]+』|‘[^’]+’|\"[^\"]+\"|(?<![\w])'(?:[^']"
    r"|(?<=\w)'(?=\w))+'(?!\w)"
)
_TAIL = re.compile(r"\s?[:：]\s+\S.*|：\S.*", re.DOTALL)
"""What follows a colon is a given text, to the end."""

_PASTED = re.compile(
    r"(?<=[?？])[^\S\n]*\n[^\S\n]*\n\s*(?=(?:\S+\s+){11}|[^\n]{60})[\s\S]+$"
    r"|\{\s*\"[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|<!--[\s\S]{0,2000}?-->|https?://\S+"
)
"""What somebody shows beneath a question: a page, a mail, an object of a program, an address."""

_LATER = (
    r"and then|then|after that|afterwards|followed by|and after that|and finally|finally|and also|y luego|luego"
    r"|después"
    r"|y después|et puis|puis|et ensuite|ensuite|après|und dann|und danach|dann|danach|anschließend|e poi|poi|e dopo"
    r"|dopo|e depois|depois|em seguida|а потом|и потом|потом|а затем|и затем|затем|en (?:dan|daarna)|daarna|vervolgens"
    r"|(?:a |i )?potem|(?:a |i )?następnie|(?:ve )?(?:daha )?sonra|(?:ve )?ardından|(?:och )?sedan|og (?:så|derefter)"
    r"|(?:а )?потім|a (?:pak|potom)|그리고|그런 ?다음에?|그 ?다음에?"
)
_DUTCH = (
    r"maak|zet|haal|knip|geef|stuur|schrijf|typ|vertaal|lees|zeg|zing|speel|doe|voeg|plak|draai|laat|ook|verwijder"
    r"|normaliseer|transcribeer|kort|beschrijf|teken|splits|het"
)
_POLISH = r"\w+(?:uj|ij|aj|ej|eń|óć|ób|óż|dź|isz|ącz|ocz|ycz|ów|ch|dal|dawaj|tnij|suń|ścisz|łej|lej|ępl|ętl)(?:cie|my)?"
"""How Polish commands end."""
_AND = rf"and|plus|y|et|und|e|и|да|ve|och|og|та|і|&|\+|en(?=\s+(?:{_DUTCH})\b)|i(?=\s+(?:{_POLISH})\b)"
"""Dutch "en" is Spanish and French, and Polish "i" English, before any other word."""
_SPLIT = re.compile(
    rf"(?P<strong>\s*[.!?;]\s+(?=\S)|\s*[。！？；\n]\s*|[,，、]?\s*(?<!\w)(?:{_LATER})(?!\w)[,，]?\s*"
    r"|[，,]?\s*(?:然后再?|接着|之后再?|最后再?|再(?=[把用画唱读念翻写生做降去]))\s*|、?(?:それから|その後|次に"
    r"|そして)、?"
    r"|(?<=て)から、?|(?<=て)、|(?<=고)\s+(?:나서\s+)?|(?<=서)\s+(?=그))"
    rf"|(?P<weak>[,，、]?\s+(?<!\w)(?:{_AND})(?!\w)\s+|,\s+|，|、?(?:并且|并|而且|同时))",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"^\W*(?:please,? |no,? |but |ok,? |bitte |por favor,? |s'il te plaît,? |per favore,? |пожалуйста,? |пока )?"
    r"(?:do ?n[o'’]?t|do not|never|no need to|you don'?t (?:have|need) to|no (?:me |lo |la |los )?\w+(?:as|es)\b"
    r"|(?:skip|forget(?: about)?|leave out|instead of|rather than) (?:an? |the )?(?:\w+ly )?(?:clean|transl"
    r"|transcri|denois"
    r"|noise|captio|subtitl|separat|edit|cut|read|draw|sing)\w*|you need(?:n'?t| not)|(?:anstatt|statt)\b|nicht \w+en\b"
    r"|(?:plutôt qu|au lieu d)\w*|en (?:vez|lugar) de|invece di|em vez de|вместо|no (?:transcript|translation"
    r"|subtitles)\b"
    r"|ne \w+|n['’]\w+|non \w+|não \w+|не \w+|noch nicht)\b|^(?:请|先|请先)?(?:别|不要)|ないで(?:ください)?[。！!]?$"
    r"|^(?:mach|übersetze|ändere|lies) .*\bnicht\b",
    re.IGNORECASE,
)
_LATER_TOLD = re.compile(
    r"\b(?:i(?:['’]ll| will)|i['’]?m (?:going to|gonna)|lemme|let me) (?:tell|let) (?:you|u"
    r"|ya)(?: know)?(?: (?:later|soon|in a|what|when|which"
    r"|how)\b|\W*$)"
    r"|\b(?:more|instructions?|details) (?:to follow|(?:will )?follows?|later|in a (?:bit|minute|sec))\b"
    r"|\b(?:do|don['’]?t do) (?:nothing|anything) (?:yet|for now)\b|\bnothing (?:to do )?(?:yet|for now)\b"
    r"|\bsag(?:e|s)? (?:ich )?(?:dir|euch) (?:gleich|später|dann|noch)\b|\bmach (?:noch|erst ?mal) nichts\b"
    r"|\bje (?:te|vous) (?:dis|dirai) (?:après|plus tard|tout à l['’]heure|dans)\b|\bne fais rien (?:encore"
    r"|pour l['’]instant)\b"
    r"|\b(?:ya|luego|ahora|después|enseguida) te (?:digo|cuento|explico)\b|\bte (?:digo|diré) (?:luego|después|en un)\b"
    r"|\bno hagas nada (?:todavía|aún)\b|\b(?:poi|dopo|tra poco) ti dico\b|\bti dico (?:dopo|poi|tra)\b"
    r"|\b(?:já|depois|logo) (?:já )?te (?:falo|digo|conto)\b|\bte (?:falo|digo) (?:depois|já|logo)\b"
    r"|\b(?:потом|позже|сейчас|через минуту) (?:скажу|напишу)\b|\bскажу (?:потом|позже|через)\b|пока ничего не делай"
    r"|(?:等下|待会儿?|一会儿?|稍后|回头)(?:再)?(?:告诉|跟)你|先别动|(?:後で|あとで|のちほど)(?:言|伝え|教え|指示)"
    r"|まだ何もしない"
    r"|\bik zeg (?:het )?(?:je )?(?:zo|straks|later)\b|\b(?:zaraz|potem|później) (?:ci )?(?:powiem|napiszę)\b",
    re.IGNORECASE,
)
"""What comes with it is not to be worked on now."""
_RATHER = re.compile(
    r"\s*[,，、;.!—–-]+\s*(?:(?:no|oh|sorry|wait|actually|nein|warte|non|no,|espera|aspetta|нет|ой)[\s,]+)*"
    r"(?:i mean|or rather|no,? wait|wait,? no|actually,? no|scratch that|correction|sorry|make that"
    r"|ich meine"
    r"|nein,? (?:doch(?: lieber)?|lieber|warte)|oder (?:besser|vielmehr|doch lieber)|je veux dire|ou plutôt"
    r"|non,? plutôt"
    r"|quiero decir|o mejor(?: dicho)?|no,? mejor|cioè|anzi|no,? meglio|quer(?:o)? dizer|ou melhor|aliás|то есть"
    r"|вернее|точнее"
    r"|нет,? лучше|不对|不是|我是说|じゃなくて|いや)[\s,，、:;.]+(?=\S)",
    re.IGNORECASE,
)
"""Takes back what stands before it."""
_BETWEEN = re.compile(r"\b(?:between|entre|zwischen|tra|fra|между)\s+(?:\S+\s+){0,3}\S+$", re.IGNORECASE)
_MEASURES = re.compile(
    rf"{NUMBER}|[\d:.]+|(?<!\w)(?:the|from|to|first|last|s|secs?|seconds?|min|minutes?|los|las|les|die|i|gli|os|as"
    rf"|últimos"
    r"|primeros|derni[eè]res|premi[eè]res|letzten|ersten|ultimi|primi|segundos|secondes|sekunden?|secondi)(?!\w)",
    re.IGNORECASE,
)
_HOLE = "\ue000"
_CODE, _FEW_SIGNS = "```", 40


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the message and how it is joined to the part before."""

    text: str
    start: int
    end: int
    strong: bool


def masked(text: str) -> str:
    """The text with every character of a quotation or a given text replaced, so that positions stay."""

    def hole(match: re.Match[str]) -> str:
        return _HOLE * len(match[0])

    return _TAIL.sub(hole, _PASTED.sub(hole, _QUOTES.sub(hole, text)))


def too_long(text: str) -> bool:
    """Whether more stands outside of quotations and given texts than can be a request; rules would take minutes."""
    parts = re.split(f"{_HOLE}+", masked(text))
    return len(parts) > MOST_PARTS or sum(map(len, parts)) > MOST_READ


def corrected(text: str) -> tuple[str, str]:
    """What somebody takes back and what they mean instead, which is all of the text where they take nothing back."""
    found = list(_RATHER.finditer(masked(text)))
    return (text[: found[-1].start()], text[found[-1].end() :]) if found else ("", text)


def pieces(text: str) -> list[Piece]:
    """The parts of a message between its conjunctions and stops, in order; one part when there are too many."""
    found: list[Piece] = []
    at, strong = 0, True
    hidden = masked(text)
    for match in _SPLIT.finditer(hidden):
        if match["weak"] and (_BETWEEN.search(hidden[: match.start()]) or _no_verb(hidden[match.end() :])):
            continue
        if hidden[at : match.start()].strip(" ,.!?"):
            found.append(Piece(text[at : match.start()].strip(" ,"), at, match.start(), strong))
            strong = match["strong"] is not None
        else:
            strong = strong or match["strong"] is not None
        at = match.end()
    if hidden[at:].strip(" ,.!?。！？"):
        found.append(Piece(text[at:].strip(" ,"), at, len(text), strong))
    if not 1 <= len(found) <= MOST_PIECES:
        return [Piece(text.strip(), 0, len(text), True)]
    return found


def _no_verb(rest: str) -> bool:
    """Whether what follows a joint is but a number with its unit: "the last 2", "5 seconds"."""
    return bool(re.search(NUMBER, rest)) and not _MEASURES.sub("", rest).strip(" .!?")


def gist(text: str) -> str:
    """The clause as the encoder should see it: without the quoted words and the given text.

    What is to be said, sung or translated may be about anything, and must not decide what is done with it. A clause of
    nothing else keeps its words, unless they are many or pasted as code. A stop at the end goes too: recognised speech
    always has one, typed requests seldom.
    """
    short = _QUOTES.sub(lambda match: f"{match[0][0]}…{match[0][-1]}", text)
    short = _TAIL.sub(": …", _PASTED.sub(" …", short))
    shown = _CODE in text or len(text) > _FEW_SIGNS
    return (short if shown or re.search(r"[^\W_]", short) else text).rstrip(" .!。！")


def only_shows(text: str) -> bool:
    """Whether a part of a message is but a long quotation or something pasted."""
    return not re.search(r"[^\W_]", gist(text))


def without_pasted(text: str) -> str:
    """The text without pages, addresses and objects of programs."""
    return _PASTED.sub(" …", text)


def negated(text: str) -> bool:
    """Whether a clause says what not to do."""
    return bool(_NOT.search(text))


def before_told_later(text: str) -> str | None:
    """What stands before "I'll tell you later what to do"; None where nothing such is said."""
    match = _LATER_TOLD.search(masked(text))
    return text[: match.start()].rstrip(" ,;:.") if match else None


def quotations(text: str) -> list[str]:
    """The quoted words, without their marks."""
    return [match[0][1:-1].strip("` \n") for match in _QUOTES.finditer(text)]


def given_text(text: str) -> str:
    """What stands after the colon; empty when nothing does."""
    match = _TAIL.search(_QUOTES.sub(lambda m: _HOLE * len(m[0]), text))
    return text[match.start() :].lstrip(" :：").strip() if match else ""
