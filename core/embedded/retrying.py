"""Messages that go back: the same once more, the same with the other file, the original and not what was made of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.embedded.clauses import masked
from core.embedded.files import file_named
from core.embedded.lineage_words import OTHER
from core.plans import Item

_FEW_WORDS, _FEW_SIGNS = 10, 120
SMALL_WORDS = (
    r"please|pls|plz|ok(?:ay)?|and|then|so|no|hm+|well|just|now|can you|could you|thanks|ta|bitte|und|dann|na|also"
    r"|kannst du|s'il te plaît|stp|et|alors|bon|tu peux|por favor|y|pues|puedes|per favore|e|allora|dai|puoi|então|pode"
    r"|пожалуйста|ну|а|можешь|请|那|请你|吧|じゃあ|では|お願いします|ください"
)
_ONE_OTHER = (
    r"(?:(?:(?:give|make|do|play|send|show|try|generate|create) (?:me |us )?|i want |i(?:'d| would) like "
    r"|let's (?:have|hear) |let me hear )?"
    r"(?:(?:another|one more|a (?:new|different|fresh|second)|a slightly different|some other)"
    r"(?: (?:one|take|version|try|go|variation|variant|attempt))|another|something else|a different one"
    r"|different (?:take|version|variation|one)))"
    r"|(?:(?:mach|gib)e?(?: mir)? )?(?:noch (?:eine?[nms]?|eine (?:version|variante))"
    r"|eine?n? andere[rns]?(?: (?:version|variante|fassung))?)"
    r"|(?:(?:fais|donne)(?:-| )?(?:m'en|moi|en)? )?(?:encore une?|une? autre(?: version| variante)?)"
    r"|(?:(?:haz|dame|hazme) )?(?:otr[oa](?: (?:versión|variante|más))?|un[oa] más)"
    r"|(?:(?:fammene|dammene|fanne) )?(?:un(?: ?')?altr[oa](?: (?:versione|variante))?|ancora un[oa])"
    r"|(?:(?:faz|faça|dá-me) )?(?:(?:um )?outro|(?:uma )?outra(?: (?:versão|variante))?|mais uma?)"
    r"|(?:(?:сделай|дай) )?(?:(?:ещё|еще) (?:один|одну|одно)?(?: ?(?:вариант|версию))?"
    r"|друг(?:ой|ую) (?:вариант|версию))"
    r"|(?:再来|换|换成|再做|再给我)(?:另)?一?(?:个|版|首|段)(?:版本|别的)?|另一个版本|もう(?:一つ|ひとつ"
    r"|一個)(?:作って|ください|お願い)?"
    r"|別の(?:バージョン|パターン|やつ)?(?:にして|を?作って|で|がいい)?"
    r"|(?:doe |maak )?(?:nog (?:een|eentje)|een andere(?: versie)?)"
    r"|(?:zrób )?(?:jeszcze jed(?:en|ną|no)|inn[aąy] (?:wersj[aęą]|wariant))"
    r"|하나 더|다른 (?:걸로|버전(?:으로)?)|bir (?:tane )?daha|başka bir (?:tane|versiyon)|en till|en annan(?: version)?"
)
"""What was made is not taken, or not enough: another of its kind."""
ONCE_MORE = (
    rf"(?:{_ONE_OTHER})(?=(?:\W*(?:{SMALL_WORDS}))*\W*(?:[,;:]|$|(?:but|aber|mais|pero|ma|mas|но)\b))"
    r"|(?:try|do|check|run|make|give|have|say|read|play|sing|render|speak) (?:it|that|this|the same(?: thing)?)? ?"
    r"(?:again|once more|one more time|another (?:go|try))"
    r"|have another (?:go|try)|give it another (?:go|try|shot)|(?:once|one) more(?: time)?|again|retry|try harder"
    r"|(?:versuch(?:e|s|'s)?|probier(?:e|s|'s)?|mach(?:e|s|'s)?|prüf(?:e|s)?)?(?: (?:es|das|mal|bitte))*"
    r" ?(?:noch ?(?:ein)?mal|nochmals|erneut)(?: (?:versuchen|probieren|machen|prüfen))?"
    r"|(?:réessaie|recommence|refais(?:-le)?|essaie encore|réessayer|encore une fois|vérifie encore)(?: encore)?"
    r"|(?:int[ée]ntalo|prueba|hazlo|inténtelo|vuelve a intentarlo|compruébalo|otra vez|de nuevo)"
    r"(?: (?:otra vez|de nuevo|una vez más))?"
    r"|(?:riprova|ritenta|prova|provaci|rifallo|fallo)(?: (?:di nuovo|ancora(?: una volta)?|un'altra volta))?"
    r"|di nuovo|ancora una volta|(?:tenta|tente|faz|faça|repete|experimenta)?(?: (?:isso|lo))?"
    r" ?(?:de novo|outra vez|mais uma vez|novamente)"
    r"|(?:попробуй|сделай|проверь|повтори|давай)(?: (?:это|ещё раз|еще раз|снова|опять))*|(?:ещё|еще) раз|снова"
    r"|(?:再|重新)(?:试|來|来|做|检查|生成)?(?:一?次|一下|一遍)|重试|重来|もう(?:一度|一回)(?:試して|やって|お願い)?"
    r"|再試行(?:して)?"
    r"|(?:probeer|doe)(?: het)? (?:nog (?:een )?keer|opnieuw)|nog een keer"
    r"|(?:spróbuj )?jeszcze raz|(?:spróbuj )?ponownie"
)
"""That something is wanted once more, in no other words, in a pattern for lower and upper case."""
_AGAIN = re.compile(rf"^\W*(?:(?:{SMALL_WORDS})\W*)*(?:{ONCE_MORE})(?:\W*(?:{SMALL_WORDS}))*\W*$", re.IGNORECASE)
_INSTEAD = re.compile(
    r"\binstead\b|\brather\b(?! than)|\bi meant?\b|\bmake that\b(?! (?:one|clip|file|version|recording)\b)"
    r"|\b(?:stattdessen|lieber|ich meinte|doch besser|plutôt|à la place|je voulais dire)\b"
    r"|\b(?:mejor|en su lugar|en vez de eso|quería decir|quise decir|meglio|invece|piuttosto|volevo dire|melhor)\b"
    r"|\b(?:em vez disso|queria dizer|liever|in plaats daarvan|ik bedoelde|raczej|zamiast tego)\b"
    r"|\bлучше\b|\bвместо\b|я имел\w? в виду|改成|换成|我是说|やっぱり|代わりに|じゃなくて",
    re.IGNORECASE,
)
_ONLY = re.compile(
    rf"^\W*(?:(?:{SMALL_WORDS}|fine|vale|entonces|тогда)\W+)*(?:just|only|nur|bloß|seulement|juste|s[oó]lo|solamente"
    rf"|soltanto"
    r"|só|apenas|alleen|tylko|только|просто)\b|^(?:那)?(?:只|就)",
    re.IGNORECASE,
)
_LONG = re.compile(
    r"\b(?:long(?:er|est)?|bigger|längere?n?|länger\w*|lange|larg[oa]|plus long\w*|lung[oa]"
    r"|longue?|compri\w+|длинн\w+)\b"
    r"|长的?|長い",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"\b(?:short(?:er|est)?|kurze?n?|kürzere?n?|cort[oa]|court[es]*|curt[oa]|brev[ei]|коротк\w+)\b|短的?|短い",
    re.IGNORECASE,
)


def asks_again(text: str) -> bool:
    """Whether all that a message wants is what was asked for before, once more."""
    return len(text) <= _FEW_SIGNS and bool(_AGAIN.match(text))


def corrects(text: str) -> bool:
    """Whether a message takes something of the request before back, and says what it should be."""
    return len(text) <= _FEW_SIGNS and len(text.split()) <= _FEW_WORDS and bool(_INSTEAD.search(masked(text)))


def wants_only(text: str) -> bool:
    """Whether a message says what alone is wanted, of what was asked for or in its place: "just the clean-up then"."""
    return len(text) <= _FEW_SIGNS and len(text.split()) <= _FEW_WORDS and bool(_ONLY.search(masked(text)))


def the_other(text: str, items: Sequence[Item], asked: str) -> Item | None:
    """The one of two that the earlier words did not name, where a message means the other one."""
    first = file_named(items, asked)
    others = [i for i in items if first is not None and i is not first and i.kind is first.kind]
    return others[0] if len(others) == 1 and OTHER.search(text) else None


OF_SEVERAL = re.compile(
    r"\b(?:the|this|that|der|die|das|den|le|la|el|lo|il|l['’]|o|a|de|het|ten|tę|ta) ?(?:plus |más |più |mais )?"
    r"(?:long|short|läng|lang|kürz|kurz|larg|cort|court|lung|brev|brèv|curt|compr|kort|dłuż|dłu[gż]|krót)\w*"
    r"(?: (?:one|file|clip|recording|take|aufnahme|datei|enregistrement|fichier|grabación|archivo|registrazione"
    r"|gravação))?"
    r"(?: of (?:the|these|those) two)?"
    r"|(?:более )?(?:длинн|коротк)\w+|[长短]的?(?:那|一)(?:个|段|条)?|[長短]い(?:方|ほう)",
    re.IGNORECASE,
)
"""Words that single one clip out by its length."""


def named_by_length(text: str, items: Sequence[Item]) -> Item | None:
    """The longer or the shorter of several, where words call one so: "reverse the longer of these"."""
    return by_length(text, items) if OF_SEVERAL.search(text) else None


def by_length(text: str, items: Sequence[Item]) -> Item | None:
    """The longer or the shorter one, where words tell clips apart by that."""
    timed = sorted((i for i in items if i.duration_s), key=lambda i: i.duration_s or 0.0)
    if len(timed) < 2 or timed[0].duration_s == timed[-1].duration_s:
        return None
    return timed[-1] if _LONG.search(text) else timed[0] if _SHORT.search(text) else None
