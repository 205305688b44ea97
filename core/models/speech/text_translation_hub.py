"""M2M-100 (Fan et al. 2020, arXiv:2010.11125) and NLLB-200 (NLLB team 2022, arXiv:2207.04672): text between many
languages, each with each."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from core.capabilities import TEXT_TRANSLATION, TranslateTextArgs
from core.errors import Ambiguous, NoModel
from core.models import hub
from core.models.base import Call, Model, Output, Pairs, Tier
from core.models.choosing import text_source
from core.models.speech._prose import translated, translation
from core.sayings import saying
from core.settings import Settings

_M2M_CODES = (
    "af am ar ast az ba be bg bn br bs ca ceb cs cy da de el en es et fa ff fi fr fy ga gd gl gu ha he hi hr ht hu hy"
    " id ig ilo is it ja jv ka kk km kn ko lb lg ln lo lt lv mg mk ml mn mr ms my ne nl no ns oc or pa pl ps pt ro ru"
    " sd si sk sl so sq sr ss su sv sw ta th tl tn tr uk ur uz vi wo xh yi yo zh zu"
)
_M2M = tuple(_M2M_CODES.split())
NLLB = {
    "af": "afr_Latn", "ar": "arb_Arab", "be": "bel_Cyrl", "bg": "bul_Cyrl", "bn": "ben_Beng", "ca": "cat_Latn",
    "cs": "ces_Latn", "cy": "cym_Latn", "da": "dan_Latn", "de": "deu_Latn", "el": "ell_Grek", "en": "eng_Latn",
    "es": "spa_Latn", "et": "est_Latn", "eu": "eus_Latn", "fa": "pes_Arab", "fi": "fin_Latn", "fr": "fra_Latn",
    "gl": "glg_Latn", "gu": "guj_Gujr", "he": "heb_Hebr", "hi": "hin_Deva", "hr": "hrv_Latn", "hu": "hun_Latn",
    "hy": "hye_Armn", "id": "ind_Latn", "is": "isl_Latn", "it": "ita_Latn", "ja": "jpn_Jpan", "ka": "kat_Geor",
    "kk": "kaz_Cyrl", "ko": "kor_Hang", "lt": "lit_Latn", "lv": "lvs_Latn", "mk": "mkd_Cyrl", "ml": "mal_Mlym",
    "mr": "mar_Deva", "ms": "zsm_Latn", "ne": "npi_Deva", "nl": "nld_Latn", "no": "nob_Latn", "pa": "pan_Guru",
    "pl": "pol_Latn", "pt": "por_Latn", "ro": "ron_Latn", "ru": "rus_Cyrl", "sk": "slk_Latn", "sl": "slv_Latn",
    "sq": "als_Latn", "sr": "srp_Cyrl", "sv": "swe_Latn", "sw": "swh_Latn", "ta": "tam_Taml", "te": "tel_Telu",
    "th": "tha_Thai", "tl": "tgl_Latn", "tr": "tur_Latn", "uk": "ukr_Cyrl", "ur": "urd_Arab", "vi": "vie_Latn",
    "zh": "zho_Hans",
}  # fmt: skip
"""ISO 639-1 codes and FLORES-200's names."""
_MOST_TOKENS = 512


class EachWithEach(Model[TranslateTextArgs]):
    """One network for every pair; sentences go through it in batches."""

    capability = TEXT_TRANSLATION
    tier = Tier.HUB
    names: ClassVar[Mapping[str, str]]
    """The model's own names of its languages, by ISO code."""
    modules: ClassVar[tuple[str, ...]] = ()
    """What its tokenizer wants beside transformers."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._model: Any = None
        self._tokenizer: Any = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download."""
        return hub.missing(settings, cls.source, *cls.modules)

    def _network_class(self) -> Any:
        """The class of transformers that translates."""
        from transformers import M2M100ForConditionalGeneration

        return M2M100ForConditionalGeneration

    @abstractmethod
    def _tokenizer_class(self) -> Any:
        """The class of transformers that reads the vocabulary."""

    def load(self, device: str) -> None:
        """Read the weights, in half precision on a GPU.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{self.source} cannot run here: {reason}.")
        model = hub.pretrained(self._network_class(), self.settings, self.source, dtype=hub.dtype(device))
        self._model = model.to(device).eval()
        self._tokenizer = hub.pretrained(self._tokenizer_class(), self.settings, self.source)

    def run(self, call: Call[TranslateTextArgs]) -> Output:
        """Translate a text of any length, its lines kept.

        Raises:
            BadInput: a language that it does not know, or nothing to translate.
            Ambiguous: the text does not tell its language, and nobody said it.
        """
        target, source = call.args.target_language, text_source(type(self), call.args)
        if source is None:
            raise Ambiguous(saying("language_unsure_text"))

        def sentences(found: Sequence[str]) -> list[str]:
            return self._translated(found, self.names[source], self.names[target])

        text = translated(call.args.text, sentences, call.progress)
        return translation(text, {"source_language": source, "target_language": target})

    def _translated(self, sentences: Sequence[str], source: str, target: str) -> list[str]:
        import torch

        self._tokenizer.src_lang = source
        inputs = self._tokenizer(
            list(sentences), return_tensors="pt", padding=True, truncation=True, max_length=_MOST_TOKENS
        ).to(self._model.device)
        with torch.inference_mode():
            made = self._model.generate(
                **inputs,
                **self._into(target),
                num_beams=4,
                max_new_tokens=min(_MOST_TOKENS, 2 * inputs["input_ids"].shape[1] + 16),
            )
        return [str(text) for text in self._tokenizer.batch_decode(made, skip_special_tokens=True)]

    def _into(self, target: str) -> dict[str, Any]:
        """What makes the decoder speak the target language."""
        return {"forced_bos_token_id": int(self._tokenizer.convert_tokens_to_ids(target))}


class M2M100Hub(EachWithEach):
    """M2M-100, 418 million parameters, 100 languages."""

    id = "m2m100"
    licence = "MIT"
    languages = _M2M
    pairs = (Pairs(_M2M, _M2M),)
    memory_bytes = 2200 << 20
    source = "facebook/m2m100_418M"
    names = {code: code for code in _M2M}
    modules = ("sentencepiece",)

    def _tokenizer_class(self) -> Any:
        from transformers.models.m2m_100.tokenization_m2m_100 import M2M100Tokenizer

        return M2M100Tokenizer

    def _into(self, target: str) -> dict[str, Any]:
        return {"forced_bos_token_id": int(self._tokenizer.get_lang_id(target))}


class NllbHub(EachWithEach):
    """NLLB-200 distilled, 600 million parameters; of its 200 languages those with a two-letter code."""

    id = "nllb-200"
    licence = "CC-BY-NC-4.0"
    commercial = False
    languages = tuple(NLLB)
    pairs = (Pairs(languages, languages),)
    memory_bytes = 2800 << 20
    source = "facebook/nllb-200-distilled-600M"
    names = NLLB

    def _tokenizer_class(self) -> Any:
        from transformers import NllbTokenizer

        return NllbTokenizer
