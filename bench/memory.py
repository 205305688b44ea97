"""Memory: what the models take for ten minutes of speech above what they hold, each in a process of its own."""

from __future__ import annotations

import sys

import numpy as np

from bench._memory import MINUTES, Calls, peaks
from bench._report import report
from bench.dialogues import RATE, said
from bench.sentences import SENTENCES
from core.capabilities import (
    AudioArgs,
    ConvertVoiceArgs,
    RecogniseArgs,
    SeparateArgs,
    SpeakArgs,
    StyledSpeakArgs,
    TranslateSpeechArgs,
)
from core.media import Audio
from core.models.speech.conversion import WorldConversion
from core.models.speech.convtasnet import ConvTasNet
from core.models.speech.deepfilternet import DeepFilterNet
from core.models.speech.diarization import Diarization
from core.models.speech.faster_whisper import FasterWhisper
from core.models.speech.hibari import Hibari
from core.models.speech.speech_translation import SpeechTranslation
from core.models.speech.style import StyleTransfer
from core.settings import load_settings

LONG = " ".join(SENTENCES * 2)
"""About ten minutes at the pace of the English default."""
SPEECH: Calls = {
    "speech_enhancement_convtasnet": (ConvTasNet, AudioArgs(audio="clip")),
    "voice_conversion": (WorldConversion, ConvertVoiceArgs(audio="clip", reference="clip")),
    "speech_recognition": (FasterWhisper, RecogniseArgs(audio="clip")),
    "speech_recognition_by_speaker": (FasterWhisper, RecogniseArgs(audio="clip", by_speaker=True)),
    "speech_translation": (SpeechTranslation, TranslateSpeechArgs(audio="clip", target_language="pt")),
    "speaker_diarization": (Diarization, SeparateArgs(audio="clip")),
    "speech_enhancement": (DeepFilterNet, AudioArgs(audio="clip")),
    "style_transfer_tts": (StyleTransfer, StyledSpeakArgs(text=LONG, reference="clip")),
    "text_to_speech": (Hibari, SpeakArgs(text=LONG)),
}
"""The longest first, as two run at a time."""


def main() -> int:
    voice = Hibari(load_settings())
    voice.load("cpu")
    sentences = np.concatenate([said(voice, text) for text in SENTENCES[:40]])
    clip = Audio(np.resize(sentences, 60 * MINUTES * RATE)[None], RATE)
    report("speech", *peaks(SPEECH, clip), part="memory")
    return 0


if __name__ == "__main__":
    sys.exit(main())
