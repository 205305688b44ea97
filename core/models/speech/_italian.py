"""Italian text to the phonemes of Kokoro, by rules of our own.

The spelling tells every sound but the openness of e and o, the voice of z, and the stress (Canepari, Dizionario di
pronuncia italiana, 1999): e and o without an accent are said closed, and the stress lies on the last vowel but one
where no ending or word of a list says otherwise.
"""

from __future__ import annotations

import re

from core.models.speech._punctuated import punctuated
from core.models.speech._romance_numbers import spelled

_WEAK_LIST = (
    "il lo la i gli le l un uno una di del dello della dei degli delle a al allo alla ai agli alle da dal dallo"
    " dalla dai in nel nello nella nei nelle con su sul sulla sui per tra fra che e ed o od ma se mi ti si ci vi ne"
    " non è ho ha hai"
)
_EARLY_WORDS_LIST = (
    "sabato tavolo tavola albero alberi angelo numero numeri lettera lettere zucchero prossimo prossima ultimo"
    " ultima ultimi minimo massimo ottimo anima isola isole regola regole fragola fragole nuvola nuvole pagina"
    " pagine immagine immagini giovane giovani ordine origine termine uomini gomito fegato stomaco medico"
    " medici camera camere opera opere cenere polvere vivere scrivere leggere prendere mettere chiudere"
    " rispondere perdere vincere essere correre chiedere credere ridere rompere spendere spingere telefono"
    " telefoni popolo secolo secoli articolo articoli piccolo piccola piccoli piccole spettacolo ostacolo"
    " veicolo titolo titoli capitolo simbolo semplice semplici codice indice vertice complice dodici undici"
    " tredici quattordici quindici sedici giudice facile facili difficile difficili utile simile debole fertile"
    " abile nobile mobile pecora pecore zingaro passero genero povero povera poveri macchina macchine pratica"
    " maschera subito credito limite limiti merito compito debito dubito solito soliti spirito sintomo atomo"
    " attimo anonimo lacrima settimo decimo rapido rapida comodo metodo epoca musica fabbrica domenica scatola"
    " lampada lampade rondine margine vittima cellula favola favole formula tegola bussola fiaccola bambola"
    " bambole pentola spatola vipera cinema chilometri chilometro grammatica sembrano vengono dicono"
    " possono devono vogliono"
)
_EARLY = re.compile(
    r"(?:[aeiou]bil[ei]|evol[ei]|issim[oaie]|[^aeiou]ic[oa]|[^aeiou]ici|[^aeiou]iche|[aeo]log[oi]|ogra?f[oi]|metr[oi]|"
    r"[aeiou]tic[oa]|[aeiou]nic[oa]|udin[ei]|agin[ei]|igin[ei]|[^i]vol[oa]|aggin[ei]|[gsdntl]gono|[^aeiou]ono|"
    r"iscono|ettono|edono|ivano|avano|evano|assero|essero|issero|arono|erono|irono|ebbero)$"
)
_LATE_LIST = "amico amici amica amiche nemico nemici antico antica antichi fatica dietro vetro paura"
_EARLY_WORDS, _WEAK, _LATE = (frozenset(words.split()) for words in (_EARLY_WORDS_LIST, _WEAK_LIST, _LATE_LIST))
_PLURAL = re.compile(
    r"(?:gi[ou]c|parl|mangi|cant|lavor|pens|port|guard|ascolt|arriv|abit|torn|trov|chiam|am|suon|ball)ano$"
)
"""Verbs whose third person plural is stressed on the stem."""
_VOWELS = "aeiouàèéìíòóùú"
_ACCENTED = "àèéìíòóùú"
_OPEN = str.maketrans("àèéìíòóùú", "aɛeiiɔouu")
_VOICED_Z = re.compile(r"^z|mezz|azzurr|romanz|pranz|bronz|izz(?:ar|at)|dozzin|ozon|gazz[aeo]")
_RULES = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        ("gl(?=ˈi)", "ʎ"), ("gli(?=ˈ?[aeouɛɔ])", "ʎ"), ("gli", "ʎi"), ("gn", "ɲ"), ("sci(?=ˈ?[aeouɛɔ])", "ʃ"),
        ("sc(?=ˈ?[eiɛ])", "ʃ"), ("ch", "k"), ("gh", "ɡ"), ("cci(?=ˈ?[aouɔ])", "tʧ"), ("ci(?=ˈ?[aeouɛɔ])", "ʧ"),
        ("cc(?=ˈ?[eiɛ])", "tʧ"), ("c(?=ˈ?[eiɛ])", "ʧ"), ("ggi(?=ˈ?[aouɔ])", "dʤ"), ("gi(?=ˈ?[aouɔ])", "ʤ"),
        ("gg(?=ˈ?[eiɛ])", "dʤ"), ("g(?=ˈ?[eiɛ])", "ʤ"), ("cq", "kk"), ("q", "k"), ("c", "k"), ("g", "ɡ"),
        ("h", ""), ("y", "i"), ("j", "j"), ("x", "ks"), ("w", "v"), ("zz", "tʦ"), ("z", "ʦ"),
        ("(?<=[aeiouɛɔ])s(?=ˈ?[aeiouɛɔ])", "z"), ("s(?=[bdɡvmnlrʤ])", "z"), ("(?<!ˈ)i(?=ˈ?[aeouɛɔ])", "j"),
        ("(?<!ˈ)u(?=ˈ?[aeiɛɔo])", "w"), ("n(?=[kɡ])", "ŋ"),
    )
)  # fmt: skip


class Italian:
    """Text to phonemes, punctuation kept: the pauses depend on it."""

    def __call__(self, sentence: str) -> str:
        """The phonemes of a sentence."""
        return punctuated(spelled(sentence, "it").lower(), _sounds, elided=True)


def _sounds(word: str) -> str:
    """The phonemes of a word with its stress."""
    voiced = _VOICED_Z.search(word)
    said = (word if word in _WEAK else _marked(word)).translate(_OPEN)
    if voiced:
        said = said.replace("zz", "dZ").replace("z", "Z")
    for pattern, sound in _RULES:
        said = pattern.sub(sound, said)
    return said.replace("Z", "ʣ")


def _marked(word: str) -> str:
    """The word with the sign of stress before the vowel that carries it."""
    nuclei = _nuclei(word)
    if not nuclei:
        return word
    written = next((i for i in nuclei if word[i] in _ACCENTED), None)
    if written is None:
        written = nuclei[-min(len(nuclei), 3 if _is_early(word) else 2)]
    return f"{word[:written]}ˈ{word[written:]}"


def _is_early(word: str) -> bool:
    if word in _LATE:
        return False
    return word in _EARLY_WORDS or bool(_EARLY.search(word) or _PLURAL.search(word))


def _nuclei(word: str) -> list[int]:
    """Where the syllables of a word have their vowels."""
    found: list[int] = []
    for i, letter in enumerate(word):
        if letter not in _VOWELS:
            continue
        before, after = word[i - 1 : i], word[i + 1 : i + 2]
        if (
            letter in "iu"
            and after
            and after in _VOWELS
            and (before in ("c", "g", "l", "q", "") or not _hiatus(word, i))
        ):
            continue  # a glide, or the sign of a soft consonant
        if found and found[-1] == i - 1 and letter in "iu" and i < len(word) - 1:
            continue  # the end of a falling diphthong
        found.append(i)
    return found


def _hiatus(word: str, i: int) -> bool:
    """Whether an i or u before a vowel is a syllable of its own: the first vowel of "mio"."""
    return i + 2 == len(word) and not any(letter in _VOWELS for letter in word[:i])
