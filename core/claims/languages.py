"""How nine languages say that something was made: nouns of media, and the phrases that claim it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words of one language, as alternatives of regular expressions.

    In `claims`, `{n}` is a noun of media with a few words before it, and `{d}` what a made sound is made of (noise).
    """

    audio: str
    image: str
    video: str
    clip: str
    """Nouns that may be a sound or a video."""
    file: str
    """Nouns that may be anything."""
    gap: str
    """A word that may stand between a phrase and its noun."""
    claims: tuple[str, ...]
    bare: tuple[str, ...]
    """Claims without a noun: "I've attached it"."""
    undone: str
    """Before a claim in its clause: it is denied, promised or wished."""
    earlier: str
    """Anywhere in its sentence: it is about what was made before."""
    if_: str
    """Anywhere before a claim in its sentence: it is a condition."""
    text: str = r"(?!)"
    """Right after the noun: it is words about media that is meant (audio transcript)."""
    tight: bool = False
    """Written without spaces."""


_SIDE = r"(?:[\w’'-]+[ ,]+|(?:l|un|d|all|quest)['’])"

_EDITED = (
    "cleaned|enhanced|trimmed|cut|joined|merged|mixed|converted|edited|removed|separated|split|isolated|extracted|turned"
    "|transformed|sped|slowed|reversed|mastered|boosted|lowered|raised|normali[sz]ed|looped|filtered|denoised|shortened"
    "|improved|applied|reduced|changed|added|pitched|repaired|fixed|taken|processed"
)
_MADE = (
    "made|created|generated|recorded|composed|drawn|painted|produced|rendered|synthesi[sz]ed|prepared|put together|sent"
    "|attached|uploaded|posted|shared|sung|narrated|voiced|animated|designed|sketched|built|delivered|included|crafted"
    "|provided|whipped up|finished"
)
_NOW = "(?: just| now| already| also| successfully| gladly| went ahead and)*"

