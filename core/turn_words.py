"""What a turn says by itself, in nine languages: that nothing was made, that a limit is met."""

from __future__ import annotations

_SAID: dict[str, dict[str, str]] = {
    "en": {
        "nothing": "I have made nothing here: no audio, no picture, no video. Please ask again in other words.",
        "no_more": "What you see here is all that I made.",
        "steps": "That takes more than {most} steps, which is my limit for one message. Please ask for less at a time.",
        "seconds": "That takes longer than I may work on one message. Please ask for less at a time.",
        "tokens": "That takes more thinking than I may do for one message. Please ask for less at a time.",
        "endless": "I could not find an end to that. Please ask in smaller steps.",
        "unreachable": "Something on my side is not reachable just now. Please try again in a moment.",
    },
    "es": {
        "nothing": "No he hecho nada aquí: ni audio, ni imagen, ni vídeo. Pídemelo otra vez con otras palabras.",
        "no_more": "Lo que ves aquí es todo lo que hice.",
        "steps": "Eso necesita más de {most} pasos, mi límite por mensaje. Pídeme menos cada vez.",
        "seconds": "Eso tarda más de lo que puedo dedicar a un mensaje. Pídeme menos cada vez.",
        "tokens": "Eso es más de lo que puedo pensar para un mensaje. Pídeme menos cada vez.",
        "endless": "No encontré el final de eso. Pídemelo en pasos más pequeños.",
        "unreachable": "Ahora no alcanzo algo que necesito. Inténtalo otra vez en un momento.",
    },
    "fr": {
        "nothing": "Je n'ai rien fait ici : ni audio, ni image, ni vidéo. Redemande-moi avec d'autres mots.",
        "no_more": "Ce que tu vois ici est tout ce que j'ai fait.",
        "steps": "Il y faut plus de {most} étapes, ma limite par message. Demande moins à la fois.",
        "seconds": "Cela prend plus de temps que je n'en ai pour un message. Demande moins à la fois.",
        "tokens": "C'est plus que je ne peux réfléchir pour un message. Demande moins à la fois.",
        "endless": "Je n'en ai pas trouvé la fin. Demande par étapes plus petites.",
        "unreachable": "Quelque chose de mon côté est injoignable. Réessaie dans un moment.",
    },
    "de": {
        "nothing": "Ich habe hier nichts gemacht: keinen Ton, kein Bild, kein Video. Bitte frag noch einmal anders.",
        "no_more": "Was du hier siehst, ist alles, was ich gemacht habe.",
        "steps": "Das braucht mehr als {most} Schritte, meine Grenze für eine Nachricht. Bitte frag nach weniger.",
        "seconds": "Das dauert länger, als ich an einer Nachricht arbeiten darf. Bitte frag nach weniger auf einmal.",
        "tokens": "Das ist mehr, als ich für eine Nachricht nachdenken darf. Bitte frag nach weniger auf einmal.",
        "endless": "Ich kam damit zu keinem Ende. Bitte frag in kleineren Schritten.",
        "unreachable": "Bei mir ist gerade etwas nicht erreichbar. Bitte versuch es gleich noch einmal.",
    },
    "it": {
        "nothing": "Qui non ho fatto niente: né audio, né immagini, né video. Chiedimelo con altre parole.",
        "no_more": "Quello che vedi qui è tutto ciò che ho fatto.",
        "steps": "Servono più di {most} passi, il mio limite per un messaggio. Chiedi meno per volta.",
        "seconds": "Ci vuole più tempo di quanto io possa dedicare a un messaggio. Chiedi meno per volta.",
        "tokens": "È più di quanto io possa pensare per un messaggio. Chiedi meno per volta.",
        "endless": "Non ne ho trovato la fine. Chiedi a piccoli passi.",
        "unreachable": "Qualcosa da parte mia non è raggiungibile. Riprova tra un momento.",
    },
    "pt": {
        "nothing": "Não fiz nada aqui: nem áudio, nem imagem, nem vídeo. Peça outra vez com outras palavras.",
        "no_more": "O que vê aqui é tudo o que fiz.",
        "steps": "Isso precisa de mais de {most} passos, o meu limite por mensagem. Peça menos de cada vez.",
        "seconds": "Isso demora mais do que posso dedicar a uma mensagem. Peça menos de cada vez.",
        "tokens": "Isso é mais do que posso pensar para uma mensagem. Peça menos de cada vez.",
        "endless": "Não encontrei o fim disso. Peça em passos menores.",
        "unreachable": "Algo do meu lado não responde agora. Tente de novo daqui a pouco.",
    },
    "ru": {
        "nothing": "Здесь я ничего не сделал: ни звука, ни картинки, ни видео. Попросите, пожалуйста, другими словами.",
        "no_more": "То, что здесь видно, — это всё, что получилось.",
        "steps": "Для этого нужно больше шагов, чем {most}, мой предел на сообщение. Попросите меньше за раз.",
        "seconds": "Это дольше, чем мне можно работать над одним сообщением. Попросите меньше за раз.",
        "tokens": "Это больше, чем мне можно думать над одним сообщением. Попросите меньше за раз.",
        "endless": "Конца этому не нашлось. Попросите шагами поменьше.",
        "unreachable": "Что-то у меня сейчас недоступно. Попробуйте, пожалуйста, чуть позже.",
    },
    "zh": {
        "nothing": "我没有做出任何东西：没有音频、图片或视频。请换个说法再试一次。",
        "no_more": "这里看到的就是全部结果。",
        "steps": "这需要超过{most}个步骤，超出了一条消息的上限。请一次少要一些。",
        "seconds": "这超出了我处理一条消息的时间。请一次少要一些。",
        "tokens": "这超出了我处理一条消息的思考量。请一次少要一些。",
        "endless": "这件事没有做完。请分成小步来要求。",
        "unreachable": "我这边有东西暂时连不上。请稍后再试。",
    },
    "ja": {
        "nothing": "ここでは何も作っていません。音声も画像も動画もありません。別の言い方でもう一度お願いします。",
        "no_more": "ここにあるものがすべてです。",
        "steps": "それには{most}を超える手順が必要で、一つのメッセージの上限を超えます。少しずつお願いします。",
        "seconds": "一つのメッセージに使える時間を超えます。少しずつお願いします。",
        "tokens": "一つのメッセージで考えられる量を超えます。少しずつお願いします。",
        "endless": "終わりが見つかりませんでした。小さな手順に分けてお願いします。",
        "unreachable": "今、こちら側の何かにつながりません。少ししてからもう一度お試しください。",
    },
}


def turn_words(name: str, language: str, **places: object) -> str:
    """A sentence with its places filled, in English where the language is not known here."""
    return _SAID.get(language, _SAID["en"])[name].format(**places)
