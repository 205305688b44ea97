"""Instruments that a person may name in nine languages: their General MIDI program and what they do in a piece."""

from __future__ import annotations

from dataclasses import dataclass

from core.models.music._wording import Words


@dataclass(frozen=True, slots=True)
class Instrument:
    """A sound of the soundfont."""

    name: str
    program: int
    roles: tuple[str, ...]
    """What it can do, best first: `lead`, `comp`, `pad`, `bass`, `drums`."""
    octave: int = 0
    """Octaves that its melodies lie above the middle."""


_ALL = ("comp", "lead", "bass")
_LEAD = ("lead",)
INSTRUMENTS = {
    i.name: i
    for i in (
        Instrument("piano", 0, _ALL),
        Instrument("electric piano", 4, _ALL),
        Instrument("harpsichord", 6, _ALL),
        Instrument("celesta", 8, ("lead", "comp"), 1),
        Instrument("glockenspiel", 9, _LEAD, 1),
        Instrument("music box", 10, ("lead", "comp"), 1),
        Instrument("vibraphone", 11, ("lead", "comp")),
        Instrument("marimba", 12, ("lead", "comp")),
        Instrument("bells", 14, ("lead", "comp")),
        Instrument("organ", 16, ("comp", "pad", "lead", "bass")),
        Instrument("church organ", 19, ("comp", "pad", "lead", "bass")),
        Instrument("accordion", 21, ("lead", "comp")),
        Instrument("harmonica", 22, _LEAD),
        Instrument("guitar", 24, _ALL),
        Instrument("steel guitar", 25, _ALL),
        Instrument("electric guitar", 27, ("comp", "lead")),
        Instrument("distorted guitar", 30, ("comp", "lead")),
        Instrument("double bass", 32, ("bass",)),
        Instrument("bass", 33, ("bass",)),
        Instrument("violin", 40, _LEAD, 0),
        Instrument("viola", 41, _LEAD),
        Instrument("cello", 42, ("lead", "bass"), -1),
        Instrument("strings", 48, ("pad", "lead", "comp", "bass")),
        Instrument("harp", 46, ("comp", "lead", "bass")),
        Instrument("timpani", 47, ("bass",)),
        Instrument("choir", 52, ("pad", "lead")),
        Instrument("trumpet", 56, _LEAD),
        Instrument("trombone", 57, _LEAD, -1),
        Instrument("horn", 60, ("lead", "pad"), -1),
        Instrument("brass", 61, ("comp", "lead", "pad")),
        Instrument("tuba", 58, ("bass",)),
        Instrument("saxophone", 66, _LEAD),
        Instrument("oboe", 68, _LEAD),
        Instrument("bassoon", 70, ("lead", "bass"), -1),
        Instrument("clarinet", 71, _LEAD),
        Instrument("piccolo", 72, _LEAD, 1),
        Instrument("flute", 73, _LEAD),
        Instrument("recorder", 74, _LEAD, 1),
        Instrument("whistle", 78, _LEAD, 1),
        Instrument("square wave", 80, ("lead", "comp")),
        Instrument("synthesizer", 81, ("lead", "comp", "pad")),
        Instrument("synth bass", 38, ("bass",)),
        Instrument("pad", 89, ("pad",)),
        Instrument("sitar", 104, _LEAD),
        Instrument("banjo", 105, ("comp", "lead")),
        Instrument("koto", 107, ("lead", "comp")),
        Instrument("bagpipe", 109, _LEAD),
        Instrument("fiddle", 110, _LEAD),
        Instrument("ukulele", 24, ("comp", "lead")),
        Instrument("mandolin", 25, ("comp", "lead"), 1),
        Instrument("steel drums", 114, ("lead", "comp")),
        Instrument("drums", 0, ("drums",)),
    )
}

