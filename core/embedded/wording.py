"""Free words in a request: what to say, to sing, to draw, to look for."""

from __future__ import annotations

import re

from core.embedded.clauses import given_text, masked, quotations
from core.embedded.quantities import without_times
from core.embedded.singing import without_manner

_FLAGS = re.IGNORECASE | re.DOTALL
_POLITE = re.compile(
    r"^\W*(?:(?:please|pls|plz|hey|hi|hello|ok(?:ay)?|so|now|well|um+|uh+|bot|and|then|also|after that|finally|next"
    r"|just"
    r"|(?:can|could|would|will) (?:you|u)(?: mind to)?(?: please)?|i(?:'d| would) (?:like|love)(?: you)? to(?: hear)?"
    r"|i (?:want|need)(?: you)? to(?: hear)?|let me hear|por favor|puedes|podrías|me puedes|s'il te plaît|peux-tu"
    r"|pourrais-tu"
    r"|bitte|kannst du|könntest du|per favore|puoi|potresti|você pode|podes|y|luego|et|puis|und|dann|e|poi|depois|и"
    r"|потом|ah+|oh+|ooh+|aha|right|great|nice|cool|lovely|super|splendid|sick|perfect|wow|haha+|lol|hmm+|yay|egal"
    r"|na gut|alles klar"
    r"|genial|vale|bueno|ottimo|perfetto|beleza|ótimo|отлично|класс"
    r"|请|帮我|麻烦|пожалуйста|можешь)\b[\s,:!.]*)+",
    _FLAGS,
)
_DENSE_POLITE = re.compile(r"^(?:请|帮我|麻烦你?|给我|你能|能不能)+")
_TRAILING = re.compile(
    r"[\s,，]*(?:\b(?:please|pls|thanks|thank you|thx|for me|for us|asap|if you can|por favor|s'il te plaît|bitte"
    r"|per favore"
    r"|пожалуйста)|ください|お願いします|吧)[.!\s]*$",
    _FLAGS,
)
_SAY = re.compile(
    r"\b(?:say|speak|pronounce|read|narrate|recite|announce|voice|utter|repeat after me|shout|whisper"
    r"|(?:tell|wish|greet) (?:my )?\w+"
    r"|di|dime|lee|léeme|pronuncia|dis|lis|prononce|sag|sage|sprich|lies|lies vor|di'|leggi|diga|diz|fale|leia|lê"
    r"|lees|zeg|powiedz|przeczytaj|скажи"
    r"|произнеси|прочитай|озвучь|朗读一?下?|念一?下?|读出来|大声读|读|说)\b"
    r"(?:\s+(?:this|these|the following|following|the|las?|los|les|la|die|den|le|as?|os?)"
    r"\s+(?:sentence|text|words?|lines?|paragraph|phrase|palabras|frase|texto|mots|texte|wörter|worte|satz|parole|testo"
    r"|palavras)(?=[\s,:]+\S))?"
    r"(?:\s+(?:aloud|out loud|out|to me|back to me|en voz alta|à (?:voix haute|haute voix)|laut|ad alta voce"
    r"|em voz alta|вслух|vor|hardop|na głos))*"
    r"(?:\s+that\b)?[\s,:：]*(?P<rest>.+)$",
    _FLAGS,
)
_TELL = re.compile(
    r"\b(?:tell|inform|remind|let|voice (?:message|note)|audio (?:message|note))\b"
    r".*?\b(?:that says|that|know|saying|says)\b"
    r"[\s,:]*(?P<rest>.+)$",
    _FLAGS,
)
_COMMAND = re.compile(
    r"^(?:say|repeat after me|pronounce|utter|recite|read (?:aloud|out(?: loud)?|me)|voice the following(?: lines?)?"
    r"|di|dime|pronuncia|repite|dis|prononce|répète|sag|sage|sprich|ripeti|diga|diz|fale|repita|zeg|powiedz|скажи"
    r"|произнеси|повтори)"
    r"(?!\w)[\s,:-]*(?P<rest>.+)$|^(?:说|朗读|念|跟我念)(?P<dense>.+)$",
    _FLAGS,
)
_VOICE_FIRST = re.compile(
    r"^(?:use|take|with|in|using)\s+(?:the )?(?:voice (?:of )?\S+?|\S+['’]s voice)(?:,| to\b| and\b)\s*", re.IGNORECASE
)
"""A manner that comes before what is asked for."""
_QUOTED_DENSE = re.compile(
    r"^(?P<dense>.+?)[、,]?\s*(?:と|って)(?:言って|話して|しゃべって|読んで|読み上げて|発音して)"
    r"(?:ください|下さい|くれる|くれますか|ほしい)?[。!！?？]*$"
)
"""Japanese, where the command stands behind the words."""
_ASKS_FOR = re.compile(
    r"^\W*(?:please |hey |hi,? )?(?:can|could|would|will|puedes|podrías|peux-tu|pourrais-tu|kannst du|könntest du|puoi"
    r"|potresti|você pode|podes|можешь)\b",
    re.IGNORECASE,
)
"""A request in the form of a question: its question mark is not among the words to say."""
_ASKS_TO_SAY_IT = re.compile(
    r"^\W*(?:please )?(?:can|could|would|will) you (?:please )?(?:read|say|speak) (?:it|that|this"
    r"|them)\b",
    re.IGNORECASE,
)
"""Behind "they can't read, ..."."""
_TRANSLATE = re.compile(
    r"^(?:translate|traduce|traduci|traduis|traduisez|traduz(?:a|ir)?|übersetze?n?|vertaal|przetłumacz|переведи"
    r"|переклади|översätt|oversæt|çevir)\b|^(?:请)?翻译"
    r"|^把.{1,60}翻译成"
    r"|(?:翻訳して|訳して)",
    re.IGNORECASE,
)
_SAYS_IT = re.compile(
    r"\b(?:read|say|speak|pronounce) (?:it|that|this|them|the (?:result|translation))\b|\b(?:aloud|out loud)\b"
    r"|\b(?:lies|sag|sprich) (?:es|das|sie|die übersetzung)\b|\b(?:lis|dis|lee|di|lê|diz|leia|diga)-?(?:l[eoa]|ça)\b"
    r"|\b(?:léelo|dilo|léela|leggil[oa]|dill[oa])\b"
    r"|\b(?:en voz alta|à (?:voix haute|haute voix)|ad alta voce|em voz alta)\b"
    r"|\b(?:прочитай|скажи|озвучь)(?: (?:это|его|её))?\W*$|[读念]出来|朗读|読み上げ",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    r"\b(?:in writing|written|as (?:a )?text|por escrito|par écrit|schriftlich|per iscritto|письменно)\b|文字で|书面",
    re.IGNORECASE,
)
_HOW_TO_SAY = re.compile(
    r"\bhow (?:do (?:you|i|we)|would (?:you|i)) (?:say|write)\b|\bwie (?:sagt man|heißt)\b"
    r"|\bcomment (?:dit-on|on dit)\b|\bcómo se dice\b|\bcome si dice\b|\bcomo se diz\b|\bhoe zeg je\b"
    r"|\bjak (?:jest|się mówi|powiedzieć)\b|как (?:будет|сказать)|怎么说|何と言",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"^(?:(?:me|mir|moi|mi|uns|nous|мне|нам)\W+)?(?:what|when|who|where|which|how|qué|cuándo|quién|dónde|ce que|ce qu'"
    r"|quand|qui"
    r"|où|was|wann|wer|wo|welche\w*|cosa|che cosa|quando|chi|dove|o que|quem|onde|что|когда|кто|где)(?!\w)",
    re.IGNORECASE,
)
"""What a question begins with: "say when it starts" asks for an answer, not for these words."""
_SING = re.compile(
    r"\b(?:sing|chant|croon|belt out|hum|perform|canta(?:me)?|cántame|chante(?:-moi)?|sing(?:e)?(?: mir)?|cantami"
    r"|cante|zing|zaśpiewaj|спой|пропой)\b"
    r"(?:\s+(?:me|us|for me|to me|for us|the (?:line|words|lyrics)|these (?:words|lyrics)|this))*[\s,:：]*(?P<rest>.+)$"
    r"|(?:唱出来?|给我唱|唱)(?:：)?(?P<dense>.+)$",
    _FLAGS,
)
_ANY_SONG = re.compile(
    r"^\W*(?:(?:me|us|mal|mir|moi|para mim|for (?:me|us)|to (?:me|us))\W*)*(?:(?:a|an|any|some|una|un|une|ein|eine|uma?"
    r"|首|一首)?\s*"
    r"(?:song|tune|lullaby|something|anything|canción|algo|chanson|quelque chose|etwas|was|lied|canzone|qualcosa|música"
    r"|歌|песню|что-нибудь)?)(?:\W+(?:for|to) (?:me|us))?\W*$",
    _FLAGS,
)
"""Asks to be sung to, without words."""
_MANNER = re.compile(
    r"[\s,]*\b(?:(?:very |really )?(?:slowly|quickly|fast|loudly|softly|aloud|out loud|calmly|clearly)|twice as fast"
    r"|at half speed"
    r"|(?:in|with|using) (?:a|an|the|your|my|his|her|this|that|the same)\b[^,.]*?\b(?:voice|accent|tone|style)\b.*"
    r"|(?:in|with|using) (?:the )?(?:voice \S+|\S+['’]s voice)"
    r"|(?:con|avec|mit|com|usando) (?:la |una? |le |der |einer? |a |uma? |as? )?(?:\S+ )?"
    r"(?:voz|voix|\w*stimme|voce)\b.*"
    r"|in (?:english|french|german|spanish|italian|portuguese|chinese|japanese|russian|korean|dutch|polish|turkish)"
    r"|as (?:a )?(?:voice (?:message|note)|audio|speech)|(?:to|for) (?:me|us)|en voz alta|à (?:voix haute|haute voix)"
    r"|laut vor"
    r"|vor|ad alta voce|em voz alta|вслух)[.!]*$",
    _FLAGS,
)
_ONLY_ALOUD = re.compile(
    r"^\W*(?:(?:(?:aloud|out|loud|laut|vor|bitte|please|allen|en voz alta|à (?:voix haute|haute voix)|ad alta voce"
    r"|em voz alta"
    r"|вслух)\W*)+|(?:to|for|für|pour|para|per|для) (?:\w+\W*){1,4}$)+$"
    r"|^\W*(?:aloud|out loud|to everyone|for everyone)\b(?! is\b| who\b)",
    re.IGNORECASE,
)
"""What is left of "read that aloud for everyone": no words of its own."""
_BACK = re.compile(
    r"^\W*(?:(?:to )?(?:him|her|them|me|us) )?(?:it|that|this|these|them|(?:the|your|my|that|this) (?:result|text"
    r"|answer|translation|transcript|description"
    r"|caption|words?"
    r"|summary|list)"
    r"|what (?:it says|you (?:got|hear|see))|ça|ceci|dies|questo|esto|isto|这个|これ|lo|eso|el resultado|la descripción"
    r"|le résultat|la description|es"
    r"|das(?: ergebnis)?"
    r"|a tradução|la traduc(?:ción|tion)|die übersetzung|la traduzione|de vertaling|перевод|die beschreibung"
    r"|il risultato|la descrizione|isso|o resultado|это|результат|описание|结果|描述|它|それ|結果)"
    r"(?:\W+(?:back|aloud|out|loud|out loud|again|here|now|please|bitte|laut|vor|allen|as (?:a )?\w+(?: \w+)?"
    r"|(?:to|for|für|pour|para|per|для|voor) (?:\w+ ){0,3}\w+|a tod[oa]s|a tutti|à tous"
    r"|en voz alta"
    r"|à (?:voix haute|haute voix)|ad alta voce|em voz alta|вслух|出来|を.{0,12}))*\W*$",
    _FLAGS,
)
_WORDS_BACK = re.compile(
    r"\b(?:it|that|this|last|your|the same|le même|lo mismo|dasselbe|das gleiche|lo stesso|o mesmo"
    r"|(?:the|that) (?:translation|transcript(?:ion)?|text|sentences?|answer|description|caption"
    r"|words|result|reply)|lo|eso|la traducción|el texto|la respuesta|la descripción|ça|la traduction|le texte"
    r"|la réponse"
    r"|la description|das|die (?:übersetzung|antwort|beschreibung)|den (?:text|satz)|la traduzione|il testo|la risposta"
    r"|la descrizione|isso|a tradução|o texto|a resposta|a descrição|это|перевод|текст|ответ|описание)\b"
    r"|它|上面|译文|翻译结果|那段文字|それ|訳文|翻訳結果",
    re.IGNORECASE,
)
_MAKE = (
    r"draw|paint|sketch|illustrate|doodle|render|depict|make|create|generate|produce|synthesize|compose|write|play"
    r"|design"
    r"|give|send|show|imagine|visuali[sz]e|simulate|imitate|get|conjure up|recreate|cook up|drop|need|want|hear|like"
    r"|have"
    r"|dibuja(?:me)?|pinta|crea|genera|haz|quiero(?: oír)?|compón|dessine(?:-moi)?|peins|crée|génère|fais|je veux"
    r"|compose"
    r"|zeichne|male?|erstelle|erzeuge|generiere|mach|ich (?:will|brauche|möchte)|komponiere|disegna|dipingi|fai"
    r"|voglio|componi"
    r"|desenh[ae]|pinte|cri[ae]|ger[ae]|faça|faz|quero|нарисуй|изобрази|создай|сгенерируй|сделай|хочу|сочини"
)
_THING = (
    r"pictures?|images?|photos?|pics?|drawings?|paintings?|illustrations?|sketch|artwork|sounds?|sound effects?|sfx"
    r"|audio(?: clip)?"
    r"|noises?|ambien(?:ce|t track)|soundscape|effect|recording|imagen|dibujo|foto|sonido|efecto de sonido|ruido"
    r"|une image"
    r"|dessin|son|bruit|effet sonore|bild|zeichnung|geräusch|soundeffekt|klang|immagine|disegno|suono|rumore|imagem"
    r"|desenho"
    r"|som|barulho|картинк[уа]|рисунок|звук|шум"
)
_LEAD = re.compile(
    rf"^(?:i(?:'d| would)? )?(?:(?:{_MAKE})\b(?:[\s-]+(?:me|us|to hear|please|moi|mir|uns|mi|nous|for me))*)?"
    rf"\s*(?:of\s+)?"
    rf"(?:(?:a|an|the|some|el|la|un|una|le|l'|une|ein|eine|einen|das|die|der|il|lo|uno|um|uma|o)\s+)?"
    rf"(?:(?:{_THING})\b\s*(?:of|with|showing|from|for|de(?:l)?|d'|du|von|vom|di|do|da|с)?\s*"
    rf"(?:(?:the sound of)\s+)?)?[:,\s]*",
    _FLAGS,
)
_ANYTHING = (
    r"something|anything|whatever|stuff|things?|some|any|an?|the|me|us|for|of|effects?|clip|track|random|nice|cool"
    r"|funny"
    r"|please|etwas|was|irgend\w*|einen?|ein|das|bitte|mir|nettes|schönes|quelque chose|n'importe quoi|une?|le|moi"
    r"|algo|cualquier cosa|un[oa]?|el|por favor|qualcosa|qualsiasi cosa|per favore|alguma coisa|qualquer coisa|uma?"
    r"|что-нибудь|что-то|мне|пожалуйста|какой-нибудь|какую-нибудь"
)
_NOTHING = re.compile(rf"(?:\b(?:{_MAKE}|{_THING}|{_ANYTHING})\b\W*)*", _FLAGS)
_DENSE_NOTHING = re.compile(
    r"(?:请|帮我|给我|我想要?|来|画|绘制|生成|制作|做|弄|点|一?[个张段些幅种]|什么|随便|东西|声音|音效|图片?|图像|吧"
    r"|出|下"
    r"|何か|なにか|音|効果音|絵|画像|を|作って|描いて|生成して|ください|お願いします|[\s。、！!])*"
)
_DENSE_LEAD = re.compile(
    r"^(?:我想(?:要|听)|帮我|给我|请)?(?:画|绘制|生成|制作|创作|写|做|来)?(?:一(?:段|首|张|个|只|幅))?"
)
_DENSE_TAIL = re.compile(
    r"(?:の(?:音|効果音|環境音|絵|画像|イラスト))?を?(?:作って|生成して|描いて|聞かせて|作曲して).*$|的(?:声音|音效"
    r"|图片|画)$"
)
_TARGETS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(p, _FLAGS)
    for p in (
        r"(?:everything|nothing|all(?: other sounds)?|the rest) (?:except|but|apart from"
        r"|other than)(?: for)? (?P<t>.+)",
        r"\b(?:moment|second|instant|spot|point) (?:that |when |where |at which )?(?=the|a\b|an\b|my\b)(?P<t>.+)",
        r"(?:todo menos|tout sauf|alles außer|tutto tranne|tudo menos|всё,? кроме) (?P<t>.+)",
        r"\b(?:at (?:what|which) (?:time|second|point)|when|where(?:'s)?|how often)\b.*?\b(?:does|do|did|can i hear"
        r"|is there|is|are"
        r"|do we hear|comes)\b (?P<t>.+)",
        r"\b(?:is|are) there (?:(?:a|an|any|some)\b )?(?P<t>.+)",
        r"^\W*(?:où|wo|wann|dónde|donde|dove|onde|где|когда)\b"
        r"(?: (?:est|sont|y a-t-il|est-ce qu[e']|ist|sind|hört man|gibt es|están?|hay|c'è|ci sono|è|sono|está|estão|há"
        r"|слышн[оаы]|звучит))?\b"
        r"\s*(?P<t>.+)",
        r"^\W*(?:cuándo|quand|quando)\b(?: (?:est-ce qu[e']|se oye|si sente|se ouve|suena|toca))?\s*(?P<t>.+)",
        r"^(?P<t>.+?)(?:在)?(?:什么时候|在哪里|在哪儿|什么时间)",
        r"\b(?:time(?:s|stamps?)?|moments?|seconds|occurrence|spot) (?:of|for|when|with)(?: every| each)? (?P<t>.+)",
        r"\b(?:extract|isolate|keep|leave|pull(?: out)?|pick(?: out)?|single out|solo|find|locate|spot|detect"
        r"|search for|look for|hear"
        r"|get(?! rid)|fish|take|pluck|dig out|mark)\b(?: only| just| me| out)* (?P<t>.+)",
        r"\b(?:extrae|aísla|saca|deja|suena|se oye|encuentra|busca|extrais|isole|garde|entend-on|trouve|extrahiere"
        r"|isoliere|behalte"
        r"|hört man|finde|estrai|isola|tieni|si sente|extraia|ouve|toca|извлеки|выдели|оставь|слышно|звучит|найди)\b"
        r"(?: solo| só| nur| seulement| только)? (?P<t>.+)",
        r"(?:提取|分离出|只保留|抽出|听到|出现|找出)(?P<t>.+)",
        r"\b(?:(?:only |just )?(?:care about|interested in|want|need)|only|just) (?:the )?(?P<t>.+)",
        r"\b(?:remove|get rid of|take (?:out|away|off)|mute|silence|lose|kill|delete|erase|edit out|cut out|without"
        r"|minus"
        r"|drop|filter out|entferne|nimm|lösch\w*|mach|ohne|enlève|supprime|coupe|retire|sans|quita|elimina|silencia"
        r"|sin"
        r"|tire?|remov[ae]|apaga|sem|togli|rimuovi|senza|haal|verwijder|zonder|usuń|wytnij|wycisz|убери|удали|вырежь"
        r"|заглуши)"
        r"\b (?:all )?(?P<t>.+)",
        r"\b(?:houd|laat|bewaar|isoleer|zostaw|zachowaj|wydobądź|wyodrębnij|вытащи|hol|zieh|sors|laisse)\b"
        r"(?: alleen| tylko| только| nur| seulement)? (?P<t>.+)",
        r"\b(?:nur|seulement|solo|só|alleen|tylko|только)\b (?P<t>.+)",
        r"(?:去掉|删除|消除|只保留|只要|只留下?)(?P<t>.+)",
        r"^(?P<t>.+?)(?:だけ|の音だけ|を取り出|を抽出|を消|を取り除|を除去|は(?:いつ|何秒|どこ))",
    )
)
_WHEN_IT = re.compile(
    r"\b(?:when|where|at (?:what|which) (?:time|second|point)|how often)\b(?: (?:does|do|did|can))?"
    r" (?:it|that|they|he|she|i hear it)\b"
    r"|\bcuándo (?:ocurre|suena|se oye)\W*$|\bquand (?:il|elle|ça|on l)|\bwann (?:er|sie|es|das)\b"
    r"|\bquando (?:si sente|succede|suona|toca|acontece)\W*$|什么时候出现|いつ(?:鳴|聞こえ)|когда (?:он|она|оно|это)\b",
    re.IGNORECASE,
)
_SOUND_OF = re.compile(
    r"\b(?:(?:the|an?|any|every|all|that|le|la|les|un|une|el|los|il|lo|un|o|os|um|das|die|ein|het|een)\s+)?"
    r"(?:(?:sounds?|noises?|sound events?) (?:of|from|made by)"
    r"|(?:sons?|bruits?) (?:des?|du|d['’])|(?:sonidos?|ruidos?) del?"
    r"|(?:suon[oi]|rumor[ei]) (?:di|del(?:la|l['’]|lo)?|dei)|(?:sons?|som|barulhos?|ruídos?) d[eoa]s?"
    r"|(?:geräusch\w*|klang|klänge) (?:von|vom|de[rs]|eine[rs])|geluid(?:en)? van"
    r"|dźwięk\w*|звук\w*)\s*(?:(?:the|an?|la|le|les|l['’]|el|los|las|una?|une|il|lo|gli|o|a|os|as|de[rnm]|die|das|het"
    r"|een)\s+|l['’])?",
    re.IGNORECASE,
)
"""What only says that a sound is meant, before what it is of."""
_TARGET_END = re.compile(
    r"\s*(?:[,.;?!，。？]|\b(?:in|on|from|out of|of)\b (?:this|the|my|it|that|here|audio)\b|\b(?:from|of) it\b"
    r"|\bout of\b|\bseparately\b"
    r"|\b(?:heraus|raus|weg|eruit|over|met rust|out|off|away)\W*$|\b(?:uit (?:de|dit|deze)|z nagrania"
    r"|dalla registrazione|da gravação"
    r"|de la grabación|de l\'enregistrement|с записи)\b|\b(?:and|y|et|und|e|и) (?:drop|remove|mute|throw|silence"
    r"|delete|discard|leave|quita|enlève|entferne|togli|tira"
    r"|убери|when|at|tell|where)\b"
    r"|\b(?:occurs?|happens?|starts?|begins?|sounds?|only|alone|solo|by itself|please|without)\b|\bdel? (?:audio"
    r"|la mezcla)\b"
    r"|\bde l'audio\b|\baus der\b|\bdall'audio\b|\bdo áudio\b|\bиз записи\b|的声音|的时间|を).*$",
    _FLAGS,
)
_ARTICLE = re.compile(
    r"^(?:the|a|an|any|every|each|my|el|la|los|las|le|les|l'|der|die|das|den|il|lo|gli|i|o|os|as|de|het)\s+|^l'",
    re.IGNORECASE,
)


