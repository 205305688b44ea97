"""The words by which people call a clip after what was done to it: "the backwards one", "die langsame Version"."""

from __future__ import annotations

import re

_NOUNS = (
    r"ones?|versions?|takes?|clips?|files?|recordings?|tracks?|copy|copies|sounds?|audio|songs?|tunes?|pieces?"
    r"|parts?|loops?"
    r"|voices?|notes?|stories|story|readings?|mix|riffs?|beats?|message|memo|speech|interview"
    r"|version|fassung|variante|aufnahme|datei|spur|mischung|stimme|geschichte|lied|stück|musik|enregistrement"
    r"|fichier|prise"
    r"|morceau|piste|voix|chanson|toma|grabación|archivo|pista|canción|voz|mezcla|versión|versione|registrazione"
    r"|traccia"
    r"|voce|canzone|base|versão|gravação|arquivo|faixa|música|versie|opname|wersja|wersję|nagranie"
)
_ENGLISH_OWNER = r"(?:the|my|your|our|his|her|their|that|this|these|those|both|(?-i:[A-Z])\w+['’]s)"
_OWNER = r"(?:die|der|das|den|dem|la|le|l['’]|celle|celui|el|los|las|il|lo|quell[ao]|quest[ao]|o|a|de|het|t[aeę]|ten)"

_LACKING = (
    r"(?:,? (?:w/o|without|ohne|sans|sin|senza|sem|zonder|bez)"
    r" (?:the |any |den |das |die |le |la |el |il |o |l['’])?[\w-]+)?"
)
"""What it has not, which says no more of which it is: "the slowed story without the piano"."""


def _called(english: str, others: str, dense: str) -> re.Pattern[str]:
    """A noun phrase with one of these adjectives; `others` stand before or behind their noun."""
    return re.compile(
        rf"(?:\b{_ENGLISH_OWNER} (?:(?!and|or|but)\w+ )?(?:{english})(?: (?:{_NOUNS})\b|(?=\W*$)|(?= *[,.:;!?–-])"
        rf"|(?= of\b)"
        r"|(?= (?:and|in|to|with|for|should|needs?|goes|is)\b))(?: (?:of (?:the two|it|that|them|those)))?"
        rf"|\b{_OWNER} ?(?:{others})(?: (?:{_NOUNS})\b)?|\b{_OWNER} ?(?:{_NOUNS}) (?:{others})(?!\w)){_LACKING}"
        rf"|(?:{dense})(?:过|了|后|した|にした|した方|で)?(?:的|の)?(?:那个|那段|那条|版本?|录音|やつ|方|ほう"
        rf"|バージョン|音源)",
        re.IGNORECASE,
    )


