"""Names of languages in nine languages, as ISO 639-1 codes."""

from __future__ import annotations

import re
from functools import lru_cache

from core import sayings
from core.languages import NAMES

_NAMES = {
    "en": "english inglés anglais englisch englische inglese inglês"
    " 英语 英文 英語 английский английского engels angielski angielsku",
    "es": "spanish español espagnol spanisch spanische spagnolo espanhol"
    " 西班牙语 西班牙文 スペイン語 испанский spaans hiszpański hiszpańsku",
    "fr": "french francés français francais französisch französische francese"
    " francês 法语 法文 フランス語 французский frans francuski francusku",
    "de": "german alemán allemand deutsch deutsche tedesco alemão"
    " 德语 德文 ドイツ語 немецкий duits niemiecki niemiecku",
    "it": "italian italiano italien italienisch italienische 意大利语"
    " 意大利文 イタリア語 итальянский italiaans włoski włosku",
    "pt": "portuguese portugués portugais portugiesisch portoghese português"
    " 葡萄牙语 ポルトガル語 португальский portugees portugalski portugalsku",
    "zh": "chinese mandarin chino chinois chinesisch chinesische cinese chinês"
    " 中文 汉语 普通话 中国語 китайский chinees chiński chińsku",
    "ja": "japanese japonés japonais japanisch japanische giapponese japonês"
    " 日语 日文 日本語 японский japans japoński japońsku",
    "ru": "russian ruso russe russisch russische russo 俄语 俄文 ロシア語 русский rosyjski rosyjsku",
    "ko": "korean coreano coréen koreanisch koreanische 韩语 韩文 韓国語 корейский koreaans koreański koreańsku",
    "ar": "arabic árabe arabe arabisch arabische arabo 阿拉伯语 アラビア語 арабский arabski arabsku",
    "hi": "hindi 印地语 ヒンディー語 хинди",
    "nl": "dutch neerlandés holandés néerlandais niederländisch olandese holandês"
    " 荷兰语 オランダ語 голландский nederlands holenderski niderlandzki niderlandzku",
    "tr": "turkish turco turc türkisch türkische 土耳其语 トルコ語 турецкий turks turecki turecku",
    "pl": "polish polaco polonais polnisch polnische polacco polonês 波兰语 ポーランド語 польский pools polski polsku",
    "sv": "swedish sueco suédois schwedisch schwedische svedese"
    " 瑞典语 スウェーデン語 шведский zweeds szwedzki szwedzku",
    "uk": "ukrainian ucraniano ukrainien ukrainisch ucraino"
    " 乌克兰语 ウクライナ語 украинский oekraïens ukraiński ukraińsku",
    "el": "greek griego grec griechisch greco grego 希腊语 ギリシャ語 греческий grieks grecki grecku",
    "cs": "czech checo tchèque tschechisch ceco 捷克语 チェコ語 чешский tsjechisch czeski czesku",
    "da": "danish danés danois dänisch danese 丹麦语 デンマーク語 датский",
    "no": "norwegian noruego norvégien norwegisch norvegese 挪威语 ノルウェー語 норвежский",
    "fi": "finnish finés finnois finnisch finlandese 芬兰语 フィンランド語 финский",
    "he": "hebrew hebreo hébreu hebräisch ebraico 希伯来语 ヘブライ語 иврит",
    "vi": "vietnamese vietnamita vietnamien vietnamesisch 越南语 ベトナム語 вьетнамский",
    "th": "thai tailandés thaï thailändisch 泰语 タイ語 тайский",
    "id": "indonesian indonesio indonésien indonesisch 印尼语 インドネシア語 индонезийский",
    "ro": "romanian rumano roumain rumänisch rumeno 罗马尼亚语 ルーマニア語 румынский",
    "hu": "hungarian húngaro hongrois ungarisch ungherese 匈牙利语 ハンガリー語 венгерский",
    "ca": "catalan catalán katalanisch catalano 加泰罗尼亚语 カタロニア語 каталанский",
    "la": "latin latín lateinisch latino 拉丁语 ラテン語 латинский",
}
_ENDONYMS = {
    "en": "영어 ingilizce engelska", "es": "스페인어 ispanyolca spanska", "fr": "프랑스어 fransızca franska",
    "de": "독일어 almanca tyska", "it": "이탈리아어 italyanca italienska", "pt": "포르투갈어 portekizce portugisiska",
    "ru": "러시아어 rusça ryska", "zh": "중국어 çince kinesiska", "ja": "일본어 japonca japanska",
    "ko": "한국어 korece koreanska", "tr": "터키어 türkçe turkiska", "sv": "스웨덴어 isveççe svenska",
    "pl": "폴란드어 lehçe polska", "nl": "네덜란드어 felemenkçe nederländska", "ar": "아랍어 arapça arabiska",
    "uk": "우크라이나어 ukraynaca українська українською", "el": "그리스어 yunanca grekiska",
}  # fmt: skip
"""What speakers of Korean, Turkish and Swedish call them."""
_INTO = re.compile(
    r"(?:\b(?:to|into|in|al|en|a|au|ins|auf|para|pro|naar|na|на|po)\s+(?:the\s+|het\s+|el\s+|il\s+|o\s+)?|по-"
    r"|[成为用])$",
    re.IGNORECASE,
)