def begun(text: str) -> str:
    """The request from its first own word on, without greetings and politeness."""
    return _DENSE_POLITE.sub("", _POLITE.sub("", text.strip()))


def bare(text: str) -> str:
    """The request without greetings, politeness and thanks around it."""
    text = begun(text)
    while (shorter := _TRAILING.sub("", text)) != text:
        text = shorter
    return text.strip()


def points_back(text: str) -> bool:
    """Whether what is to be said or drawn is only pointed at: "it", "the result"."""
    return not text.strip(" .!?。") or bool(_BACK.match(text))


def names_words(text: str) -> bool:
    """Whether a request is about words that were said before: "it", "the translation"."""
    return bool(_WORDS_BACK.search(text))


def quoted_or_given(text: str) -> str:
    """The quoted words, else what follows a colon, else nothing."""
    quotes = quotations(text)
    return "\n".join(quotes) if quotes else given_text(text)


def words_to_say(text: str) -> str:
    """The words after "say", "read aloud" and the like; empty when there are none of its own."""
    own = quoted_or_given(begun(text))
    if own:
        return own
    dense = _QUOTED_DENSE.match(text.strip())
    if dense:
        return dense["dense"].strip()
    text = _VOICE_FIRST.sub("", text)
    match = _SAY.search(bare(text))
    told = _TELL.search(bare(text))
    if match is None or (told is not None and told.start() <= match.start()):
        match = told
    if match is None:
        return ""
    rest = match["rest"]
    while (shorter := _MANNER.sub("", rest)) != rest:
        rest = shorter
    rest = rest.rstrip(" ?") if _ASKS_FOR.match(text) else rest
    rest = "" if _ASKS_TO_SAY_IT.match(rest) else rest
    return "" if points_back(rest) or _ONLY_ALOUD.match(rest) else rest.strip(" ,")


