"""The words of a description in nine languages: genres, moods, tempi, sections, endings, and what is not wanted."""

from __future__ import annotations

import re

from core.models.music._wording import Words

GENRES = Words(
    {
        "drum and bass": "drum_and_bass drum_and_bass_music drum'n'bass drum_n_bass drum_&_bass dnb jungle "
        "драм-н-бейс ドラムンベース",
        "lo-fi": "lo-fi lofi lo_fi chillhop chill-hop лоу-фай лофай ローファイ 低保真",
        "hip-hop": "hip-hop hiphop hip_hop rap trap boom_bap boom-bap рэп хип-хоп 嘻哈 说唱 ヒップホップ トラップ",
        "bossa nova": "bossa_nova bossa bossanova samba latin latino salsa rumba босса-нова босса самба "
        "巴萨诺瓦 ボサノバ ボサノヴァ サンバ",
        "synthwave": "synthwave retrowave vaporwave synth-pop synthpop 80s eighties synth_pop синтвейв シンセウェーブ",
        "chiptune": "chiptune* 8-bit 8_bit 8bit 16-bit video_game* videogame* videospiel* game_music game_boy arcade "
        "nintendo jeu_vidéo videojuego* videogioco чиптюн* 8-бит* 芯片音乐 8位 电子游戏 チップチューン ゲーム "
        "8ビット ファミコン",
        "waltz": "waltz* walzer* valse* vals valses valzer valsa вальс* 华尔兹 圆舞曲 ワルツ",
        "tango": "tango* танго 探戈 タンゴ",
        "march": "march marching marsch* marche marches marcha marcia марш* 进行曲 行進曲 マーチ",
        "lullaby": "lullab* wiegenlied* schlaflied* berceuse* nana canción_de_cuna canción_para_dormir ninna_nanna "
        "ninnananna canção_de_ninar cantiga_de_ninar колыбельн* 摇篮曲 子守唄 子守歌 ララバイ",
        "metal": "metal heavy_metal thrash metalcore метал металл 金属乐 重金属 メタル ヘビメタ",
        "techno": "techno trance rave техно транс 铁克诺 テクノ トランス",
        "house": "house disco edm dance_music dance eurodance club_music tanzmusik хаус диско 浩室 迪斯科 电子舞曲 "
        "ハウス ディスコ",
        "reggae": "reggae ska dub регги рэгги 雷鬼 レゲエ",
        "funk": "funk funky soul motown r&b groove groovy фанк соул 放克 ファンク ソウル",
        "blues": "blues bluesy блюз* 蓝调 布鲁斯 ブルース",
        "jazz": "jazz* swing bebop big_band big-band джаз* свинг 爵士 ジャズ スウィング",
        "ambient": "ambient drone new_age meditation* meditative meditativ* méditation meditación meditação "
        "meditazione soundscape spa эмбиент медитац* 氛围 冥想 アンビエント 瞑想 ヒーリング",
        "orchestral": "orchestr* orchester* orquest* cinematic film_music film_score filmmusik soundtrack symphon* "
        "sinfon* trailer* epic epically episch* épique* épico épica epico epica movie hollywood оркестр* симфон* "
        "эпич* кинемат* 管弦 交响 史诗 电影 オーケストラ 交響 壮大 映画",
        "folk": "folk folksy acoustic akustisch* acoustique* acústic* acustic* country bluegrass celtic keltisch* "
        "celtique irish irisch* кантри фолк* народн* акустическ* 民谣 乡村 フォーク カントリー アコースティック",
        "rock": "rock rocky rock'n'roll rockabilly punk grunge indie рок панк 摇滚 ロック パンク",
        "classical": "classical classic* klassi* klassik* classique* clásic* clássic* sonat* nocturne prelude prélude "
        "baroque barock* etude étude mozart beethoven chopin bach debussy классич* классик* ноктюрн 古典 クラシック",
        "pop": "pop poppy popsong* поп 流行 ポップ ポップス",
    }
)

MOODS = Words(
    {
        "epic": "epic episch* épique* épic* epic* heroic heroisch* triumphant majestic grand powerful эпич* героич* "
        "史诗 壮大 勇壮",
        "sad": "sad sadly melanchol* mélancol* melancól* malincon* traurig* triste tristes tristement gloomy sorrow* "
        "mournful heartbreak* lonely nostalgic bittersweet emotional грустн* печальн* меланхол* тоскл* 悲伤 忧伤 伤感 "
        "悲しい 悲しく 切ない 哀しい 寂しい",
        "dark": "dark scary spooky creepy horror sinister eerie ominous düster* unheimlich* gruselig* sombre "
        "effrayant* "
        "oscur* sombrio sombria assustador* cupo cupa buio страшн* мрачн* темн* 黑暗 恐怖 阴森 暗い 怖い ホラー",
        "tense": "tense suspense* thrilling dramatic spannend* dramatisch* dramatique tenso tensa напряж* тревожн* "
        "драматич* 紧张 緊張",
        "mysterious": "mysterious mystical magical dreamy geheimnisvoll* mystérieu* misterios* verträumt* rêveu* "
        "soñador* sonhador* sognant* таинств* загадочн* мечтательн* 神秘 梦幻 神秘的 幻想的 夢",
        "calm": "calm calming relax* peaceful chill* soothing gentle quiet soft tranquil serene mellow sleep* study* "
        "ruhig* entspann* sanft* friedlich* calme* doux douce apais* détend* tranquil* relajante* suave* calma "
        "calmo tranquill* rilassant* dolce спокойн* расслаб* тих* нежн* 平静 安静 放松 舒缓 轻柔 穏やか 静か 落ち着",
        "romantic": "romantic* romantisch* romantique romántic* romântic* love tender zärtlich* amour amor amore "
        "романтич* любовн* нежн* 浪漫 爱情 ロマンチック 恋",
        "energetic": "energetic upbeat powerful driving exciting wild party intense aggressive workout energiegeladen* "
        "mitreißend* treibend* énergique* entraînant* energétic* enérgic* energic* animad* vivac* энергич* бодр* "
        "зажигательн* 激烈 动感 激昂 激しい 元気 ノリノリ",
        "playful": "playful funny cute quirky silly cartoon* verspielt* lustig* amusant* drôle divertid* engraçad* "
        "giocos* buffo игрив* забавн* смешн* 俏皮 可爱 かわいい 楽しい",
        "happy": "happy happily cheerful joyful* joyous uplifting sunny bright merry positive feel-good fröhlich* "
        "glücklich* heiter* gut_gelaunt* joyeu* gai gaie heureu* alegre* feliz felices allegr* felice gioios* весел* "
        "радостн* счастлив* позитивн* 欢快 快乐 开心 欢乐 明るい 楽しげ 幸せ",
    }
)

