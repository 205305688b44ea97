"""The language that a message is written in, by its script and its commonest words."""

from __future__ import annotations

import re

from core.embedded.clauses import masked

DEFAULT = "en"
_SURE = 2
"""Points that another language than `DEFAULT` needs: one word that is its own, or two that it shares."""
_OWN, _SHARED = 2, 1

_WORDS = {
    "en": "a an the of to and is are it this that what you i my me in for with on from please can could make"
    " say how do be not as at was has have your no one per die um text audio transcribe voice file all but"
    " they we he she them its out up there will would just like into back then if or so by more son main"
    " plus sound each person des image sing happy",
    "es": "el la los las de que y en un una es por para con mi me del al lo se este esta esto estos ese eso más"
    " qué cómo cuál cuándo quién puedes puedo hola gracias buenos buenas días haz hazlo hazme di dime"
    " quita pon ponlo favor voz grabación segundos muy texto dibuja dibújame limpia corta recorta crea lee"
    " léelo traduce transcribe audio sin dice su está canta junta une mezcla elimina borra describe resume"
    " separa convierte sube oye perro imagen foto palabras"
    " segundo conserva cántame como derecha izquierda cada dame vez",
    "fr": "le la les de des du un une et est que qui dans ce cet cette ces pour avec mon ma moi je tu peux"
    " plaît bonjour bonsoir salut merci fais dis lis quoi comment combien ça voix enregistrement texte"
    " dessine enlève coupe découpe mets crée traduis transcris chante nettoie sur sans bruit audio plus"
    " son se pas en l d s quand baisse monte augmente raccourcis décris résume bonne nuit répète rends"
    " image entend secondes parole à quel quelle quels quelles chaque seconde garde",
    "de": "der die das und ist ein eine einen einem nicht mit auf für von zu im den dem bitte danke hallo guten"
    " gute morgen abend nacht tag mach mache sag sage kannst du mir ich was wie wer wann wo aufnahme text"
    " lies vor schneide übersetze schreib zeichne male entferne geräusch ohne audio es er sie hier dieses"
    " diese diesen dieser singe kann dreh spiel lauter leiser schneller langsamer rückwärts beschreib"
    " beschreibe foto bild man wird satz wandle welche welcher welchen welches jede jeder jedes nur raus heraus um so"
    " lass gib nimm hol sprich beiden ins stelle stellen gespielte wenn dann noch auch mehr alle meine meinen meiner",
    "it": "il lo la gli le di che e è un una per con mi si questo questa questi quello puoi ciao grazie fai"
    " fammi cosa come dici registrazione buongiorno buonasera della del dello dal dammi testo leggi"
    " leggilo traduci trascrivi disegna togli taglia accorcia canta crea rumore voce senza audio dice sono"
    " nel non ad al alta l quando qui fallo rendilo buona notte sente descrivi immagine foto volume più"
    " unisci elimina secondi secondo quale quali tutti tutto fanne aggiungi cantami elencami po tieni",
    "pt": "o a os as de que e em um uma é por para com meu minha não você olá oi obrigado obrigada bom boa dia"
    " isto isso este esta estes faz faça diga diz como gravação do da dos das na no numa se texto leia lê"
    " traduz traduza transcreve transcreva desenha desenhe tira corta cante canta som ruído voz sem áudio"
    " mais quando aqui ouve junta elimina foto descreve descreva explica imagem noite amanhã põe deixa"
    " segundos segundo ao tempo cada passa num guarda",
}
_LISTS = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_TELLING: tuple[tuple[str, str], ...] = (("es", "ñ¿¡"), ("de", "ßäö"), ("pt", "ãõ"), ("fr", "êœûëï"))
"""Letters that only one of the languages has."""
_NAMES_AND_NUMBERS = re.compile(r"[\w-]+\.\w{2,4}\b|\d[\d.,:]*\s*(?:h|min|m?s|d)\b|\d\w*")


def language_of(text: str) -> str:
    """ISO 639-1 code: one of en, es, fr, de, it, pt, zh, ja, ru; `DEFAULT` unless another is sure.

    What is quoted or given after a colon does not count: who has a German sentence translated may be English.
    """
    plain = masked(text).lower()
    if re.search(r"[\u3040-\u30ff]", plain):
        return "ja"
    if re.search(r"[\u4e00-\u9fff]", plain):
        return "zh"
    if re.search(r"[а-яё]{2}", plain):
        return DEFAULT if re.search(r"[іїєґўљњђћ]", plain) else "ru"
    return _latin(plain)


def _latin(plain: str) -> str:
    words = re.findall(r"[^\W\d_]+", _NAMES_AND_NUMBERS.sub(" ", plain))
    points = dict.fromkeys(_LISTS, 0)
    for word in words:
        having = [code for code, known in _LISTS.items() if word in known]
        for code in having:
            points[code] += _OWN if len(having) == 1 else _SHARED
    for code, letters in _TELLING:
        points[code] += _OWN * any(letter in plain for letter in letters)
    best, second = sorted(points, key=lambda code: -points[code])[:2]
    return best if points[best] >= _SURE and points[best] > points[second] else DEFAULT
