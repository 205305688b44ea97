"""MusicGen: music from words with hub weights (Copet et al. 2023, arXiv:2306.05284)."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.capabilities import TEXT_TO_MUSIC, MusicArgs
from core.errors import NoModel
from core.media import Audio
from core.models import hub
from core.models.base import Call, Made, Model, Output, Progress, Tier
from core.models.music._brief import read
from core.models.music.composer import checked
from core.models.sound._diffusion_hub import levelled
from core.settings import Settings

_USUAL_S, _LONGEST_S = 15.0, 30.0
"""Longer ones than 30 s were not in its training."""
_GUIDANCE = 3.0
_SEED_BITS = 63


class MusicGenHub(Model[MusicArgs]):
    """Tokens of EnCodec from a T5 text encoder, 32 kHz; 1.5 billion parameters. The words should be English."""

    id = "musicgen-medium"
    capability = TEXT_TO_MUSIC
    tier = Tier.HUB
    licence = "CC-BY-NC-4.0"
    commercial = False
    languages = ("en",)
    memory_bytes = 9 << 30
    source = "facebook/musicgen-medium"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._model: Any = None
        self._tokenizer: Any = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download."""
        return hub.missing(settings, cls.source)

    def load(self, device: str) -> None:
        """Read the weights, in half precision on a GPU.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{self.source} cannot run here: {reason}.")
        from transformers import AutoTokenizer, MusicgenForConditionalGeneration

        self._tokenizer = hub.pretrained(AutoTokenizer, self.settings, self.source)
        model = hub.pretrained(MusicgenForConditionalGeneration, self.settings, self.source, dtype=hub.dtype(device))
        self._model = model.to(device).eval()

    def run(self, call: Call[MusicArgs]) -> Output:
        """Make the music, at -18 LUFS where its peaks allow. It gives sound alone, without notes.

        Raises:
            BadInput: words to sing, a tune that exists, or only a musician's name is asked for.
            OverLimit: it would last longer than 30 s.
            ModelFailed: only silence came of the words.
            Cancelled: the person stopped it; between two tokens.
        """
        import torch
        from transformers import StoppingCriteriaList

        seconds = checked(read(call.args.description), call.args.seconds, _LONGEST_S).seconds or _USUAL_S
        codec = self._model.config.audio_encoder
        tokens = max(1, round(seconds * codec.frame_rate))
        words = self._tokenizer([call.args.description], return_tensors="pt", truncation=True).to(self._model.device)
        torch.manual_seed(call.seed % (1 << _SEED_BITS))
        call.progress(0.0)
        with torch.inference_mode():
            made = self._model.generate(
                **words,
                do_sample=True,
                guidance_scale=_GUIDANCE,
                max_new_tokens=tokens + self._model.config.decoder.num_codebooks,
                stopping_criteria=StoppingCriteriaList([_told(call.progress, tokens)]),
            )
        samples = np.asarray(made[0].float().cpu().numpy(), np.float32)
        rate = int(codec.sampling_rate)
        clip = levelled(Audio(np.nan_to_num(samples[:, : round(seconds * rate)]), rate))
        call.progress(1.0)
        return Output(media=(Made(clip, "music", call.args.description),), facts={"source": "synthesised"})


def _told(progress: Progress, tokens: int) -> Any:
    """What is asked after every token whether to stop: never, but it tells how far the music is."""
    import torch
    from transformers import StoppingCriteria

    class Telling(StoppingCriteria):  # type: ignore[misc]  # transformers is untyped
        made = 0

        def __call__(self, input_ids: Any, scores: Any, **options: Any) -> Any:
            self.made += 1
            progress(min(0.95, 0.95 * self.made / tokens))
            return torch.zeros(len(input_ids), dtype=torch.bool, device=input_ids.device)

    return Telling()
