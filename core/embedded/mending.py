"""What is to be mended in a recording: a stretch, a sound that is to go and be filled, or whatever is found."""

from __future__ import annotations

import re
from typing import Any

from core.embedded.quantities import moments
from core.models.sound.damage import damages_named

_FLAGS = re.IGNORECASE
_FILL = re.compile(
    r"(?:\b(?:and|then|but|und|et|y|e|en|i|и)|,)\s+(?:please\s+|then\s+|dann\s+)?(?:fill|patch|close the (?:gap"
    r"|hole)|mend"
    r"|repair"
    r"|regenerate|reconstruct|smooth|fülle?|flicke?|schließe?|comble|bouche|rellena|tapa|preenche|preencha|riempi"
    r"|chiudi"
    r"|vul|wypełnij|uzupełnij|заполни|залатай)\b|(?:补上|填补|填上)|埋めて|with what (?:would|should|must) (?:have"
    r"|be)\b",
    _FLAGS,
)
_ONLY_FILL = re.compile(
    r"^\W*(?:and |then |und |et |y |e |и )?(?:fill|patch|close|mend|repair|fülle?|comble|rellena|preenche|riempi|vul"
    r"|wypełnij"
    r"|заполни)\b(?:\W+(?:it|in|up|the|that|with|hole|gap|space|something|fitting|die|lücke|le|trou|el|hueco|a|falha|il"
    r"|buco|het|gat|lukę|пропуск))*\W*$",
    _FLAGS,
)
_GONE = re.compile(
    r"\b(?:remove|take out|cut(?: out)?|replace|erase|delete|drop|get rid of|edit out|entferne|nimm|ersetze"
    r"|lösche|enlève"
    r"|supprime"
    r"|remplace|retire|quita|elimina|reemplaza|borra|tira|remove|substitui|togli|rimuovi|sostituisci|verwijder|haal"
    r"|usuń"
    r"|zastąp|убери|удали|замени)\s+(?P<t>.+?)"
    r"\s*(?=$|[,.;]|\b(?:at|around|near|between|from|and|with|in|bei|then|um|zwischen|von|und|dann|à|entre|de|et|en"
    r"|y|aos?|e"
    r"|al|tra|da"
    r"|op|tussen|w|między|i|на|с|между|и)\b)"
    r"|^(?:去掉|删除|把)?(?P<dense>[^\d把]{1,8}?)(?:去掉|删掉)?[，,]?(?:并|然后)?(?:补上|填补|填上)",
    _FLAGS,
)
_ARTICLE = re.compile(
    r"^(?:the|a|an|that|this|my|el|la|los|las|le|les|l'|der|die|das|den|il|lo|gli|o|os|as|de|het|all the)\s+|^l'",
    _FLAGS,
)
_PLACE = re.compile(
    r"^(?:part|bit|section|stretch|piece|gap|hole|teil|stelle|stück|partie|passage|parte|trozo|trecho|pezzo|stuk"
    r"|fragment"
    r"|second|everything|it|them|clicks?|pops?|crackles?|glitch(?:es)?|dropouts?|clipping|scratch|knacken|knackser"
    r"|aussetzer|clics?|craquements?|chasquidos|cliques|estalos|schiocchi|щелчки|треск)\b",
    _FLAGS,
)


_LACKS = re.compile(
    r"\b(?:gap|hole|missing|drop(?:s|ped)?[- ]?outs?|cuts? out|lücke|loch|fehlt|trou|manque|coupure|hueco|falta|cortó"
    r"|corte|buco|manca|vuoto|falha|buraco|gat|ontbreekt|luk[aęi]|dziur\w+|brakuje|пропуск\w*|провал\w*|дыр\w+"
    r"|не хватает)\b"
    r"|缺|空白|断了|抜け|途切れ",
    _FLAGS,
)
_FILLS = re.compile(
    r"\b(?:fill|patch|mend|restore|reconstruct|ergänz\w*|füll\w*|flick\w*|schließ\w*|comble\w*|bouche\w*|rempli\w*"
    r"|rell[eé]n\w*"
    r"|completa\w*|tapa\w*|riempi\w*|colma\w*|preench\w*|vul|dicht|uzupełni\w*|wypełni\w*|załata\w*|заполн\w*|задела\w*"
    r"|залата\w*|восстанов\w*)\b|补[上全]|填|埋め|補",
    _FLAGS,
)


def mends(text: str) -> bool:
    """Whether something is to be taken out and what it leaves to be filled, or something that is missing is to be."""
    return bool((_FILL.search(text) and _GONE.search(text)) or (_FILLS.search(text) and _LACKS.search(text)))


def only_fills(text: str) -> bool:
    """Whether a clause but says that what the clause before it leaves is to be filled."""
    return bool(_ONLY_FILL.match(text))


def mended(text: str) -> dict[str, Any]:
    """`start_s`, `end_s` and `target` as far as they are named."""
    args: dict[str, Any] = {}
    points = [t.seconds for t in moments(text)]
    if len(points) >= 2 and points[0] != points[1]:
        args["start_s"], args["end_s"] = sorted(points[:2])
    elif points:
        args["start_s"] = points[0]
    gone = _GONE.search(text)
    target = _ARTICLE.sub("", (gone["t"] or gone["dense"] or "").strip()) if gone else ""
    if target and not _PLACE.match(target) and not re.search(r"\d", target):
        args["target"] = target
    elif "end_s" not in args and len(kinds := damages_named(text)) == 1:
        args["target"] = kinds[0]
    return args