_SLOW = _called(
    r"slow(?:er|ed)?(?:[- ]down)?",
    r"langsam\w*|verlangsamt\w*|lente|ralentie?|lent[oa]|ralentizad[oa]|rallentat[oa]|devagar|langzam\w*|wolniejsz\w+",
    r"慢速?|放慢|遅い|ゆっくり",
)
_FAST = _called(
    r"fast(?:er)?|quick(?:er)?|sped[- ]up|double[- ]speed",
    r"schnell\w*|beschleunigt\w*|rapide|accélérée?|rápid[oa]|acelerad[oa]|veloce|accelerat[oa]|snelle\w*|szybsz\w+"
    r"|γρήγορη",
    r"快速?|加速|速い|早い",
)
_LOUD = _called(
    r"loud(?:er|ened)?|boosted|turned[- ]up",
    r"laute\w*|plus forte?|más (?:alt|fuerte)\w*|più (?:alt|forte)\w*|mais alt[oa]|luidere?|głośniejsz\w+",
    r"大声|响|加大音量|大きい|大きく",
)
_QUIET = _called(
    r"quiet(?:er)?|soft(?:er)?|turned[- ]down",
    r"leise\w*|moins forte?|más (?:baj|suave)\w*|più bass[oa]|abbassat[oa]|mais baix[oa]|zachtere?|cichsz\w+",
    r"小声|轻|小さい|小さく",
)
_HIGH = _called(
    r"high(?:er)?(?:[- ]pitched)?|pitched[- ]up|chipmunk",
    r"höhere\w*|hochgepitchte\w*|plus aiguë?|más agud[oa]|più acut[oa]|mais agud[oa]|hogere|wyższ\w+",
    r"高(?:音|い)|升调|升高",
)
_LOW = _called(
    r"low(?:er|ered)?(?:[- ]pitched)?|deep(?:er)?|dark(?:er)?|pitched[- ]down|transposed",
    r"tiefere?\w*|plus grave|más grave|più grave|mais grave|lagere|niższ\w+",
    r"低(?:音|い)|降调|降低",
)
_CLEAN = _called(
    r"clean(?:ed)?(?:[- ]up)?|de-?noised|enhanced|noise-?free|noiseless",
    r"gereinigt\w*|bereinigt\w*|entrauscht\w*|saubere\w*|nettoyée?s?|limpi[oa]s?|limp[oa]s?|pulit[oa]|schoongemaakte"
    r"|schone"
    r"|oczyszczon\w+|czyst[aąye]\w*",
    r"降噪|去噪|干净|ノイズ(?:を)?(?:除去|消)",
)
HOW: dict[str, re.Pattern[str]] = {
    "speech_enhancement": _CLEAN,
    "sound_extraction": _CLEAN,
    "mono_to_binaural": _called(r"3d|binaural|spatial|spinning|circling", r"räumliche\w*|binaural\w*", r"立体|環绕|3D"),
    "speed-": _SLOW,
    "speed+": _FAST,
    "gain+": _LOUD,
    "gain-": _QUIET,
    "pitch+": _HIGH,
    "pitch-": _LOW,
    "reverse": _called(
        r"backwards?|reversed?|flipped|inverted",
        r"umgedreht\w*|rückwärts\w*|verkehrt\w*|inversée?|à l'envers|invertid[oa]|al revés|invertit[oa]|al contrario"
        r"|ao contrário|omgekeerde?|odwrócon\w+",
        r"倒放|反转|倒着|逆再生|逆",
    ),
    "trim": _called(
        r"trimmed|cut|cropped|short(?:ened)?|snipped",
        r"geschnitten\w*|gekürzt\w*|kurze\w*|coupée?|raccourcie?|recortad[oa]|cortad[oa]|tagliat[oa]|accorciat[oa]"
        r"|geknipte?"
        r"|przycięt\w+|obcięt\w+",
        r"剪(?:短|好)?|裁剪|切った|カット",
    ),
    "loop": _called(
        r"loop(?:ed|ing)?|repeated|long",
        r"lange\w*|wiederholt\w*|bouclée?|longue|repetid[oa]|larg[oa]|ripetut[oa]|lung[oa]|long[oa]|herhaalde"
        r"|zapętlon\w+",
        r"循环|长|ループ|長い",
    ),
    "fade": _called(
        r"faded(?:[- ](?:in|out))?", r"ausgeblendet\w*|eingeblendet\w*|fondue?|sfumat[oa]", r"淡出|淡入|フェード"
    ),
    "reverb": _called(
        r"reverb(?:ed|y)?|church[yl]?|cathedral|hall|wet|echoey|roomy|plate",
        r"verhallt\w*|hallige\w*|réverbérée?|con (?:reverb|hall)|riverberat[oa]|com reverb",
        r"混响|リバーブ|ホール",
    ),
    "echo": _called(
        r"echo(?:ed|ing|ey|y)?|slapback",
        r"mit (?:dem )?echo|avec (?:l['’])?écho|con (?:el )?eco|com eco",
        r"回声|回音|エコー",
    ),
    "equalise": _called(
        r"tele ?phone|phone|radio|filtered|bassy|muffled|tinny|am radio",
        r"telefon\w*|radio|téléphone|del teléfono|del telefono|do telefone|gefiltert\w*",
        r"电话|收音机|電話|ラジオ",
    ),
    "normalise": _called(
        r"normali[sz]ed|levell?ed", r"normalisiert\w*|normalisée?|normalizad[oa]|normalizzat[oa]"
                                    r"|znormalizowan\w+", r"标准化|ノーマライズ"
    ),
    "join": _called(
        r"joined|glued|stitched|combined|spliced|merged",
        r"zusammengefügt\w*|geklebt\w*|collée?|unid[oa]|pegad[oa]|incollat[oa]|unit[oa]|colad[oa]|sklejon\w+",
        r"拼接|合并|つなげた|結合",
    ),
    "mix": _called(
        r"mixed|layered|mashed(?:[- ]up)?|blended",
        r"gemischt\w*|mixée?|mélangée?|mezclad[oa]|mixat[oa]|misturad[oa]|gemixte|zmiksowan\w+",
        r"混音|混合|ミックス",
    ),
    "remove_silence": _called(r"tightened|tight|shortened", r"gestraffte\w*|resserrée?", r"去静音"),
    "bleep": _called(r"bleeped|censored", r"zensiert\w*|censurée?|censurad[oa]|censurat[oa]", r"消音"),
    "mute": _called(r"muted", r"stummgeschaltet\w*", r"静音"),
}  # fmt: skip
"""By how a clip was made, as `made_how` tells it."""

TWO = re.compile(
    r"\b(?:two|both|2|beiden?|zwei|les deux|deux|l[oa]s dos|dos|ambos|entrambi|due|os dois|as duas|duas|dois|beide"
    r"|twee|oba|obie"
    r"|dwa|dwie)\b|两|二|両|둘|два|две|оба|обе",
    re.IGNORECASE,
)
"""That two of a kind are meant: "the two slow versions"."""