def commands_to_say(text: str) -> bool:
    """Whether a message begins with a plain command to say words of its own: "say good night and sweet dreams"."""
    plain = _VOICE_FIRST.sub("", bare(text))
    match = _COMMAND.search(plain)
    rest = (match["rest"] or match["dense"]) if match else ""
    rest = rest or ("" if quoted_or_given(text) or not (dense := _QUOTED_DENSE.match(plain)) else dense["dense"])
    return bool(rest) and not points_back(rest) and not _ASKED.match(rest)


def has_manner(text: str) -> bool:
    """Whether a request says at its end how it is to be done: "in my voice", "in French", "slowly"."""
    return bool(_MANNER.search(bare(text)))


def in_writing(text: str) -> bool:
    """Whether words are wanted to be read: "say in Spanish, written: ..."."""
    return bool(_WRITTEN.search(masked(text)))


def asks_how_to_say(text: str) -> bool:
    """Whether it is asked what words are in another language: "how do you say ..."."""
    return bool(_HOW_TO_SAY.search(text))


def says_it(text: str) -> bool:
    """Whether a part of a request has something said that stands beside it: "and read it aloud"."""
    return bool(_SAYS_IT.search(text))


def commands_to_translate(text: str) -> bool:
    """Whether a message begins with a plain command to translate."""
    return bool(_TRANSLATE.search(bare(text)))


