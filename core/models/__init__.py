"""The registration: one line a model. A package of yours adds its own with the entry point group `audiogpt.models`."""

BUILT_IN = (
    "core.models.speech.faster_whisper:FasterWhisper",
    "core.models.speech.whisper_hub:WhisperHub",
    "core.models.speech.hibari:Hibari",
    "core.models.speech.kokoro:Kokoro",
    "core.models.speech.kokoro:KokoroEspeak",
    "core.models.speech.vits_hub:VitsHub",
    "core.models.speech.fastspeech2_hub:FastSpeech2Hub",
    "core.models.speech.language_model:LanguageModel",
    "core.models.speech.fast_translate:FastTranslate",
    "core.models.speech.speech_translation:SpeechTranslation",
    "core.models.speech.deepfilternet:DeepFilterNet",
    "core.models.speech.diarization:Diarization",
    "core.models.sound.yamnet:YamNet",
    "core.models.sound.editor:Editor",
    "core.models.sound.binaural:Binaural",
)
