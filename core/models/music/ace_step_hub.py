"""ACE-Step 1.5: songs and instrumental music from words with hub weights (Gong et al. 2026, arXiv:2602.00744)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from core.capabilities import TEXT_TO_MUSIC, MusicArgs
from core.errors import BadInput
from core.languages import language_of
from core.media import Audio, Samples
from core.models.base import Call, Made, Output
from core.models.music import _ace_step
from core.models.music._brief import Brief, read
from core.models.music.composer import checked
from core.models.pipeline_hub import PipelineHub
from core.models.sound._diffusion_hub import levelled
from core.sayings import saying

_USUAL_S, _SHORTEST_S, _LONGEST_S = 30.0, 10.0, 600.0
"""It was trained on what lasts from 10 s to 10 minutes."""
_FADE_S = 0.5
_INSTRUMENTAL = "[Instrumental]"
_SECTION = r"\[(?:intro|(?:pre-?|post-?)?chorus|verse|bridge|hook|refrain|outro|strophe|couplet|estrofa|estribillo)\b"
_LYRICS = re.compile(
    rf"\b(?:lyrics?|words|liedtext|text|paroles|letra|testo|слова|текст)\s*[:：]|(?:歌词|歌詞)\s*[:：]|(?={_SECTION})",
    re.IGNORECASE,
)
"""Where the words to sing begin: behind `lyrics:`, or at the first part that is named, `[verse]`."""


class AceStepHub(PipelineHub[MusicArgs]):
    """48 kHz, stereo, 10 s to 10 minutes; it sings lyrics in fifty languages. 6 billion parameters in all.

    The weights are the ones that need 8 steps and no guidance.
    """

    id = "ace-step-1.5"
    capability = TEXT_TO_MUSIC
    licence = _ace_step.LICENCE
    memory_bytes = _ace_step.MEMORY_BYTES
    source = _ace_step.SOURCE
    steps = _ace_step.STEPS

    def _pretrained(self, device: str) -> Any:
        return _ace_step.pretrained(self.settings, device)

    def run(self, call: Call[MusicArgs]) -> Output:
        """Make the music, at -18 LUFS where its peaks allow. It gives sound alone, without notes.

        The lyrics stand in the description, behind `lyrics:` or from the first `[verse]` on.

        Raises:
            BadInput: there are no lyrics to what shall be sung; a tune that exists, or only a musician's name is asked
                for.
            OverLimit: it would last longer than 10 minutes, or at a tempo that nobody plays.
            ModelFailed: only silence came of the words.
            Cancelled: the person stopped it; between two steps.
        """
        description, lyrics = _parted(call.args.description)
        brief = read(description)
        if brief.lyrics and not lyrics:
            raise BadInput(saying("music_lyrics"))
        brief = checked(replace(brief, lyrics=False), call.args.seconds, _LONGEST_S)
        seconds = brief.seconds or _USUAL_S
        call.progress(0.0)
        made = self._pipeline(
            description or "a song",
            lyrics=lyrics or _INSTRUMENTAL,
            vocal_language=language_of(lyrics) or "unknown",
            audio_duration=max(seconds, _SHORTEST_S),
            guidance_scale=1.0,
            callback=lambda step, time, latents: self._stepped(call, step),
            **_asked(brief),
            **self._stepwise(call),
        ).audios[0]
        rate = int(self._pipeline.sample_rate)
        clip = levelled(Audio(_cut(np.nan_to_num(np.asarray(made, np.float32)), round(seconds * rate), rate), rate))
        facts = {"steps": self.steps, "source": "synthesised", "sung": bool(lyrics)}
        return Output(media=(Made(clip, "music", call.args.description),), facts=facts)


def _parted(text: str) -> tuple[str, str]:
    """The description, and the lyrics in it."""
    hit = _LYRICS.search(text)
    if not hit:
        return text.strip(), ""
    return text[: hit.start()].strip(" \n,.;:"), text[hit.end() :].strip()


def _asked(brief: Brief) -> dict[str, Any]:
    """Tempo, key and metre as the network was told them in training; None leaves it the choice."""
    return {
        "bpm": round(brief.tempo_bpm) if brief.tempo_bpm else None,
        "keyscale": brief.key.name if brief.key and not brief.key.mode else None,
        "timesignature": str(brief.meter) if brief.meter else None,
    }


def _cut(samples: Samples, frames: int, rate: int) -> Samples:
    """The beginning, faded out where something was cut off."""
    kept = samples[:, :frames].copy()
    if samples.shape[1] - frames > _FADE_S * rate:
        fade = min(round(_FADE_S * rate), frames)
        kept[:, -fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return kept