TONGUES: tuple[Tongue, ...] = (
    Tongue(
        audio=r"audios?|recordings?|songs?|tracks?|tunes?|melod(?:y|ies)|music|voice (?:message|note|clip)s?"
        r"|sounds?(?: (?:effect|"
        r"clip)s?)?|soundscapes?|speech|mix(?:es)?|remix|beats?|mp3s?|wavs?|jingles?|podcasts?|voice-?over|vocals"
        r"|accompaniment|stems?|narration|lyrics sung",
        image=r"pictures?|images?|photos?|photographs?|drawings?|illustrations?|paintings?|sketch(?:es)?|portraits?"
        r"|spectrograms?|artwork|pngs?|cover art|piano rolls?",
        video=r"videos?|animations?|movies?|audiograms?|talking (?:head|portrait)s?|mp4s?",
        clip=r"clips?",
        file=r"files?|attachments?|results?|(?:cleaned|new|final|edited|finished|\w+) versions?",
        gap=rf"(?!(?:of|from|about|how|what|why|where|when|who|which|for|in|that|with|to|on|transcri\w+|translation"
        rf"|summary|words|text|lyrics|some|few|joke|list|tips?|ideas?|is|are|was|as)\b){_SIDE}",
        claims=(
            r"\bhere(?:['’]s| is| are| comes?)\s+{n}",
            rf"\bI(?:\b[^.!?;:]*?\band)?(?:['’]ve| have)?{_NOW}\s+(?:{_MADE}|drew|sang"
            rf"|written and recorded)\s+(?:you\s+)?{{n}}",
            rf"^\W*(?:just|successfully) (?:{_MADE})\s+{{n}}",
            r"\bnow playing\W+{n}",
            rf"\bI(?:['’]ve| have)?{_NOW}\s+(?:{_EDITED}|read|spoken|made)(?: up| out| down| off)?\s+(?:{{n}}|{{d}})",
            r"\b(?:the|your|this|both|all|an?|my)\s+{n}(?: (?:you (?:wanted|asked for|requested)|of [\w ]{1,30}"
            r"|with [\w ]{1,30}))?(?:,?\s+(?:is|are|was|were)|['’]s)\s+(?:now |all |already |just )?(?:ready"
            r"|attached|below|above|done|finished|complete|included|on (?:its|the) way"
            r"|(?:successfully )?(?:made|created|generated|sent|rendered|uploaded|produced))(?! (?:in|at|by|on|with"
            r"|for)\b)",
            r"\b(?:the|your|this|both|all|an?|my)\s+{n}(?: you (?:wanted|asked for|requested))?\s+(?:has|have)\s+"
            rf"(?:now |just |already )?been\s+(?:successfully )?(?:{_MADE}|{_EDITED})",
            r"\b(?:the|your)\s+{n}\s+(?:is|are) (?:waiting|attached|right) (?:for you|here|below|above)",
            r"\battached (?:is|are|you(?:['’]ll| will| can)? find)\s+{n}",
            r"\bfind\s+{n}\s+(?:attached|below|above)",
            r"\b(?:listen to|enjoy|play|watch|look at|check out)\s+{n}\s*(?:above|below|here|attached|I (?:made"
            r"|created))?[!]",
            r"\b(?:listen to|watch|look at|check out|a listen to)\s+{n}\s+(?:above|below|here|attached"
            r"|I(?:['’]ve)? (?:made"
            r"|created))",
            r"\bhope you (?:like|enjoy|love)\s+{n}",
            r"^\W*(?:ta-?da|voil[àa]|presto|done|finished|all set)\W+(?:your|the|an?)\s+{n}",
        ),
        bare=(
            r"\bI(?:['’]ve| have)?(?: just| now| already)*\s+(?:attached|uploaded|sent) (?:it|them|everything)\b",
            r"\b(?:and|then)(?: I(?:['’]ve| have)?)? attached (?:it|them)\b",
            r"\bI(?:['’]ve| have)?(?: just| now| already)*\s+(?:cleaned|trimmed|made|drawn|drew|recorded|sung|sang"
            r"|animated"
            r"|denoised|reversed|sped|slowed|mixed|composed|generated|rendered)\s+(?:it|them)\b(?! to\b)",
            r"\bI(?:['’]ve| have)?(?: just| now| already)*\s+(?:read|said|spoke|sang|sung)\s+(?:it|that|them|this"
            r"|the [\w ]+)"
            r"\s+(?:aloud|out loud|for you)",
            r"\b(?:press|hit|click|tap) play\b",
            r"\b(?:have|take|give it) a listen\b",
            r"^\W*(?:(?:done|sure|okay|ok|alright|great)\W+)?(?:here (?:it is|they are|you go|you are)"
            r"|there you go)\W*$",
            r"\b(?:attached|see (?:the )?attach(?:ed|ment))\s*(?:below|here|above)?[.!]?\s*$",
        ),
        undone=r"\b(?:no|not|never|nothing|none|neither|nor|without|cannot|unable|fail(?:ed|s)?|would|could|will"
        r"|shall|can"
        r"|may|might|should|want|wish|let me|going to|able to|need to|try(?:ing)? to|whether|says?|said)\b"
        r"|n[’']t\b|[’']ll\b|[’']d\b",
        earlier=r"\b(?:yesterday|earlier|last (?:time|week|month|year|night|monday|turn)|ago|previous(?:ly)?"
        r"|back then|the"
        r" other day|in (?:19|20)\d\d|this morning|before that)\b",
        if_=r"\b(?:if|once|when|whenever|after|as soon as|until|unless|before)\b",
        text=r"['’]s?\s+(?!ready|done|attached|finished|here|below|complete)|\s+(?:transcript\w*|description|caption"
        r"|length|file ?name|quality|notes|shows?|says?)\b",
    ),
    Tongue(
        audio=r"audios?|grabaci(?:ón|ones)|canci(?:ón|ones)|música|pistas?|melodías?|(?:nota|mensaje)s? de voz"
        r"|sonidos?|mezcla",
        image=r"im[aá]gen(?:es)?|fotos?|fotografías?|dibujos?|ilustraci(?:ón|ones)|retratos?|espectrogramas?",
        video=r"v[ií]deos?|animaci(?:ón|ones)",
        clip=r"clips?",
        file=r"archivos?|ficheros?|adjuntos?|resultados?",
        gap=rf"(?!(?:de|del|sobre|cómo|que|qué|para|en|transcripción|traducción|texto|letra|resumen"
        rf"|descripción)\b){_SIDE}",
        claims=(
            r"\b(?:aquí|acá)\s+(?:tienes?|está|están|va|van|te dejo|le dejo)\s+{n}",
            r"\b(?:te|le|os)\s+(?:dejo|mando|envío|adjunto|paso)\s+{n}",
            r"\b(?:te |le |os |ya |lo )*(?:he|hemos)\s+(?:creado|hecho|generado|grabado|compuesto|dibujado|enviado"
            r"|mandado"
            r"|adjuntado|preparado|limpiado|recortado|mezclado|cantado|producido|convertido|editado|quitado|eliminado"
            r"|separado|subido|bajado|acelerado)\s+(?:{n}|{d})",
            r"\bacabo de (?:crear|hacer|generar|grabar|componer|dibujar|enviar|cortar|limpiar)\s+(?:{n}|{d})",
            r"\b(?:creé|hice|generé|grabé|compuse|dibujé|envié|mandé|adjunté|preparé|limpié|recorté|mezclé|canté"
            r"|quité"
            r"|eliminé)\s+(?:{n}|{d})",
            r"\b{n}(?: [\w-]+){0,2}?\s+(?:ya )?(?:está|están)\s+(?:ya )?(?:list[oa]s?|adjunt[oa]s?|aquí|abajo"
            r"|terminad[oa]s?|hech[oa]s?)",
            r"\b{n}(?: [\w-]+){0,2}?\s+(?:ya )?(?:ha|han|fue|fueron)\s+(?:sido )?(?:cread|compuest|generad|enviad"
            r"|grabad|adjuntad|editad)[oa]s?",
            r"\b(?:disfruta|escucha)\s+(?:de )?{n}",
        ),
        bare=(
            r"\b(?:lo|la|los|las|te lo|te la)\s+(?:adjunto|he adjuntado|he enviado|he mandado|envié)\b",
            r"\badjunto (?:el|la|va|encontrarás)\b",
            r"^\W*(?:listo\W+)?(?:aquí (?:lo|la) tienes|aquí está|ahí (?:va|tienes))\W*$",
        ),
        undone=r"\b(?:no|nunca|ningún|ninguna|nada|sin|puedo|podría|quieres|quiere|si|cuando|voy a|tampoco|puedes"
        r"|quisiera)\b",
        earlier=r"\b(?:ayer|antes|anterior(?:mente)?|la semana pasada|hace \w+|la última vez)\b",
        if_=r"\b(?:si|cuando|en cuanto|una vez|después de)\b",
    ),
    Tongue(
        audio=r"audios?|enregistrements?|chansons?|musique|morceaux?|pistes?|mélodies?|(?:messages?"
        r"|notes?) (?:vocale?s?|audio)"
        r"|sons?|extraits?|bande[- ]son|mixage",
        image=r"images?|photos?|dessins?|illustrations?|portraits?|spectrogrammes?",
        video=r"vidéos?|animations?",
        clip=r"clips?",
        file=r"fichiers?|pièces? jointes?|résultats?",
        gap=rf"(?!(?:de|du|des|sur|comment|que|ce|pour|dans|transcription|traduction|texte|paroles|résumé"
        rf"|description)\b)"
        rf"{_SIDE}",
        claims=(
            r"\b(?:voici|voilà)\s+{n}",
            r"\b(?:je (?:t['’]|vous |te )?ai|j['’]ai)\s+(?:bien |déjà )?(?:créé|fait|généré|enregistré|composé"
            r"|dessiné|envoyé|joint"
            r"|préparé|nettoyé|coupé|mixé|chanté|produit|converti|supprimé|enlevé|retiré|séparé|accéléré|ralenti"
            r"|monté)"
            r"\s+(?:{n}|{d})",
            r"\b{n}(?: [\w-]+){0,2}?\s+(?:est|sont)\s+(?:prête?s?|jointe?s?|ci-jointe?s?|ci-dessous|terminée?s?|là"
            r"|faite?s?)",
            r"\b{n}(?: [\w-]+){0,2}?\s+(?:a|ont)\s+(?:bien )?été\s+(?:composée?s?|créée?s?|générée?s?|envoyée?s?"
            r"|enregistrée?s?|jointe?s?)",
            r"\bje viens de (?:créer|faire|générer|enregistrer|composer|dessiner|couper|nettoyer)\s+(?:{n}|{d})",
            r"\bje (?:te |vous |t['’])(?:envoie|joins)\s+{n}",
            r"\b(?:écoute|profite de|écoutez)\s+{n}",
        ),
        bare=(
            r"\bci-joint",
            r"\bje (?:l['’]|les |te l['’]|vous l['’])ai (?:joint|envoyé)",
            r"^\W*(?:(?:voilà|le voici|la voici|et voilà|tiens))\W*$",
        ),
        undone=r"\b(?:ne|n['’]\w+|pas|jamais|aucune?|rien|sans|peux|pourrais|veux|voulez|vais|si|quand)\b",
        earlier=r"\b(?:hier|plus tôt|la semaine dernière|il y a|précédemment|la dernière fois|tout à l['’]heure)\b",
        if_=r"\b(?:si|quand|lorsque|dès que|une fois|après)\b",
    ),
    Tongue(
        audio=r"aufnahmen?|lied(?:er)?|songs?|musik|musikstück|stück|melodien?|sprachnachricht(?:en)?|audio(?:s"
        r"|dateie?n?)?|klang"
        r"|geräusche?|tonspur|mischung|sounds?|hörprobe",
        image=r"bild(?:er)?|fotos?|zeichnung(?:en)?|illustration(?:en)?|porträts?|spektrogramme?|gemälde",
        video=r"videos?|animation(?:en)?|filme?",
        clip=r"clips?",
        file=r"datei(?:en)?|anhang|ergebnis(?:se)?",
        gap=rf"(?!(?:von|vom|über|wie|was|zu|zum|zur|für|abschrift|übersetzung|text|zusammenfassung"
        rf"|beschreibung)\b){_SIDE}",
        claims=(
            r"\b(?:hier (?:ist|sind|kommt|hast du|haben sie)|da ist)\s+{n}",
            r"\b(?:ich habe|hab)\s+(?:dir |ihnen |für dich |gerade |dir gerade |jetzt |schon )*(?:{n}"
            r"|{d})(?:\s+[\w’'-]+){0,7}?\s+"
            r"(?:erstellt|gemacht|erzeugt|generiert|aufgenommen|komponiert|gezeichnet|gemalt|geschickt|gesendet"
            r"|angehängt"
            r"|bereinigt|gesäubert|geschnitten|gemischt|gesungen|produziert|umgewandelt|entfernt|bearbeitet|getrennt"
            r"|vorgelesen|zum sprechen gebracht|verbessert|gekürzt|beschleunigt)",
            r"\b{n}\s+(?:ist|sind)\s+(?:jetzt |nun |schon )?(?:fertig|bereit|angehängt|beigefügt|im anhang|unten)",
            r"\b{n}\s+(?:wurde|wurden|ist|sind)\s+(?:[\w’'-]+\s+){0,3}?(?:erstellt|gemacht|erzeugt|generiert"
            r"|gesendet|aufgenommen"
            r"|angehängt|verschickt|bearbeitet)",
            r"\b(?:im anhang|anbei)\s+(?:findest du|finden sie|ist|sind)?\s*{n}",
            r"\b(?:viel (?:spaß|freude) mit|hör dir)\s+{n}",
        ),
        bare=(
            r"\b(?:es|sie|ihn|alles) (?:dir )?(?:angehängt|geschickt|beigefügt)\b",
            r"\b(?:im anhang|anbei)\b",
            r"\bhabe?\b[^.!?]*\bvorgelesen\b|\bhör(?:t)? mal rein\b",
            r"^\W*(?:fertig\W+)?(?:hier ist (?:es|sie|er)|bitte sehr|hier, bitte|bitteschön)\W*$",
        ),
        undone=r"\b(?:nicht|keine?[rnms]?|nie|nichts|ohne|kann|könnte|möchtest|willst|soll|werde|würde|wenn|falls"
        r"|leider)\b",
        earlier=r"\b(?:gestern|vorhin|früher|letzte\w*|vor (?:einer?|zwei|drei)\b|neulich|vorher)\b",
        if_=r"\b(?:wenn|falls|sobald|nachdem)\b",
    ),
    Tongue(
        audio=r"audio|registrazion[ei]|canzon[ei]|musica|brani?|tracc(?:ia|e)|melodi[ae]|(?:messaggi[oi]"
        r"|not[ae]) vocal[ei]|suon[oi]|voce"
        r"|mix",
        image=r"immagin[ei]|fot[oe]|fotografi[ae]|disegn[oi]|illustrazion[ei]|ritratt[oi]|spettrogramm[ai]",
        video=r"video|animazion[ei]|filmat[oi]",
        clip=r"clip",
        file=r"file|allegat[oi]|risultat[oi]",
        gap=rf"(?!(?:di|del|della|dell|su|come|che|per|in|trascrizione|traduzione|testo|riassunto"
        rf"|descrizione)\b){_SIDE}",
        claims=(
            r"\becco\s+{n}",
            r"\b(?:ti |le |vi |l['’])?ho\s+(?:appena |già )?(?:creato|fatto|generato|registrato|composto|disegnato"
            r"|inviato|mandato"
            r"|allegato|preparato|pulito|ripulito|letto ad alta voce|tagliato|mixato|cantato|prodotto|convertito"
            r"|rimosso|tolto|eliminato|separato"
            r"|accelerato|migliorato)\s+(?:{n}|{d})",
            r"\b{n}(?: [\w-]+){0,2}?\s+(?:è|sono)\s+(?:ora |già )?(?:pront[oaie]|allegat[oaie]|qui sotto"
            r"|finit[oaie])",
            r"\b{n}(?: [\w-]+){0,2}?\s+(?:è|sono)\s+(?:stat[oaie])\s+(?:creat|compost|generat|inviat|registrat"
            r"|allegat|modificat)[oaie]",
            r"\b(?:in allegato|allego|ti mando|ti invio)\s+(?:trovi\s+)?{n}",
            r"\b(?:ascolta|goditi)\s+{n}",
        ),
        bare=(
            r"\b(?:l['’]ho|li ho|le ho|te l['’]ho|te lo) (?:allegat|inviat|mandat)\w",
            r"\bin allegato\b",
            r"^\W*(?:fatto\W+)?ecco(?:lo|la|li|le|ti)?\W*$",
        ),
        undone=r"\b(?:non|mai|nessun[oa]?|niente|senza|posso|potrei|vuoi|vuole|se|quando)\b",
        earlier=r"\b(?:ieri|prima|precedente\w*|la settimana scorsa|\w+ fa|l['’]ultima volta)\b",
        if_=r"\b(?:se|quando|appena|dopo)\b",
    ),
    Tongue(
        audio=r"[áa]udios?|grava(?:ção|ções)|m[úu]sicas?|can(?:ção|ções)|faixas?|melodias?|mensage(?:m|ns) de voz"
        r"|som|sons"
        r"|mixagem",
        image=r"image(?:m|ns)|fotos?|fotografias?|desenhos?|ilustra(?:ção|ções)|retratos?|espectrogramas?",
        video=r"v[íi]deos?|anima(?:ção|ções)",
        clip=r"clipes?",
        file=r"arquivos?|ficheiros?|anexos?|resultados?",
        gap=rf"(?!(?:de|do|da|dos|das|sobre|como|que|para|em|transcrição|tradução|texto|letra|resumo"
        rf"|descrição)\b){_SIDE}",
        claims=(
            r"\b(?:aqui|cá)\s+(?:está|estão|vai|vão|tens|tem)\s+{n}",
            r"\b(?:eu )?(?:já )?(?:criei|fiz|gerei|gravei|compus|desenhei|enviei|mandei|anexei|preparei|limpei"
            r"|cortei|mixei|cantei"
            r"|produzi|converti|removi|tirei|eliminei|separei|acelerei|melhorei)\s+(?:{n}|{d})",
            r"\b{n}(?: [\w-]+){0,2}?\s+(?:já )?(?:está|estão)\s+(?:em anexo|pront[oa]s?|anexad[oa]s?|abaixo|aqui)",
            r"\b{n}(?: [\w-]+){0,2}?\s+(?:já )?(?:foi|foram)\s+(?:criad|gerad|enviad|gravad|anexad|editad)[oa]s?",
            r"\bacabei de (?:criar|fazer|gerar|gravar|compor|desenhar|cortar|limpar)\s+(?:{n}|{d})",
            r"\b(?:segue|seguem)\s+(?:em anexo\s+)?{n}",
            r"\b(?:ouça|ouve|aproveite|curta)\s+{n}",
        ),
        bare=(
            r"\bem anexo\b",
            r"\b(?:anexei|enviei)(?:-[oa]s?)?\b\W*$",
            r"^\W*(?:pronto\W+)?(?:aqui está|aqui tens|aí está)\W*$",
        ),
        undone=r"\b(?:não|nunca|nenhuma?|nada|sem|posso|poderia|quer|queres|se|quando|vou)\b",
        earlier=r"\b(?:ontem|antes|anterior(?:mente)?|semana passada|há \w+|última vez)\b",
        if_=r"\b(?:se|quando|assim que|depois de)\b",
    ),
    Tongue(
        audio=r"аудио\w*|запис[ьи]|песн[яию]|музык[аиу]|трек\w*|мелоди[яию]|голосов(?:ое|ые) сообщени[ея]|звук\w*"
        r"|композици[яию]"
        r"",
        image=r"картин(?:к[аиу]|у)|изображени[ея]|рисун(?:ок|ки)|фото(?:графи[яию])?|иллюстраци[яию]|портрет\w*"
        r"|спектрограмм[аыу]",
        video=r"видео(?:ролик)?\w*|анимаци[яию]|ролик\w*",
        clip=r"клип\w*",
        file=r"файлы?|вложени[ея]|результат\w*",
        gap=r"(?:(?!(?:с|из|о|об|для|на|в|расшифровка|перевод|текст|описание|краткое|содержание"
        r"|пересказ)\b)[\w-]+[ ,]+"
        r"|для (?:вас|тебя) )",
        claims=(
            r"\b(?:вот|держи(?:те)?|лови(?:те)?)\s+{n}",
            r"\bя\s+(?:уже |только что |вам |тебе |для вас )*(?:создал|сделал|сгенерировал|записал|сочинил|нарисовал"
            r"|отправил|прислал|прикрепил"
            r"|подготовил|очистил|обрезал|смикшировал|спел|убрал|удалил|разделил|ускорил|улучшил|озвучил)а?\s+(?:{n}"
            r"|{d})",
            r"\b{n}\s+(?:уже |теперь )?(?:готов[аоы]?|прикреплен[аоы]?|прикреплён|прикреплены|во вложении"
            r"|ниже)(?!\w)",
            r"\b{n}\s+(?:уже |успешно |был[аои]? )*(?:создан|сгенерирован|отправлен|записан|сделан|очищен|обрезан"
            r"|обработан|озвучен)[аоы]?(?!\w)",
            r"\b(?:отправляю|прикрепляю|прилагаю|слушай(?:те)?|послушай(?:те)?)\s+{n}",
        ),
        bare=(
            r"\bво вложении\b",
            r"\bя\s+(?:уже |вам |тебе )*(?:озвучил|прочитал вслух|спел)а?\b",
            r"\b(?:прикрепил|отправил|прислал)а?\s+(?:его|её|их|вам|тебе)?\W*$",
            r"^\W*(?:готово\W+)?(?:вот он[аои]?|вот, пожалуйста|держи(?:те)?)\W*$",
        ),
        undone=r"\b(?:не|нет|ни|никак\w*|без|могу|мог|можно|хотите|хочешь|если|когда|буду|чтобы)\b",
        earlier=r"\b(?:вчера|ранее|раньше|на прошлой неделе|назад|в прошлый раз|прежде)\b",
        if_=r"\b(?:если|когда|как только|после)\b",
    ),
    Tongue(
        audio=r"音频|录音|歌曲?|音乐|曲子?|旋律|语音(?:消息|留言)?|声音|配乐|伴奏",
        image=r"图片|图像|照片|图画|画|插图|肖像|频谱图|图(?!书)",
        video=r"视频|动画|短片|影片",
        clip=r"片段",
        file=r"文件|附件|结果",
        gap=r"[^，。！？；：、\s文字转写描述翻译]{0,8}?",
        claims=(
            r"(?:这是|这就是|以下是|下面是|给你|给您|请听|请看|请欣赏){n}(?![的中里]*(?:文字|内容|转写|描述|说明|翻译|歌词))",
            r"(?:我)?(?:已经|已|刚刚|刚)(?:为您|为你|给您|给你|帮您|帮你|把|将)*(?:生成|制作|创作|录制|创建|画|做|发送|附上|合成|处理|剪辑|清理|去除|去掉|删除|唱)"
            r"(?:好|完|了)*{n}",
            r"(?:我)(?:为您|为你|给您|给你|帮您|帮你)?(?:生成|制作|创作|录制|创建|画|做|发送|附上|合成|清理|去除|去掉)(?:好)?了{n}",
            r"{n}(?:现在|都)?(?:已经|已)(?:经)?(?:被)?(?:生成|制作|完成|创建|发送|发给|发了|做好|准备好|附上|录好|画好|处理)",
            r"{n}(?:做好|准备好|完成|生成|画好|录好)了",
            r"{n}(?:如下|在下面|在附件)",
        ),
        bare=(
            r"(?:见|请见|请查看)附件",
            r"已(?:经)?(?:附上|发送给)",
            r"请(?:收听|听听?[看吧。！]|欣赏|查收)",
            r"^\W*给[你您]\W*$",
        ),
        undone=r"没有|没能|无法|不能|未能|尚未|不会|不|可以|能够|如果|要是|想要|会|将会|是否|需要",
        earlier=r"之前|昨天|上次|上周|刚才|以前|早些时候",
        if_=r"如果|要是|等|一旦|当",
        tight=True,
    ),
    Tongue(
        audio=r"音声(?:メッセージ)?|録音|曲|歌|音楽|楽曲|オーディオ|サウンド|メロディー?|ボイスメッセージ|ナレーション|ノイズ|雑音",
        image=r"画像|写真|絵|イラスト|肖像|スペクトログラム",
        video=r"動画|ビデオ|映像|アニメーション",
        clip=r"クリップ",
        file=r"ファイル|添付|結果",
        gap=r"(?!)",
        claims=(
            r"(?:こちらが|これが|はい、)[^。！？]{0,12}?{n}(?:ファイル)?(?:です|になります|でございます)",
            r"{n}(?:ファイル)?(?:を|が|の[^。！？を]{1,8}を)[^。！？]{0,14}?(?:作成|生成|制作|作曲|録音|送信|添付|編集|除去|削除|分離|変換|合成|アップロード)(?:し"
            r"|いたし|され|でき)"
            r"(?:まし)?た",
            r"{n}(?:ファイル)?(?:を|が)[^。！？]{0,10}?(?:作り|描き|送り|歌い|仕上げ|用意し|でき|出来上がり|完成し)まし?た",
            r"{n}(?:ファイル)?(?:は|を)(?:こちらです|添付します|お送りします|お届けします)",
            r"{n}(?:を|は)(?:お聞き|お聴き|ご覧)ください",
        ),
        bare=(r"添付(?:し|いたし)ました", r"(?:お聞き|お聴き)ください", r"^\W*(?:はい、)?(?:どうぞ|こちらです)\W*$"),
        undone=r"ません|ない|なかった|できれば",
        earlier=r"先ほど|さっき|昨日|以前|前回|先週|前に",
        if_=r"たら|れば|場合",
        tight=True,
    ),
)

MADE_OF = (
    r"(?:[\w’'-]+\s+){0,3}?(?:noise|echo|hum|hiss|silences?|pauses?|coughs?|seconds|voices?|vocals?|volume|pitch"
    r"|tempo|reverb|fade|bass|ruido|segundos|voz|eco"
    r"|silencios?|bruit|écho|silences|secondes|rauschen|geräusch|hall|stille|sekunden|rumore|silenzi|secondi|voce"
    r"|ruído"
    r"|silêncios?|шум|эхо|тишину|секунд\w*)\b"
)
"""What a sound is made of or rid of: to say that it was changed is to say that there is a new sound."""
