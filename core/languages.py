"""Languages: their English names, and which one a text is written in."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

NAMES = {
    "af": "Afrikaans", "ar": "Arabic", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan",
    "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "gl": "Galician",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian",
    "is": "Icelandic", "it": "Italian", "ja": "Japanese", "jw": "Javanese", "ka": "Georgian", "kk": "Kazakh",
    "ko": "Korean", "la": "Latin", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam",
    "mr": "Marathi", "ms": "Malay", "ne": "Nepali", "nl": "Dutch", "nn": "Nynorsk", "no": "Norwegian", "pa": "Punjabi",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai",
    "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "yue": "Cantonese",
    "zh": "Chinese",
}  # fmt: skip
"""By ISO code, as Whisper uses them."""

_OF_SCRIPT = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CJK": "zh", "BOPOMOFO": "zh", "CYRILLIC": "ru",
    "ARABIC": "ar", "HEBREW": "he", "GREEK": "el", "DEVANAGARI": "hi", "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te",
    "THAI": "th", "ARMENIAN": "hy", "GEORGIAN": "ka", "MALAYALAM": "ml", "GURMUKHI": "pa",
}  # fmt: skip
"""By the first word of a letter's Unicode name: the language most written in it."""
_CYRILLIC = (("uk", "їєґ"), ("be", "ў"), ("sr", "ђћџљњ"), ("mk", "ѓќѕ"))
_ARABIC = (("fa", "پچژگ"), ("ur", "ٹڈڑے"))

_WORDS = {
    "en": "the of and to in is you that it he was for on are with as his they be at one have this from or had by"
    " not but what all were we when your can said there an each which she do how their if will up about out"
    " many then them these so some her would make like him into has two more my me no just good hello please"
    " thank thanks am i a us",
    "es": "de la que el en y los del se las por un para con no una su al lo como más pero sus le ya este sí porque"
    " esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos estado hola gracias"
    " buenos días buenas tardes noches está es son qué cómo dónde señor usted tengo mañana hoy ayer hora te tu"
    " quiero mi tren mucho mucha niños casa",
    "fr": "de la le et les des en un du une que est pour qui dans par plus pas au sur ne se ce il sont avec son"
    " elle nous vous je mais ou si leur on cette être fait bonjour merci bonsoir c'est où très bien"
    " aujourd'hui j'ai d'un comment demain suis êtes aux ces mes tes quelle quel heure heures matin beaucoup"
    " j'aime t'aime aime tu te toi moi",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus"
    " er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber"
    " vor zur bis mehr ich du wir ihr guten morgen abend tag danke bitte hallo mir mich heute wetter gut liebe"
    " dich dein mein uhr spät",
    "it": "di e il la che in a per un è del non una con le da si dei al gli nel della sono come ha lo più anche"
    " alla ma delle ho se mi questo ci suo molto quando ciao grazie buongiorno buonasera sera giorno oggi"
    " domani dove perché tutto bene sei siamo i nella dal ti qui amo molta stazione ore treno",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à"
    " seu sua ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem"
    " mesmo aos olá obrigado obrigada bom dia boa noite tarde você hoje amanhã onde são estou meu minha vamos"
    " às horas hora te tudo bem manhã crianças pessoas trem eles",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als dan maar bij nog uit naar heeft"
    " wordt deze hij zij wij ik je jij dit wat hoe goedemorgen goedenavond dank bedankt hallo morgen vandaag"
    " mijn",
    "sv": "och i att det som en på är av för med till den inte har de ett om jag var så men vi du kan ska hej tack"
    " god morgon idag mycket vad hur",
    "da": "og i at det som en på er af for med til den ikke har de et om jeg var så men vi du kan skal hej tak god"
    " morgen dag meget hvad hvordan",
    "pl": "i w na z się nie do to że jest o jak za po ale od co tak czy dla jego są przez dzień dobry dziękuję"
    " cześć dzisiaj jutro bardzo proszę",
    "tr": "ve bir bu da de için ile ne çok o gibi daha var ama en kadar değil olarak mi ben sen merhaba teşekkürler"
    " günaydın bugün yarın nasılsın",
    "ro": "și de la în a cu nu pe că un o este din mai pentru să se sunt care sau bună ziua mulțumesc astăzi foarte",
    "cs": "a se v na je že to s z do o jako ale za po by jsem si od pro dobrý den děkuji ahoj dnes zítra velmi",
    "hu": "a az és hogy nem is egy van de ez csak meg már el jó napot köszönöm szia ma holnap nagyon",
    "fi": "ja on ei se että hän oli ovat mutta kun niin kuin tai olen hyvää huomenta kiitos hei tänään erittäin mitä",
    "id": "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena selamat pagi terima"
    " kasih apa",
    "vi": "và của là không có được cho một người những trong với tôi xin chào cảm ơn hôm nay",
    "ca": "i de la el que en els les del per amb no és una com més però bon dia gràcies avui molt són aquest",
}
_LISTS = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_LETTERS = {
    "es": "ñ¿¡", "de": "ßäöü", "pt": "ãõ", "fr": "êœûëçàè", "pl": "ąęłńśźż", "tr": "ğışİ", "ro": "ățșț",
    "cs": "ěřů", "hu": "őű", "sv": "å", "da": "øæå", "vi": "ạảấầẩẫậắằẳẵặẹẻẽếềểễệơớờởỡợưứừửữựđ", "fi": "ä", "it": "òìù",
}  # fmt: skip
_SURE, _MARGIN = 1.3, 0.4
"""A language other than English needs more than one word of its own, and a lead."""


def name(code: str) -> str:
    """The English name of a language: "German"; the code itself where it is not known here."""
    return NAMES.get(code, code)


def named(codes: Iterable[str]) -> str:
    """Languages as a list for a sentence: "English, Japanese"."""
    return ", ".join(name(code) for code in codes)


def language_of(text: str) -> str | None:
    """The language that a text is plainly written in, as its ISO code; None where that is not sure.

    By its script where that is not Latin, else by its commonest words and letters. A foreign word or a Greek formula
    sign in an English text does not count.
    """
    scripts = Counter(unicodedata.name(c, "?").split()[0] for c in text if c.isalpha())
    latin = scripts.pop("LATIN", 0) + scripts.pop("FULLWIDTH", 0)
    if scripts.total() > latin or ("HIRAGANA" in scripts and 4 * scripts.total() > latin):
        return _by_script(text, scripts)
    return _by_words(text.lower())


def _by_script(text: str, scripts: Counter[str]) -> str | None:
    found = Counter[str]()
    for script, count in scripts.items():
        found[_OF_SCRIPT.get(script, "")] += count
    if "ja" in found:  # kana stand among ideographs, which may be the majority
        return "ja"
    ((code, _),) = found.most_common(1)
    for kin, rivals in (("ru", _CYRILLIC), ("ar", _ARABIC)):
        if code == kin:
            code = next((c for c, letters in rivals if any(sign in text.lower() for sign in letters)), code)
    return code or None


def _by_words(low: str) -> str | None:
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", low.replace("’", "'"))
    points = dict.fromkeys(_LISTS, 0.0)
    for word in words:
        having = [code for code, known in _LISTS.items() if word in known]
        for code in having:
            points[code] += 1 / len(having)
    for code, letters in _LETTERS.items():
        points[code] += 0.8 * sum(any(letter in word for letter in letters) for word in words)
    best, second = sorted(points, key=lambda code: -points[code])[:2]
    if best == "en":
        return "en" if points["en"] else None
    return best if points[best] >= _SURE and points[best] - points[second] >= _MARGIN else None