def lyrics(text: str) -> str:
    """The words to sing; empty when there are none of its own."""
    labelled = re.search(
        r"\blyrics?\s*[:：]\s*(.+?)(?:[.;\n]\s*(?:melody|notes|tune|tempo|durations)\b|$)", text, _FLAGS
    )
    own = labelled[1] if labelled else quoted_or_given(text)
    if own:
        return own.strip()
    match = _SING.search(bare(text))
    rest = (match["rest"] or match["dense"] or "") if match else ""
    rest = without_manner(rest)
    return "" if points_back(rest) or _ANY_SONG.match(rest) else rest.strip(" ,.")


def description(text: str) -> str:
    """What a picture, a sound or a piece of music should be, without the words that ask for it."""
    own = quoted_or_given(text)
    if own and len(own) > 8:
        return own
    plain = bare(text)
    short = _LEAD.sub("", plain, count=1)
    short = _DENSE_TAIL.sub("", _DENSE_LEAD.sub("", short)) if not plain.isascii() else short
    short = re.sub(
        r",? as (?:an? )?(?:audio(?: clip)?|sound(?: effect)?|picture|image|drawing)\W*$", "", short, flags=_FLAGS
    )
    short = without_times(short).strip(" .!,:，。")
    return short or own or plain


def describes_nothing(text: str) -> bool:
    """Whether a request for a picture or a sound leaves open what is to be seen or heard: "draw something"."""
    plain = bare(text).strip()
    return bool(_NOTHING.fullmatch(plain) or _DENSE_NOTHING.fullmatch(plain))


def asks_when(text: str) -> bool:
    """Whether it is asked when something happens that is only pointed at: "tell me when it occurs"."""
    return bool(_WHEN_IT.search(text))


def target_sound(text: str) -> str:
    """The sound that is to be found or taken out; empty when none is named."""
    own = quoted_or_given(text)
    if own:
        return own
    plain = _SOUND_OF.sub("", bare(text))
    for pattern in _TARGETS:
        match = pattern.search(plain)
        if match:
            if describes_nothing(match["t"]):
                return ""
            name = _ARTICLE.sub("", _TARGET_END.sub("", match["t"]).strip())
            if name and not points_back(name):
                return name.strip(" ,.?!")
    name = _ARTICLE.sub("", _TARGET_END.sub("", plain))
    return "" if points_back(name) or describes_nothing(name) else name.strip(" ,.?!")