NAMED = Words(
    {
        "electric piano": "electric_piano* e-piano rhodes wurlitzer e-klavier* piano_électrique piano_eléctrico "
        "piano_elettrico piano_elétrico электропиано 电钢琴 エレピ エレクトリックピアノ",
        "piano": "piano* klavier* flügel pianoforte фортепиано пиано рояль* пианино 钢琴 鋼琴 ピアノ",
        "harpsichord": "harpsichord* cembalo clavecin clave clavicembalo clavecín cravo клавесин* 羽管键琴 チェンバロ",
        "celesta": "celesta celeste челеста チェレスタ",
        "glockenspiel": "glockenspiel* xylophone* xylophon xilófono xilofono ксилофон* 木琴 グロッケン",
        "music box": "music_box* spieluhr boîte_à_musique caja_de_música caixa_de_música carillon "
        "музыкальн*_шкатулк* 八音盒 音乐盒 オルゴール",
        "vibraphone": "vibraphone* vibes vibraphon vibráfono vibrafone vibrafono вибрафон* 颤音琴 ヴィブラフォン",
        "marimba": "marimba* маримб* 马林巴 マリンバ",
        "bells": "bell bells glocken cloches campanas sinos campane колокол* 钟声 鐘",
        "church organ": "church_organ* pipe_organ* kirchenorgel orgue_d'église órgano_de_iglesia церковн*_орган* "
        "管风琴 "
        "パイプオルガン",
        "organ": "organ organs hammond orgel orgue* órgano órgão organo орган* 风琴 オルガン",
        "accordion": "accordion* akkordeon* accordéon* acordeón* acordeão fisarmonica аккордеон* баян* 手风琴 "
        "アコーディオン",
        "harmonica": "harmonica mundharmonika armónica gaita_de_boca armonica губн*_гармошк* 口琴 ハーモニカ",
        "distorted guitar": "distorted_guitar* distortion_guitar* heavy_guitar* verzerrte_gitarre* guitare_saturée",
        "electric guitar": "electric_guitar* e-gitarre* e-guitar guitare*_électrique* guitarra*_eléctrica* "
        "guitarra*_elétrica* chitarra*_elettrica* электрогитар* 电吉他 エレキギター エレキ",
        "guitar": "guitar guitars nylon gitarre* guitare* guitarra* chitarra* violão гитар* 吉他 ギター",
        "ukulele": "ukulele* укулеле 尤克里里 ウクレレ",
        "mandolin": "mandolin* mandoline mandolina bandolim мандолин* 曼陀林 マンドリン",
        "banjo": "banjo* банджо 班卓琴 バンジョー",
        "synth bass": "synth_bass synthbass 808_bass 808 synthbässe",
        "double bass": "double_bass upright_bass kontrabass contrebasse contrabajo contrabaixo contrabbasso "
        "контрабас* 低音提琴 コントラバス ウッドベース",
        "bass": "bass bass_guitar bassgitarre basse bajo baixo basso бас бас-гитар* бас-гитара 贝斯 ベース",
        "fiddle": "fiddle*",
        "violin": "violin violins geige* violine* violon* violín* violino* скрипк* 小提琴 バイオリン ヴァイオリン",
        "viola": "viola* bratsche* alto_violon альт* 中提琴 ヴィオラ",
        "cello": "cello* celli violoncell* violoncelle* violonchelo* violoncelo* виолончел* 大提琴 チェロ",
        "strings": "strings string_section string_quartet* streicher* cordes cuerdas cordas archi quatuor "
        "струнн* 弦乐 弦楽 ストリングス",
        "harp": "harp harps harfe* harpe* arpa* harpa* арф* 竖琴 ハープ",
        "timpani": "timpani pauken timbales timbal tímpanos литавр* 定音鼓 ティンパニ",
        "choir": "choir* chorus_of_voices chor chœur choeur coro coral хор хором 合唱 コーラス",
        "trumpet": "trumpet* trompete* trompette* trompeta* tromba труб* 小号 トランペット",
        "trombone": "trombone* posaune* trombón тромбон* 长号 トロンボーン",
        "horn": "horn french_horn* waldhorn cor cors trompa corno валторн* 圆号 ホルン",
        "brass": "brass horns horn_section bläser* blechbläser cuivres metales metais ottoni медн* духов* 铜管 "
        "ブラス 金管",
        "tuba": "tuba* туб* 大号 チューバ",
        "saxophone": "saxophone* sax saxes saxofon saxophon* saxofón saxofone sassofono саксофон* 萨克斯 サックス",
        "oboe": "oboe* hautbois гобо* 双簧管 オーボエ",
        "bassoon": "bassoon* fagott* basson fagot fagote фагот* 大管 巴松 ファゴット",
        "clarinet": "clarinet* klarinette* clarinette* clarinete* clarinetto кларнет* 单簧管 クラリネット",
        "piccolo": "piccolo*",
        "recorder": "recorder blockflöte* flûte_à_bec flauta_dulce flauta_doce 竖笛 リコーダー",
        "flute": "flute* flöte* flûte* flauta* flauto флейт* 长笛 笛子 フルート",
        "whistle": "tin_whistle whistle pfeife",
        "square wave": "square_wave* chip_lead",
        "synthesizer": "synth* synthesizer* synthétiseur* sintetizador* sintetizzatore* синтезатор* 合成器 シンセ",
        "pad": "pad pads synth_pad* flächen",
        "sitar": "sitar* ситар* 西塔琴 シタール",
        "koto": "koto кото 古筝 琴 箏 お琴",
        "bagpipe": "bagpipe* dudelsack cornemuse gaita cornamusa волынк* 风笛 バグパイプ",
        "steel drums": "steel_drum* steelpan* steel_pan*",
        "drums": "drum drums drumkit drum_kit percussion beat beats schlagzeug* perkussion batterie percussions "
        "batería percusión bateria percussão percussioni ударн* барабан* перкусси* 鼓 打击乐 ドラム 太鼓 打楽器",
    }
)
"""Longer names come before the ones that they contain."""
