"""What people call sounds, for measuring whether free words find the right one."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "dog": "the doggo | perro | un chien qui aboie | Hundegebell | il cane"
    " | cachorro latindo | 狗叫 | 犬の鳴き声 | собака",
    "rooster": "rooster | el canto del gallo | le coq | der Hahn | il gallo | galo | 公鸡 | ニワトリ | петух",
    "crow": "a crow cawing | cuervo | les corbeaux | Krähe | cornacchia | corvo | 乌鸦 | カラス | ворона",
    "duck": "quacking ducks | pato | canard | die Ente | anatra | pato | 鸭子 | アヒル | утка",
    "sheep": "a bleating sheep | oveja | le mouton | Schafe | pecora | ovelha | 羊 | 羊の鳴き声 | овца",
    "pig": "piggy | cerdo | cochon | Schwein | maiale | porco | 猪 | 豚 | свинья",
    "bee": "buzzing bee | abejas | abeille | Biene | api | abelha | 蜜蜂 | ハチ | пчела",
    "frog": "a frog | ranas | grenouille | Frösche | rana | sapo | 青蛙 | カエル | лягушка",
    "violin": "someone playing the violin | violín | violon | Geige | violino"
    " | violino | 小提琴 | バイオリン | скрипка",
    "cello": "cello | violonchelo | violoncelle | Cello | violoncello | violoncelo | 大提琴 | チェロ | виолончель",
    "drum kit": "drums | la batería | batterie | Schlagzeug | batteria | bateria | 架子鼓 | ドラム | барабаны",
    "toilet": "the toilet being flushed | cisterna del váter | chasse d'eau | Klospülung | sciacquone"
    " | descarga | 冲马桶 | トイレ | унитаз",
    "vacuum cleaner": "vacuum | aspiradora | l'aspirateur | Staubsauger | aspirapolvere"
    " | aspirador | 吸尘器 | 掃除機 | пылесос",
    "thunder": "thunder | truenos | un coup de tonnerre | Donner | tuono | trovão | 雷声 | 雷 | гром",
    "telephone": "phone ringing | teléfono | le téléphone sonne | Telefonklingeln | telefono"
    " | telefone tocando | 电话铃声 | 電話の音 | звонок телефона",
    "alarm clock": "alarm clock | despertador | réveil | der Wecker | sveglia"
    " | despertador | 闹钟 | 目覚まし時計 | будильник",
    "saw": "sawing | sierra | une scie | Säge | sega | serrote | 锯子 | のこぎり | пила",
    "lion": "a roaring lion | león | lion | Löwe | leone | leão | 狮子 | ライオン | лев",
    "cymbal": "cymbal | platillo | cymbale | Becken | piatto | prato | 钹 | シンバル | тарелка",
    "fireworks": "fireworks | fuegos artificiales | feux d'artifice | Feuerwerk | fuochi d'artificio"
    " | fogos de artifício | 烟花 | 花火 | фейерверк",
}
"""Each class of the scenes in nine languages: English, Spanish, French, German, Italian, Portuguese, Chinese, Japanese,
Russian."""

_PHRASES = """
a dog that barks: Bark | Dog
barking dogs: Bark | Dog
ladridos de perros: Bark | Dog
les chiens aboient: Bark | Dog
das Bellen des Hundes: Bark | Dog
il cane che abbaia: Bark | Dog
o cachorro latindo: Bark | Dog
小狗在叫: Bark | Dog
犬が吠える音: Bark | Dog
собачий лай: Bark | Dog
my kitty: Cat | Meow
the clapping audience: Applause | Clapping | Crowd
gente aplaudiendo: Applause | Clapping
le public applaudit: Applause
Leute klatschen: Clapping | Applause
观众鼓掌: Applause | Clapping
a storm with thunder: Thunder | Thunderstorm
el ruido del trueno: Thunder
un coup de tonnerre: Thunder
Donnergrollen: Thunder
打雷: Thunder
someone ringing the door: Doorbell
es klingelt an der Tür: Doorbell | Door
telefone tocando: Telephone bell ringing | Telephone
le téléphone sonne: Telephone bell ringing | Telephone
das Handy klingelt: Telephone bell ringing | Telephone | Ringtone
a child crying: Crying, sobbing | Baby cry, infant cry
ein weinendes Kind: Crying, sobbing | Baby cry, infant cry
people laughing out loud: Laughter | Belly laugh
Kinder lachen: Laughter | Giggle
la gente se ríe: Laughter
a man speaking: Speech | Narration, monologue
ein Mann spricht: Speech
una mujer hablando: Speech
une femme parle: Speech
有人在说话: Speech | Conversation
女の人が話している: Speech | Conversation
the sheep bleating: Sheep | Bleat
las ovejas balando: Sheep | Bleat
quacking ducks: Duck | Quack
les canards: Duck | Quack
die Frösche quaken: Frog | Croak
a buzzing bee: Bee, wasp, etc. | Buzz
bees: Bee, wasp, etc.
un violon qui joue: Violin, fiddle
jemand spielt Geige: Violin, fiddle
somebody plays the cello: Cello
le violoncelle: Cello
a drum solo: Drum | Drum kit | Drum roll
vacuuming: Vacuum cleaner
il rumore dell'aspirapolvere: Vacuum cleaner
the loo being flushed: Toilet flush
a police siren: Police car (siren) | Siren
las sirenas de la ambulancia: Ambulance (siren) | Siren
車のクラクション: Vehicle horn, car horn, honking
a car honking: Vehicle horn, car horn, honking
the alarm clock going off: Alarm clock | Alarm
der Wecker klingelt: Alarm clock | Alarm
shots being fired: Gunshot, gunfire
feu d'artifice: Fireworks
fireworks exploding: Fireworks
the roar of a lion: Roar | Roaring cats (lions, tigers)
ein brüllender Löwe: Roaring cats (lions, tigers) | Roar
someone sawing wood: Sawing
a cock-a-doodle-doo: Crowing, cock-a-doodle-doo | Chicken, rooster
Hahnenkrähen: Crowing, cock-a-doodle-doo | Chicken, rooster
krähende Hähne: Crowing, cock-a-doodle-doo | Chicken, rooster
the crows: Crow | Caw
kuckuck: Bird | Bird vocalization, bird call, bird song
gotas de lluvia: Raindrop | Rain
Regentropfen: Raindrop | Rain
шум дождя: Rain
волны моря: Waves, surf | Ocean
snoring man: Snoring
clicking keyboard: Computer keyboard | Typing | Clicking
heavy footsteps: Walk, footsteps
running water: Water | Water tap, faucet | Stream
steam train: Train | Train whistle | Steam whistle
a plane taking off: Fixed-wing aircraft, airplane | Aircraft
jackhammer: Jackhammer
harp: Harp
choir singing: Choir | Singing
"""


def phrases() -> list[tuple[str, frozenset[str]]]:
    """Phrases that were written after the anchors and apart from them, with the names of the classes that are right."""
    lines = (line.split(": ", 1) for line in _PHRASES.strip().splitlines())
    return [(words, frozenset(names.split(" | "))) for words, names in lines]