BEFORE = re.compile(
    r"(?:\b(?:the |that )?(?:one|version|clip|audio|take|mix|it|that|them)\b ?)?(?:\b(?:from|as (?:it|they) (?:was"
    r"|were))\b ?)?"
    r"\bbefore (?:i |you |we |it |they )?(?:had |got |was |were |added |put |did |made )*(?:the |that |it |any "
    r"|all )*(?P<en>[\w-]+)"
    r"|\b(?:die|der|das|den|wie es)?\s?(?:version )?(?:war )?(?:vor|ohne) (?:de[mr]|das|die|den)\s(?P<de>\w+)"
    r"|\b(?:celle|celui|la version|le|la)?\s?(?:d')?avant (?:l['’]|le |la |les )(?P<fr>[\w-]+)"
    r"|\b(?:(?:tal )?(?:y )?como (?:estaba|era)|l[ao] de)? ?antes del? (?:la )?(?P<es>\w+)"
    r"|\b(?:quell[ao]|com['’]era)? ?prima (?:del(?:la|lo|l['’])?) ?(?P<it>\w+)"
    r"|\b(?:a|o|como (?:estava|era))? ?antes d[oa] (?P<pt>\w+)"
    r"|\bsprzed (?P<pl>\w+)|(?P<zh>\w{2,4})之前的?(?:那个|那段|版本)?|(?P<ja>\w{2,6})(?:をかける|する)?前の(?:やつ"
    r"|版|もの)?",
    re.IGNORECASE,
)
"""A clip by what was done to it later: "the one before the echo"."""

DRY = re.compile(
    rf"\b{_ENGLISH_OWNER} (?:\w+ )?dry(?: (?:\w+ )?(?:{_NOUNS}))?\b"
    rf"|\b{_OWNER} ?(?:trockene?\w*|sèche|sec[oa]|asciutt[oa]|droge)(?: (?:{_NOUNS}))?\b"
    rf"|\b{_OWNER} ?(?:{_NOUNS}) (?:sèche|sec[oa]?|asciutt[oa])\b",
    re.IGNORECASE,
)
"""What had no room put around it yet."""

OTHER = re.compile(
    rf"\b(?:the|my|that) other(?: (?:{_NOUNS}))?\b(?! (?:day|night|week|person|people|guy|way|end|half))"
    r"|\b(?:der|die|das|den|dem|de[rm]) ander(?:e|en|em|er|n)(?: (?:aufnahme|datei|spur|version|fassung))?\b"
    r"|\b(?:l['’]autre|l['’]altr[oa]|(?:el|la) otr[oa]|[oa] outr[oa]|de andere|t[aęą]? ?drug[aą])(?: (?:fichier"
    r"|enregistrement|clip"
    r"|archivo|grabación|registrazione|gravação|nagranie))?\b"
    r"|\bдруг(?:ой|ая|ую)\b|\bdet and(?:et|ra)\b|\böbür\w*|\bdiğer\w*|\byang satunya\b|\byg satunya\b|την άλλη|το άλλο"
    r"|另外?一?(?:个|段|首|张|条)|もう(?:一つ|片方|一方)(?:の(?:やつ|方|ほう))?|다른 (?:거|것|파일|하나)",
    re.IGNORECASE,
)
ORIGIN = re.compile(
    r"\b(?:the|my|your|our|his|her) (?:\w+ ){1,2}?(?:original|untouched|unedited|unprocessed|raw)\b(?: (?:one"
    r"|version|recording|clip|take))?"
    r"|\b(?:the|my|your) (?:(?:clean|plain|dry|raw|first|original|old) )?(?P<en>\w+ )?from the (?:very )?(?:start"
    r"|beginning)"
    r"(?:,? the one before \w+ \w+ \w+(?: up)?)?"
    r"|\b(?:the )?one before (?:i|we|you) (?:messed|changed|touched|did|ruined|broke)\b(?: \w+){0,3}?(?= *[,.;:!?–-]|$)"
    r"|\bd(?:as|ie|er) (?:\w+ )?(?:ganz am anfang|vom anfang|ursprüngliche\w*)(?: \w+)?|\b(?:la"
    r"|le) (?:\w+ )?d['’]origine"
    r"|\b(?:el|la) (?:\w+ )?del principio|\b(?:il|la) (?:\w+ )?dell['’]inizio|\b[oa] (?:\w+ )?d[oe] (?:começo|início)",
    re.IGNORECASE,
)
"""What there was before anything was made of it."""
UNTOUCHED = re.compile(
    r"\b(?:the|my) (?:one|file|clip|take|track|recording)s? (?:that )?(?:i|we|you) (?:have ?n[o'’]?t|did ?n[o'’]?t"
    r"|never)"
    r"(?: yet)? (?:\w+)(?: yet| with)?"
    r"|\bthe (?:untouched|unused|remaining) (?:one|file|clip|take|track)\b"
    r"|\b(?:die|der|das) (?:noch )?(?:unberührte|unbearbeitete|übrige)\w*(?: \w+)?"
    r"|まだ何もいじって(?:い)?ない(?:\w{1,4})?|还没(?:动|用|处理)过?的(?:那个|那段|那条)?",
    re.IGNORECASE,
)
"""One of which nothing was made yet."""