SLOWLY = Words(
    {
        "very slow": "very_slow very_slowly largo grave lento_lento sehr_langsam* très_lent* muy_lent* очень_медлен* "
        "很慢 とても遅い",
        "slow": "slow slowly slower adagio lento langsam* lent lente lentement lenta lentamente медлен* ballad* "
        "ballade "
        "慢 缓慢 遅い ゆっくり スロー バラード",
        "moderate": "moderate moderato mid-tempo medium_tempo andante mittel* modéré* moderad* умеренн* 中速 "
        "ミディアム",
        "very fast": "very_fast presto prestissimo breakneck sehr_schnell* très_rapide* muy_rápid* очень_быстр* 很快 "
        "とても速い",
        "fast": "fast faster quick rapid allegro vivace uptempo up-tempo schnell* flott* rapide* vite rápid* rapid* "
        "veloce veloz быстр* 快速 快板 速い テンポの速い アップテンポ",
    }
)

FORMS = Words(
    {
        "intro": "intro introduction einleitung introducción introdução introduzione вступлен* интро 前奏 イントロ",
        "verse": "verse verses strophe* couplet* estrofa* estrofe* strofa куплет* 主歌 Aメロ",
        "chorus": "chorus choruses refrain* estribillo* refrão ritornello припев* 副歌 サビ",
        "bridge": "bridge breakdown break middle_eight mittelteil pont puente ponte бридж 间奏 桥段 ブリッジ 間奏",
        "outro": "outro coda ending schluss schlussteil fin final finale концовк* кода 尾声 结尾 アウトロ エンディング",
    }
)

ENDINGS = Words(
    {
        "loop": "loop loops looping loopable seamless schleife boucle bucle ciclo закольцован* луп 循环 ループ",
        "fade": "fade fades fade-out fading_out fade_out ausblend* fondu fundido dissolvenza затухан* 淡出 "
        "フェードアウト",
        "slow": "ritardando rit. slows_down slow_down_at_the_end 渐慢",
        "hit": "abrupt abruptly sudden_end* hard_ending big_ending",
    }
)

ONLY = re.compile(
    r"\b(?:solo|only|just|nothing but|unaccompanied|a cappella|nur|allein|seule?|seulement|uniquement|sólo|solamente|"
    r"só|somente|apenas|soltanto|solamente|только|соло|одн[аои]\w*)\b|独奏|ソロ|だけ|のみ|只用|只有",
    re.IGNORECASE,
)
_END = r"[^.,;:!?。、，；()]{0,40}?(?=$|[.,;:!?()]|\s(?:but|with|at|in|aber|mit|mais|avec|pero|con|mas|com|ma|но|с)\s)"
NEGATED = (
    re.compile(
        r"\b(?:without|no|minus|don'?t use|ohne|kein\w*|sans|pas de|sin|sem|senza|niente|без)\b" + _END, re.IGNORECASE
    ),
    re.compile(r"(?:不要|没有|沒有|不用|无|無)[^\s,，。、]{1,6}"),
    re.compile(r"[ァ-ヶー一-龯]{1,8}(?:は)?(?:なし|抜き|無し|いらない|を使わない)"),
)
"""What is said not to play."""

LYRICS = re.compile(
    r"\b(?:lyrics?|sing|sings|singing|sung|vocals?|singer|gesang|gesungen|liedtext|paroles|chanté\w*|letra|cantad\w*|"
    r"cantat\w*|testo|вокал\w*|слов[ао]\w*\s+песни|спой)\b|歌词|唱歌|歌詞|歌って|ボーカル",
    re.IGNORECASE,
)
KNOWN_TUNES = re.compile(
    r"\bcovers?\b(?: of| version)|\bhappy birthday\b|\bjingle bells\b|\bf(?:ü|u|ue)r elise\b|\bmoonlight sonata\b|"
    r"\bode (?:to joy|an die freude)\b|\bnational anthem\b|\bbohemian rhapsody\b|\bstar wars\b|\btwinkle,? twinkle\b|"
    r"\bsilent night\b|\bwedding march\b|\btetris\b|\b(?:play|spiel\w*|joue|toca|suona|сыграй)\s+[\"“«„']",
    re.IGNORECASE,
)
ARTISTS = re.compile(
    r"(?:[Ii]n the (?:style|manner) of|[Ss]ounds? like|[Ss]ong like|[Ii]m [Ss]til von|à la manière de|dans le style de|"
    r"al estilo de|no estilo d[eoa]|nello stile di|в стиле)\s+((?:[A-ZÀ-ÖА-Я][\w'’.&-]*\s?){1,4})"
)
