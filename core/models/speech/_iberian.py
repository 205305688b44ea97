"""Spanish and Brazilian Portuguese text to the phonemes of Kokoro, by rules of our own.

Both spellings tell the stress and nearly every sound (Real Academia Española, Ortografía 2010; Acordo Ortográfico
1990), so that a few dozen rules do. Portuguese does not spell the openness of e and o without an accent: they are
said closed. The signs are those of Kokoro's training: IPA with one sign for a diphthong or an affricate.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from core.models.speech._punctuated import punctuated
from core.models.speech._romance_numbers import spelled

Rule = tuple[re.Pattern[str], str]

_VOWELS = "aeiouáéíóúâêôãõàüy"
_STRESSED = "áéíóúâêô"
_CLOSED = str.maketrans("áéíóúâêôà", "aeiouaeoa")

_SPANISH_WEAK = (
    "el la los las un una unos unas de del a al en con por para que y e o u se me te le les lo nos mi tu su sus mis tus"
    " como si pero cuando"
)
_PORTUGUESE_WEAK = (
    "o a os as um uma de do da dos das em no na nos nas por para com que e se me te lhe ao aos mas ou pelo pela sem"
)
_UNSTRESSED = {"es": frozenset(_SPANISH_WEAK.split()), "pt": frozenset(_PORTUGUESE_WEAK.split())}
_EXCEPTIONS = {
    "es": {"y": "i", "muy": "mwˈi", "méxico": "mˈexiko", "mexicano": "mexikˈano", "texas": "tˈexas"},
    "pt": {
        "e": "i", "o": "ʊ", "os": "ʊs", "a": "a", "as": "as", "à": "a", "às": "as", "mas": "mas", "da": "da",
        "na": "na", "das": "das", "nas": "nas", "muito": "mwˈiŋtʊ", "muita": "mwˈiŋtæ", "muitos": "mwˈiŋtʊs",
        "muitas": "mwˈiŋtæs", "ok": "okˈA", "mais": "mˈIs", "é": "ˈɛ", "um": "uŋ", "uma": "umæ",
    },
}  # fmt: skip
_SPELLED_U = re.compile(
    r"(?:cinqu|lingu|frequ|equest|sequ[êe]n|consequ|tranqu|eloqu|agu[ei]nt|sagu|pingu|bilíngu|ambígu|delinqu|unguent)"
)
"""Portuguese words whose u after q or g is said though an e or i follows: "cinquenta", "linguiça", "tranquilo"."""
_KS = re.compile(r"(?:táx|fix|sex|nex|plex|flex|tóx|óx|oxig|ortod|tórax|clímax|látex|crucifix)")
_S_FOR_X = re.compile(r"(?:máxim|próxim|auxíli|sintax|trouxe|contexto|ext|exp|exc)")


def _rules(*pairs: tuple[str, str]) -> tuple[Rule, ...]:
    return tuple((re.compile(pattern), said) for pattern, said in pairs)


_SPANISH = _rules(
    ("ch", "ʧ"), ("ll", "ʎ"), ("ñ", "ɲ"), ("qu(?=ˈ?[ei])", "k"), ("gu(?=ˈ?[ei])", "ɡ"), ("gü", "ɡw"),
    ("g(?=ˈ?[ei])", "χ"), ("g", "ɡ"), ("j", "χ"), ("c(?=ˈ?[ei])", "θ"), ("z", "θ"), ("c", "k"), ("^h?(?=ˈ?i[ˈ]?e)", ""),
    ("^h?u(?=ˈ?e)", "w"), ("h", ""), ("^r|rr|(?<=[nls])r", "R"), ("r", "ɾ"), ("R", "r"), ("v", "b"), ("x", "ks"),
    ("y(?=ˈ?[aeiou])", "ʝ"), ("y$", "i"), ("χ", "x"),
    ("(?<!ˈ)i(?=ˈ?[aeou])", "j"), ("(?<!ˈ)u(?=ˈ?[aeio])", "w"),
    ("a[iy](?![ˈaeou])", "I"), ("e[iy](?![ˈaeou])", "A"), ("o[iy](?![ˈaeou])", "oɪ"),
    ("au(?![ˈ])", "W"), ("eu(?![ˈ])", "eʊ"),
    ("n(?=ˈ?[kɡx])", "ŋ"),
)  # fmt: skip
_LENITED: tuple[Rule, ...] = _rules(
    (r"(?<=[aeiouIAWɪʊ])( ?)b(?=ˈ?[aeiouIAWjwɾl])", r"\1β"),
    (r"(?<=[aeiouIAWɪʊɾ])( ?)d(?=ˈ?[aeiouIAWjwɾ])", r"\1ð"),
    (r"(?<=[aeiouIAWɪʊ])( ?)ɡ(?=ˈ?[aeiouIAWjwɾl])", r"\1ɣ"),
)
"""Between vowels, also of two words, b, d and g are not closed."""

_PORTUGUESE = _rules(
    ("ch", "ʃ"), ("lh", "ʎ"), ("nh", "ɲ"), ("qu(?=ˈ?[eiéêí])", "k"), ("gu(?=ˈ?[eiéêí])", "ɡ"), ("[qk]ü|qu", "kw"),
    ("gü|gu(?=ˈ?[aoáãâ])", "ɡw"), ("ss|sc(?=ˈ?[eiéêí])|xc(?=ˈ?[eiéêí])|ç", "S"), ("c(?=ˈ?[eiéêí])", "S"), ("c", "k"),
    ("g(?=ˈ?[eiéêí])", "ʒ"), ("g", "ɡ"), ("j", "ʒ"), ("h", ""), ("^r|rr|(?<=[nls])r", "χ"), ("r", "ɾ"),
    ("X", "ks"), ("Z", "z"), ("(?<=^e)x(?=ˈ?[aeiouáéíóúâêô])", "z"), ("x$", "ks"), ("x", "ʃ"),
    ("z$", "S"), ("(?<=[aeiouáéíóúâêôãõ])s(?=ˈ?[aeiouáéíóúâêôãõ])", "z"), ("s(?=[bdɡvmnlɾzʒ])", "z"), ("S", "s"),
    ("ˈão", "ˈɐ̃ʊ̃"), ("ão", "ɐ̃ʊ̃"), ("ãe", "ɐ̃y"), ("ãi", "ɐ̃y"), ("õe", "õj"), ("am$", "ɐ̃ʊ̃"),
    ("[eéê]m$", "Aŋ"), ("[eéê]ns$", "Aŋs"),
    ("[aâá][mn](?=[pb])", "ɐ̃m"), ("[aâá][mn](?=[^aeiouáéíóúâêôãõˈɐAIOWYʊɲ]|$)", "ɐ̃ŋ"), ("ã", "ɐ̃"), ("õ", "õ"),
    ("[eê][mn](?=[pb])", "Am"), ("[eéê]n(?=[^aeiouáéíóúâêôãõˈɐAIOWYʊɲ])", "Aŋ"), ("[oôó][mn](?=[pb])", "om"),
    ("[oôó][mn](?=[^aeiouáéíóúâêôãõˈɐAIOWYʊɲpb]|$)", "oŋ"), ("[ií][mn](?=[pb])", "im"),
    ("[ií][mn](?=[^aeiouáéíóúâêôãõˈɐAIOWYʊɲpb]|$)", "iŋ"), ("[uú][mn](?=[^aeiouáéíóúâêôãõˈɐAIOWYʊɲ]|$)", "uŋ"),
    ("[ií]l$", "iʊ"), ("l(?=[^aeiouáéíóúâêôãõˈɐAIOWYʊj]|$)", "ʊ"),
    ("a[iy](?![ˈŋ])", "I"), ("e[iy](?![ˈŋ])", "A"), ("o[iy](?![ˈŋ])", "oɪ"), ("ó[iy]", "Y"), ("éi", "ɛɪ"),
    ("au(?!ˈ)|aʊ", "W"), ("eu(?!ˈ)", "eʊ"), ("éu", "ɛʊ"), ("ou(?!ˈ)", "O"), ("iu(?!ˈ)", "iʊ"),
    ("t(?=ˈ?[iíy])", "ʧ"), ("d(?=ˈ?[iíy])", "ʤ"),
    ("te(?=s?$)", "ʧy"), ("de(?=s?$)", "ʤy"), ("(?<!ˈ)e(?=s?$)", "y"), ("(?<!ˈ)o(?=s?$)", "ʊ"), ("(?<!ˈ)a(?=s?$)", "æ"),
    ("é", "ɛ"), ("ó", "ɔ"), ("ˈ[aá](?=ɲ)", "ˈɐ̃"), ("χ", "x"),
)  # fmt: skip


def _letters(word: str, language: str) -> str:
    """The word's phonemes with its stress, before the rules across words."""
    if word in _EXCEPTIONS[language]:
        return _EXCEPTIONS[language][word]
    marked = word if word in _UNSTRESSED[language] else _marked(word, language)
    if language == "es":
        said = marked.translate(_CLOSED)
        for pattern, phonemes in _SPANISH:
            said = pattern.sub(phonemes, said)
        return said
    said = marked
    if _KS.search(word):
        said = said.replace("x", "X")
    elif _S_FOR_X.search(word):
        said = said.replace("x", "ss")
    if _SPELLED_U.search(word):
        said = re.sub(r"([qg])u(?=ˈ?[eiéíê])", r"\1ü", said)
    for pattern, phonemes in _PORTUGUESE:
        said = pattern.sub(phonemes, said)
    return said.translate(_CLOSED)


