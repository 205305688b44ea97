"""What people call the commonest sounds in nine languages, beside the English names of the classes themselves."""

from __future__ import annotations

_ANCHORS = """
Speech: talking, voice, somebody talking, voz, hablar, habla, parole, voix, parler, Sprache, Stimme, reden, parlato,
    voce, parlare, fala, falar, 说话, 话语, 人声, 話し声, 声, речь, голос, разговор
Laughter: laugh, risa, risas, rire, rires, Lachen, Gelächter, risata, riso, risada, 笑声, 笑い声, 笑い, смех
Crying, sobbing: weeping, llanto, pleurs, Weinen, pianto, choro, 哭声, 哭泣, 泣き声, плач
Baby cry, infant cry: crying baby, llanto de bebé, pleurs de bébé, Babygeschrei, Baby weint, pianto di neonato,
    choro de bebê, 婴儿哭声, 赤ちゃんの泣き声, плач ребёнка, плач младенца
Screaming: scream, grito, gritos, cri, hurlement, Schrei, Schreien, urlo, urla, 尖叫, 叫び声, 悲鳴, крик
Whispering: whisper, susurro, chuchotement, Flüstern, sussurro, 耳语, ささやき, шёпот
Singing: song, canto, cantar, chant, chanter, Gesang, Singen, cantare, 唱歌, 歌声, 歌, пение, песня
Whistling: silbido, sifflement, Pfeifen, fischio, assobio, 口哨, 口笛, свист
Snoring: snore, ronquido, ronflement, Schnarchen, russare, ronco, 打鼾, 呼噜, いびき, храп
Breathing: respiración, respiration, Atmen, respiro, respiração, 呼吸, 呼吸音, дыхание
Cough: coughing, tos, toux, Husten, tosse, 咳嗽, 咳, кашель
Sneeze: sneezing, estornudo, éternuement, Niesen, starnuto, espirro, 打喷嚏, くしゃみ, чихание
Walk, footsteps: steps, walking, pasos, pas, bruits de pas, Schritte, passi, passos, 脚步声, 足音, шаги
Clapping: clap, palmas, claquement de mains, Klatschen, battito di mani, 拍手, 手拍子, хлопки
Applause: ovation, aplausos, applaudissements, Applaus, Beifall, applausi, 掌声, 喝彩, 拍手, аплодисменты
Cheering: cheers, vítores, acclamations, Jubel, grida di gioia, torcida, 欢呼, 歓声, крики радости
Crowd: multitud, foule, Menschenmenge, folla, multidão, 人群, 群衆, толпа
Heart sounds, heartbeat: latido del corazón, battement de cœur, Herzschlag, battito del cuore, 心跳, 心音,
    сердцебиение
Dog: doggo, doggy, puppy, hound, perro, chien, chiot, Hund, cane, cachorro, cão, 狗, 犬, собака
Bark: dog barking, barking, woof, ladrido, ladrar, aboiement, aboyer, Bellen, Gebell, abbaio, latido, 狗叫,
    犬の鳴き声, 吠える, лай
Cat: kitty, kitten, gato, chat, Katze, gatto, 猫, кошка, кот
Meow: meowing, maullido, miau, miaulement, Miauen, miagolio, miado, 猫叫, 猫の鳴き声, мяуканье
Horse: caballo, cheval, Pferd, cavallo, cavalo, 马, 馬, лошадь
Neigh, whinny: relincho, hennissement, Wiehern, nitrito, 马嘶, いななき, ржание
Cattle, bovinae: cow, cows, vaca, vache, Kuh, mucca, 牛, 奶牛, корова
Moo: mooing, mugido, meuglement, Muhen, muggito, 牛叫, モー, мычание
Pig: cerdo, cochon, Schwein, maiale, porco, 猪, 豚, свинья
Goat: cabra, chèvre, Ziege, capra, 山羊, ヤギ, коза
Sheep: lamb, oveja, mouton, brebis, Schaf, pecora, ovelha, 羊, 绵羊, 羊の鳴き声, овца
Chicken, rooster: hen, gallina, gallo, poule, coq, Huhn, Hahn, pollo, galinha, galo, 鸡, 公鸡, 鶏, ニワトリ, курица,
    петух
Crowing, cock-a-doodle-doo: cock crowing, canto del gallo, chant du coq, Hahnenschrei, 鸡鸣, 鶏の鳴き声, крик петуха
Duck: pato, canard, Ente, anatra, 鸭子, アヒル, 鴨, утка
Goose: ganso, oie, Gans, oca, 鹅, ガチョウ, гусь
Roaring cats (lions, tigers): lion, tiger, león, tigre, Löwe, leone, leão, 狮子, 老虎, ライオン, лев, тигр
Bird: birds, pájaro, pájaros, oiseau, oiseaux, Vogel, Vögel, uccello, uccelli, pássaro, 鸟, 鸟叫, 鳥, 鳥の声, птица,
    птицы
Bird vocalization, bird call, bird song: canto de pájaros, chant des oiseaux, Vogelgesang, canto degli uccelli,
    鸟鸣, さえずり, пение птиц
Pigeon, dove: paloma, pigeon, Taube, piccione, pombo, 鸽子, 鳩, голубь
Crow: cuervo, corbeau, corneille, Krähe, Rabe, corvo, 乌鸦, カラス, ворона
Owl: búho, lechuza, hibou, chouette, Eule, gufo, coruja, 猫头鹰, フクロウ, сова
Insect: insecto, insecte, Insekt, insetto, inseto, 昆虫, 虫, насекомое
Cricket: grillo, grillon, Grille, 蟋蟀, コオロギ, сверчок
Mosquito: moustique, Mücke, zanzara, mosquito, 蚊子, 蚊, комар
Bee, wasp, etc.: bee, bees, wasp, abeja, abeille, guêpe, Biene, Wespe, ape, vespa, abelha, 蜜蜂, 蜂, ハチ, пчела,
    оса
Frog: rana, grenouille, Frosch, sapo, 青蛙, カエル, лягушка
Music: tune, música, musique, Musik, musica, 音乐, 音楽, музыка
Guitar: guitarra, guitare, Gitarre, chitarra, violão, 吉他, ギター, гитара
Piano: Klavier, pianoforte, 钢琴, ピアノ, пианино, рояль, фортепиано
Organ: órgano, orgue, Orgel, organo, órgão, 管风琴, オルガン, орган
Drum: drums, tambor, tambour, Trommel, tamburo, 鼓, 太鼓, барабан
Drum kit: drum set, batería, batterie, Schlagzeug, batteria, bateria, 架子鼓, ドラム, ударные, барабаны
Cymbal: platillo, cymbale, Becken, piatto, prato, 钹, シンバル, тарелка
Trumpet: trompeta, trompette, Trompete, tromba, trompete, 小号, トランペット, труба
Violin, fiddle: violin, violín, violon, Geige, Violine, violino, 小提琴, バイオリン, скрипка
Cello: violonchelo, violoncelle, violoncello, violoncelo, 大提琴, チェロ, виолончель
Flute: flauta, flûte, Flöte, flauto, 笛子, 长笛, フルート, 笛, флейта
Saxophone: sax, saxofón, saxofone, Saxophon, 萨克斯, サックス, саксофон
Bell: campana, cloche, Glocke, sino, 钟声, 铃, 鐘, ベル, колокол
Church bell: church bells, campanas de iglesia, cloches de l'église, Kirchenglocken, campane, sinos, 教堂钟声,
    教会の鐘, церковный колокол
Wind: viento, vent, Wind, vento, 风, 风声, 風, 風の音, ветер
Thunder: trueno, truenos, tonnerre, Donner, tuono, tuoni, trovão, 雷, 雷声, 雷鳴, гром
Thunderstorm: tormenta, orage, Gewitter, temporale, tempestade, 雷雨, 暴风雨, 嵐, гроза
Rain: lluvia, pluie, Regen, pioggia, chuva, 雨, 雨声, 雨の音, дождь
Water: agua, eau, Wasser, acqua, água, 水, 水声, 水の音, вода
Stream: brook, river, arroyo, ruisseau, Bach, ruscello, riacho, 小溪, 小川, ручей
Ocean: sea, mar, mer, Meer, mare, 海, 大海, море
Waves, surf: olas, vagues, Wellen, onde, ondas, 海浪, 波, 波の音, волны
Fire: fuego, feu, Feuer, fuoco, fogo, 火, 火焰, 焚き火, огонь
Car: automobile, coche, carro, voiture, Auto, macchina, 汽车, 車, машина, автомобиль
Vehicle horn, car horn, honking: horn, bocina, claxon, klaxon, Hupe, Hupen, clacson, buzina, 汽车喇叭, 喇叭,
    クラクション, гудок, сигнал машины
Truck: lorry, camión, camion, Lastwagen, caminhão, 卡车, トラック, грузовик
Motorcycle: motorbike, moto, motocicleta, Motorrad, 摩托车, バイク, мотоцикл
Train: tren, Zug, treno, trem, 火车, 列车, 電車, 列車, поезд
Helicopter: helicóptero, hélicoptère, Hubschrauber, elicottero, 直升机, ヘリコプター, вертолёт
Fixed-wing aircraft, airplane: airplane, plane, avión, avion, Flugzeug, aereo, avião, 飞机, 飛行機, самолёт
Engine: motor, moteur, Motor, motore, 引擎, 发动机, エンジン, двигатель, мотор
Lawn mower: cortacésped, tondeuse, Rasenmäher, tosaerba, cortador de grama, 割草机, 芝刈り機, газонокосилка
Chainsaw: motosierra, tronçonneuse, Kettensäge, motosega, motosserra, 电锯, チェーンソー, бензопила
Door: puerta, porte, Tür, porta, 门, ドア, дверь
Slam: door slam, portazo, claquement de porte, Tür zuschlagen, Türknallen, 关门声, ドアが閉まる, хлопок двери
Doorbell: timbre, sonnette, Türklingel, Klingel, campanello, campainha, 门铃, 呼び鈴, 玄関のチャイム, дверной звонок
Knock: knocking on the door, golpes en la puerta, frapper à la porte, Klopfen, bussare, batida na porta, 敲门,
    ノック, стук в дверь
Typing: keyboard typing, teclear, frappe au clavier, Tippen, digitazione, digitação, 打字, タイピング, печатание
Toilet flush: toilet, cisterna del váter, chasse d'eau, toilettes, Klospülung, Toilettenspülung, sciacquone,
    descarga, 冲马桶, トイレ, унитаз, смыв
Vacuum cleaner: vacuum, hoover, aspiradora, aspirateur, Staubsauger, aspirapolvere, aspirador, 吸尘器, 掃除機,
    пылесос
Water tap, faucet: running tap, grifo, robinet, Wasserhahn, rubinetto, torneira, 水龙头, 蛇口, кран
Dishes, pots, and pans: platos, vaisselle, Geschirr, piatti, louça, 碗碟, 食器, посуда
Telephone: phone, teléfono, téléphone, Telefon, telefono, telefone, 电话, 電話, телефон
Telephone bell ringing: phone ringing, suena el teléfono, sonnerie, Telefonklingeln, squillo, 电话铃声, 電話のベル,
    電話の音, звонок телефона, телефонный звонок
Alarm: alarma, alarme, Alarm, allarme, 警报, 警報, アラーム, тревога, сигнализация
Alarm clock: wake-up alarm, despertador, réveil, Wecker, sveglia, 闹钟, 目覚まし時計, будильник
Siren: sirena, sirène, Sirene, sirene, 警笛, 警报器, サイレン, сирена
Ambulance (siren): ambulance, ambulancia, Krankenwagen, ambulanza, ambulância, 救护车, 救急車, скорая помощь
Police car (siren): police, policía, Polizei, polizia, polícia, 警车, パトカー, полицейская машина
Fire engine, fire truck (siren): camión de bomberos, camion de pompiers, Feuerwehr, pompieri, bombeiros, 消防车,
    消防車, пожарная машина
Clock: reloj, horloge, Uhr, orologio, relógio, 时钟, 時計, часы
Tick-tock: ticking clock, tictac, tic-tac, Ticken, ticchettio, 滴答声, チクタク, тиканье
Hammer: hammering, martillo, marteau, Hammer, Hämmern, martello, martelo, 锤子, 金槌, ハンマー, молоток
Sawing: saw, sierra, serrucho, scie, Säge, Sägen, sega, serra, serrote, 锯子, 锯木, のこぎり, пила
Drill: taladro, perceuse, Bohrer, Bohrmaschine, trapano, furadeira, 电钻, ドリル, дрель
Explosion: blast, explosión, Explosion, esplosione, explosão, 爆炸, 爆発, взрыв
Gunshot, gunfire: shot, gun, disparo, tiro, coup de feu, Schuss, Schüsse, sparo, 枪声, 銃声, выстрел, стрельба
Fireworks: fuegos artificiales, feux d'artifice, Feuerwerk, fuochi d'artificio, fogos de artifício, 烟花, 花火,
    фейерверк, салют
Shatter: glass breaking, breaking glass, cristal roto, vidrio roto, verre brisé, Glas zerbricht, vetro rotto, vidro
    quebrado, 玻璃碎, ガラスが割れる, разбитое стекло
Glass: vidrio, cristal, verre, Glas, vetro, vidro, 玻璃, ガラス, стекло
Camera: camera shutter, cámara, appareil photo, Kamera, fotocamera, câmera, 相机快门, カメラ, фотоаппарат
Beep, bleep: beep, pitido, bip, Piepton, Piepsen, segnale acustico, 哔声, ビープ音, писк, гудок
White noise: noise, hiss, ruido blanco, bruit blanc, Rauschen, rumore bianco, ruído branco, 白噪音, ホワイトノイズ,
    белый шум
"""


def anchors() -> dict[str, list[str]]:
    """Words by the name of their class, as `class_names` has it."""
    lines = _ANCHORS.replace("\n    ", " ").strip().splitlines()
    named = (line.split(": ", 1) for line in lines)
    return {name: [word.strip() for word in words.split(",")] for name, words in named}
