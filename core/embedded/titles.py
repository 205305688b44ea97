"""What the capabilities are called in other languages than English; one that is not here keeps its English title."""

from __future__ import annotations

from core.capabilities import Capability

_LANGUAGES = ("es", "fr", "de", "it", "pt", "zh", "ja", "ru")
_TITLES = {
    "text_to_speech": (
        "leer un texto en voz alta | lire un texte à voix haute | einen Text vorlesen"
        " | leggere un testo ad alta voce | ler um texto em voz alta"
        " | 朗读文字 | 文章の読み上げ | читать текст вслух"
    ),
    "speech_recognition": (
        "transcribir el habla | transcrire la parole | Gesprochenes aufschreiben"
        " | trascrivere il parlato | transcrever a fala"
        " | 语音转文字 | 音声の文字起こし | записывать речь текстом"
    ),
    "style_transfer_tts": (
        "hablar con el estilo de una voz | parler dans le style d'une voix | im Stil einer Stimme sprechen"
        " | parlare nello stile di una voce | falar no estilo de uma voz"
        " | 模仿声音说话 | 声をまねた読み上げ | говорить в стиле голоса"
    ),
    "voice_conversion": (
        "cambiar la voz | changer la voix | die Stimme verwandeln"
        " | cambiare la voce | mudar a voz"
        " | 变声 | 声の変換 | менять голос"
    ),
    "speech_enhancement": (
        "limpiar el ruido | nettoyer la voix | Sprache entrauschen"
        " | ripulire la voce | limpar a voz"
        " | 语音降噪 | 雑音の除去 | убирать шум"
    ),
    "speech_separation": (
        "separar hablantes | séparer les voix | Sprecher trennen"
        " | separare chi parla | separar as vozes"
        " | 分离说话人 | 話者の分離 | разделять голоса"
    ),
    "speaker_diarization": (
        "decir quién habló cuándo | dire qui parle quand | sagen, wer wann spricht"
        " | dire chi parla quando | dizer quem fala quando"
        " | 区分谁在何时说话 | 誰がいつ話したか | определять, кто когда говорит"
    ),
    "speech_translation": (
        "traducir el habla | traduire la parole | Gesprochenes übersetzen"
        " | tradurre il parlato | traduzir a fala"
        " | 语音翻译 | 音声の翻訳 | переводить речь"
    ),
    "text_translation": (
        "traducir un texto | traduire un texte | einen Text übersetzen"
        " | tradurre un testo | traduzir um texto"
        " | 文字翻译 | 文章の翻訳 | переводить текст"
    ),
    "mono_to_binaural": (
        "sonido en 3D | spatialiser le son | 3D-Klang machen"
        " | suono in 3D | som em 3D"
        " | 立体环绕声 | 立体音響 | делать объёмный звук"
    ),
    "text_to_sing": ("cantar | chanter | singen | cantare | cantar | 唱歌 | 歌うこと | петь"),
    "text_to_music": (
        "componer música | composer de la musique | Musik machen"
        " | comporre musica | compor música"
        " | 创作音乐 | 作曲 | сочинять музыку"
    ),
    "music_separation": (
        "separar voz y música | séparer voix et musique | Gesang und Musik trennen"
        " | separare voce e musica | separar voz e música"
        " | 人声与伴奏分离 | 歌と伴奏の分離 | разделять голос и музыку"
    ),
    "music_transcription": (
        "escribir las notas | écrire les notes | Noten aufschreiben"
        " | scrivere le note | escrever as notas"
        " | 记谱 | 採譜 | записывать ноты"
    ),
    "text_to_audio": (
        "crear un sonido | créer un son | ein Geräusch machen"
        " | creare un suono | criar um som"
        " | 生成音效 | 効果音の作成 | создавать звуки"
    ),
    "audio_inpainting": (
        "rellenar un hueco | combler un trou | eine Lücke füllen"
        " | riempire un vuoto | preencher uma falha"
        " | 修补缺口 | 欠けた音の補完 | заполнять пропуски"
    ),
    "image_to_audio": (
        "dar sonido a una imagen | sonoriser une image | ein Bild vertonen"
        " | dare suono a un'immagine | dar som a uma imagem"
        " | 给图片配音 | 画像に音を付けること | озвучивать картинку"
    ),
    "audio_captioning": (
        "describir un sonido | décrire un son | einen Klang beschreiben"
        " | descrivere un suono | descrever um som"
        " | 描述声音 | 音の説明 | описывать звук"
    ),
    "sound_detection": (
        "enumerar los sonidos | lister les sons | Geräusche auflisten"
        " | elencare i suoni | listar os sons"
        " | 列出声音 | 音の一覧 | перечислять звуки"
    ),
    "target_sound_detection": (
        "encontrar un sonido | trouver un son | ein Geräusch finden"
        " | trovare un suono | encontrar um som"
        " | 查找声音 | 特定の音の検索 | находить звук"
    ),
    "sound_extraction": (
        "extraer un sonido | extraire un son | ein Geräusch herauslösen"
        " | estrarre un suono | extrair um som"
        " | 提取声音 | 特定の音の抽出 | выделять звук"
    ),
    "audio_editing": (
        "editar audio | éditer l'audio | Audio bearbeiten"
        " | modificare l'audio | editar áudio"
        " | 剪辑音频 | 音声の編集 | редактировать звук"
    ),
    "text_to_image": ("dibujar | dessiner | zeichnen | disegnare | desenhar | 画画 | 絵を描くこと | рисовать"),
    "image_captioning": (
        "describir una imagen | décrire une image | ein Bild beschreiben"
        " | descrivere un'immagine | descrever uma imagem"
        " | 描述图片 | 画像の説明 | описывать картинку"
    ),
    "talking_head": (
        "hacer hablar a un retrato | faire parler un portrait | ein Porträt sprechen lassen"
        " | far parlare un ritratto | fazer um retrato falar"
        " | 让画像说话 | 顔写真を話させること | оживлять портрет"
    ),
    "audiogram": (
        "vídeo con la onda del sonido | faire une vidéo du son | ein Tonvideo machen"
        " | fare un video del suono | fazer um vídeo do som"
        " | 制作声音视频 | 音声の動画 | делать видео из звука"
    ),
}
"""By capability id, in the order of `_LANGUAGES`."""
_BY_LANGUAGE = {
    language: {name: titles.split(" | ")[index] for name, titles in _TITLES.items()}
    for index, language in enumerate(_LANGUAGES)
}


def title(capability: Capability, language: str) -> str:
    """Two or three words for a person."""
    return _BY_LANGUAGE.get(language, {}).get(capability.id, capability.title)