def _marked(word: str, language: str) -> str:
    """The word with the sign of stress before the vowel that carries it."""
    nuclei = _nuclei(word, language)
    if not nuclei:
        return word
    written = next((i for i in nuclei if word[i] in _STRESSED), None)
    if written is None and language == "pt":
        written = next((i for i in reversed(nuclei) if word[i] in "ãõ"), None)
    if written is None:
        ending = r"[aeiou][ns]?$" if language == "es" else r"(?:[aeo]s?|am|em|ens)$"
        early = bool(re.search(ending, word)) and len(nuclei) > 1
        written = nuclei[-2] if early else nuclei[-1]
    return f"{word[:written]}ˈ{word[written:]}"


def _nuclei(word: str, language: str) -> list[int]:
    """Where the syllables of a word have their vowels."""
    vowels = [i for i, letter in enumerate(word) if letter in _VOWELS and not _is_silent(word, i)]
    found: list[int] = []
    for i in vowels:
        if found and found[-1] == i - 1 and i - 1 in vowels and _is_one(word[i - 1], word[i], language):
            if language == "es" and word[i - 1] in "iuü":
                found[-1] = i
            continue
        found.append(i)
    return found


def _is_silent(word: str, i: int) -> bool:
    """Whether a letter is the u of que, gui; or a y that is a consonant."""
    after = word[i + 1 : i + 2]
    if word[i] == "u":
        return i > 0 and word[i - 1] in "qg" and after in tuple("eiéíê") or (i > 0 and word[i - 1] == "q")
    return word[i] == "y" and bool(after) and after in _VOWELS


def _is_one(first: str, second: str, language: str) -> bool:
    """Whether two vowels are one syllable: a falling diphthong, in Spanish a rising one too."""
    if first in "íú" or second in "íú":
        return False
    falling = second in "iuüy" and first in "aeoáéóâêôãõ"
    if language == "es":
        return falling or (first in "iuü" and second in "aeoáéóiu")
    return falling or first + second in ("ui", "iu", "ão", "ãe", "õe")


class Iberian:
    """Text to phonemes in one of the two languages, punctuation kept: the pauses depend on it."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._across: Callable[[str], str] = _lenited if language == "es" else _liaised

    def __call__(self, sentence: str) -> str:
        """The phonemes of a sentence."""
        text = spelled(sentence, self._language).lower()
        return self._across(punctuated(text, lambda word: _letters(word, self._language), elided=True))


def _lenited(said: str) -> str:
    for pattern, phonemes in _LENITED:
        said = pattern.sub(phonemes, said)
    return said


def _liaised(said: str) -> str:
    """Before a vowel a final s is voiced."""
    return re.sub(r"s(?= ˈ?[aeiouæɐɛɔIAWOʊ])", "z", said)
