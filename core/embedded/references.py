"""Whether a message points at media from earlier in the conversation."""

from __future__ import annotations

import re

from core.embedded.clauses import masked

_THINGS = (
    r"it|its|this|that|these|them|those|both|mine|one|ones|clips?|recordings?|audio|files?|notes?|tracks?|takes?"
    r"|voices?"
    r"|version|message|memo|picture|image|photo|speech|talk|interview|podcast|track|again|back|last|previous|earlier"
    r"|lo|la|los|las|eso|esto|este|esta|ese|esa|grabación|audio|archivo|nota|clip|imagen|foto|anterior|último|última"
    r"|le|les|ça|ceci|cela|cet|cette|ce|enregistrement|fichier|extrait|dernier|dernière|précédent"
    r"|es|das|dies|diese|diesen|dieses|aufnahme|datei|letzte|letzten|letztes|vorige|vorherige|nochmal|bild"
    r"|questo|questa|quello|quella|registrazione|ultimo|ultima|immagine"
    r"|isso|isto|esse|essa|gravação|arquivo|áudio|último|última|imagem"
    r"|celle|celui|celles|ceux|aquel[ea]s?|aquilo|dat|dit|deze|bunu|şunu|onu|buna|şuna|ona|bunun|şunun|onun"
    r"|tego|tej|temu"
    r"|это|этот|эту|этой|его|её|их|запись|записи|аудио|файл|последн\w+|картинк\w+"
)
_WORDS = re.compile(rf"(?<!\w)(?:{_THINGS})(?!\w)", re.IGNORECASE)
_DENSE = re.compile(
    r"[这那它]|录音|音频|文件|刚才|上一|图片|照片|これ|それ|あれ|この|その|録音|音声|ファイル|さっき|画像|写真"
    r"|[그이저]거|[그이]걸|(?<=\s)거[는를]|걸로|녹음|파일|방금|아까"
)
_CLITIC = re.compile(r"\w{3,}(?:lo|la|los|las|melo|-le|-la|-les)\b", re.IGNORECASE)
"""Spanish, Italian and French pronouns at the end of a verb: "recórtalo", "taglialo", "coupe-le"."""
_DO = re.compile(
    r"^\W*(?:(?:please|now|and|ok|then)\W+)*(?:transcribe|trim|cut|reverse|denoise|enhance|louder|quieter|faster"
    r"|slower|fade"
    r"|normali[sz]e|join|mix|translate|describe|separate|clean)\b",
    re.IGNORECASE,
)
"""Commands that are about a recording even without a word for it: "now louder"."""


def points_at_media(text: str) -> bool:
    """Whether the words, quotations aside, can mean media that the conversation held before."""
    hidden = masked(text)
    return any(pattern.search(hidden) for pattern in (_WORDS, _DENSE, _CLITIC, _DO))