_ENDINGS = (
    (re.compile("(?<=sch)$"), ("e", "en")),
    (re.compile("ий$"), ("ого", "ом", "и")),
    (re.compile("(?<=[cç][ae])$"), ("ye", "ya", "den", "dan")),
)
"""How German, Russian and Turkish names end: "aus dem Deutschen", "с немецкого", "по-немецки", "türkçeye"."""


def _told() -> dict[str, str]:
    """Codes by names, as they are told to people and as these write them."""
    told_in = [sayings.language(code) for code in sayings.LANGUAGES]
    codes = {language.term(name).lower(): code for language in told_in for code, name in NAMES.items()}
    codes |= {name: code for table in (_NAMES, _ENDONYMS) for code, names in table.items() for name in names.split()}
    inflected = {
        end.sub(other, name): code
        for name, code in codes.items()
        for end, others in _ENDINGS
        if end.search(name)
        for other in others
    }
    return inflected | codes


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], re.Pattern[str]]:
    codes = _told()
    names = sorted(codes, key=len, reverse=True)
    plain = "|".join(re.escape(n) for n in names if n.isascii() or ord(n[0]) < 0x2E80)
    dense = "|".join(re.escape(n) for n in names if ord(n[0]) >= 0x2E80)
    return codes, re.compile(rf"(?<!\w)(?:{plain})(?!\w)|{dense}", re.IGNORECASE)


def places(text: str) -> list[tuple[str, int]]:
    """The languages that a text names, in order: code, and where the name begins."""
    codes, pattern = _table()
    return [(codes[match[0].lower()], match.start()) for match in pattern.finditer(text)]


def languages(text: str) -> list[tuple[str, bool]]:
    """The languages that a text names, in order: code, and whether it is named as the one to turn something into."""
    codes, pattern = _table()
    found = []
    for match in pattern.finditer(text):
        after = text[match.end() : match.end() + 1]
        into = bool(_INTO.search(text[: match.start()])) or (after in "にへ로" and after != "")
        found.append((codes[match[0].lower()], into))
    return found


def without_languages(text: str) -> str:
    """The text without the names of languages in it."""
    return _table()[1].sub(" ", text)


def retargeted(text: str, other: str) -> str:
    """The text with its last name of a language replaced by the last one of another text; empty where it has none."""
    pattern = _table()[1]
    names, wanted = list(pattern.finditer(text)), pattern.findall(other)
    return f"{text[: names[-1].start()]}{wanted[-1]}{text[names[-1].end() :]}" if names and wanted else ""


def into(text: str, code: str) -> str:
    """A request to translate that names no language, with one: before the text where a colon leads to it."""
    lead, colon, rest = text.partition(":")
    return f"{lead.rstrip()} into {NAMES[code]}{colon}{rest}" if colon else f"{text.rstrip(' .!')} into {NAMES[code]}"


def target_language(text: str) -> str | None:
    """The language to translate into or to speak; None when the text names none."""
    named = languages(text)
    into = [code for code, is_target in named if is_target]
    if into:
        return into[-1]
    return named[-1][0] if named else None


def source_language(text: str) -> str | None:
    """The language that something is in: named, but not as the one to turn it into."""
    return next((code for code, is_target in languages(text) if not is_target), None)
