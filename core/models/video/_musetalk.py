"""MuseTalk 1.5: the lower half of a face made anew, so that it says what is heard (Zhang et al., arXiv:2410.10122).

One pass of a U-Net a frame, no diffusion: it sees the latents of a face without its lower half beside those of the
whole face, hears the hidden states of Whisper's encoder about the moment, and gives the latents of the speaking face.
What is cut, heard and pasted is that of the published code (github.com/TMElyralab/MuseTalk, MIT), but for two things:
the outline of the face is that of the face mesh, and the latents are the mode of their distribution, not a sample.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pickle import UnpicklingError
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from core.errors import NoModel
from core.media import Audio
from core.models import hub
from core.models.base import Progress
from core.models.video._faces import Points
from core.settings import Settings

HUB_ID = "TMElyralab/MuseTalk"
VAE_ID = "stabilityai/sd-vae-ft-mse"
EARS_ID = "openai/whisper-tiny"
WEIGHTS, CONFIG = "musetalkV15/unet.pth", "musetalkV15/musetalk.json"

STEPS_HZ = 50
"""Hidden states of Whisper's encoder a second."""
_BEFORE, _AFTER = 4, 6
"""Steps that a frame hears before its moment and from it on."""
_PERIOD = 10_000.0
_BOTTOM = 10 / 256
"""Room below the chin, as a part of the height of the cut: a jaw that drops needs it."""
_FEATHER = 0.06
"""How wide the new face fades into the old one, as a part of the cut's width; always inside of the outline."""
_MIDDLE = (195, 5)
"""Points of the nose's bridge between which is the middle of the cut: the third of four from brows to tip."""
_OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip

Pixels = NDArray[np.uint8]
Features = NDArray[np.float32]


def missing(settings: Settings) -> str | None:
    """None, or what to install or to download: the network, its autoencoder, its ears."""
    lacking = hub.missing(settings, HUB_ID, "diffusers", file=WEIGHTS)
    if lacking and lacking.startswith("install"):
        return lacking
    if lacking or not all(hub.located(settings, HUB_ID, file) for file in (WEIGHTS, CONFIG)):
        return (
            f"its weights are not on this machine, or not whole: run `hf download {HUB_ID} {WEIGHTS} {CONFIG}`, "
            "or put them into AUDIOGPT_HUB_DIR"
        )
    for needed in (VAE_ID, EARS_ID):
        if lacking := hub.missing(settings, needed):
            return lacking.replace("its weights", f"the weights of {needed}")
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """What of a picture the network sees, and what of it is made anew."""

    left: int
    top: int
    right: int
    bottom: int
    """Its edges in pixels of the picture; it may reach beyond the picture."""
    mask: Features
    """How much of each pixel is new, 0 to 1, shape (height, width) of the picture: the face below its middle alone."""

    @classmethod
    def of(cls, points: Points, height: int, width: int) -> Cut:
        """The cut of a face: as wide as its points, from the chin as far up as down, about the nose's bridge.

        Args:
            points: shape (468, 3) in pixels of the picture.
            height: of the picture, in pixels.
            width: likewise.
        """
        middle = float(points[_MIDDLE, 1].mean())
        chin = float(points[:, 1].max())
        top = int(np.floor(2 * middle - chin))
        bottom = int(np.ceil(chin + _BOTTOM * (chin - top)))
        left, right = int(np.floor(points[:, 0].min())), int(np.ceil(points[:, 0].max()))
        # Not from the bridge itself: the room below the chin moves the half that the network sees masked.
        mask = _jaw(points, (top + bottom) / 2, bottom, (height, width), _FEATHER * (right - left))
        return cls(left, top, right, bottom, mask)

    def taken(self, picture: Pixels, side: int) -> Pixels:
        """The face, shape (side, side, 3); what lies beyond the picture repeats its edge."""
        from PIL import Image

        height, width = picture.shape[:2]
        rows = np.clip(np.arange(self.top, self.bottom), 0, height - 1)
        columns = np.clip(np.arange(self.left, self.right), 0, width - 1)
        part = Image.fromarray(picture[np.ix_(rows, columns)])
        return np.asarray(part.resize((side, side), Image.Resampling.LANCZOS), np.uint8)

    def pasted(self, picture: Pixels, face: Pixels) -> Pixels:
        """A new picture, with the lower part of a `face` that was made from what was `taken`, shape (side, side, 3)."""
        import cv2

        height, width = picture.shape[:2]
        size = (self.right - self.left, self.bottom - self.top)
        way = cv2.INTER_AREA if size[0] < face.shape[1] else cv2.INTER_CUBIC
        fitted = cv2.resize(face, size, interpolation=way).astype(np.float32)
        top, left = max(self.top, 0), max(self.left, 0)
        there = (slice(top, min(self.bottom, height)), slice(left, min(self.right, width)))
        seen = fitted[there[0].start - self.top :, there[1].start - self.left :]
        old = picture[there].astype(np.float32)
        seen = seen[: old.shape[0], : old.shape[1]]
        made = picture.copy()
        made[there] = np.rint(old + self.mask[there][..., None] * (seen - old)).astype(np.uint8)
        return made


def _jaw(points: Points, below: float, bottom: int, shape: tuple[int, int], feather: float) -> Features:
    """A mask of the face `below` a row, and of the room under it where its jaw may go; fading inside of its outline."""
    import cv2

    face = np.zeros(shape, np.uint8)
    cv2.fillPoly(face, [np.rint(points[_OVAL, :2]).astype(np.int32)], 1)
    room = max(0, bottom - int(np.ceil(points[:, 1].max())) - 1)
    face = np.asarray(cv2.dilate(face, np.ones((room + 1, 1), np.uint8), anchor=(0, room)), np.uint8)
    face[: max(0, round(below))] = 0
    deep = np.clip(cv2.distanceTransform(face, cv2.DIST_L2, 5) / max(feather, 1.0), 0, 1)
    return np.asarray(deep * deep * (3 - 2 * deep), np.float32)


def windows(features: Features, first: int, count: int, fps: float) -> Features:
    """What frames hear: for frame n the ten steps from 50 n / fps - 4 on, silence where there are none.

    Args:
        features: shape (steps, layers, width), 50 steps a second.
        first: number of the first frame.
        count: how many frames.
        fps: frames a second.

    Returns:
        Shape (count, 10 * layers, width): the layers of the first step, those of the second, and so on.
    """
    starts = np.floor((first + np.arange(count)) * STEPS_HZ / fps).astype(np.int64) - _BEFORE
    at = starts[:, None] + np.arange(_BEFORE + _AFTER)
    inside = (at >= 0) & (at < len(features))
    heard = np.zeros((*at.shape, *features.shape[1:]), np.float32)
    heard[inside] = features[at[inside]]
    return heard.reshape(count, -1, features.shape[-1])


def positions(length: int, width: int) -> Features:
    """The sinusoidal encoding of Vaswani et al. 2017 (arXiv:1706.03762), sines and cosines in turn: (length, width)."""
    turns = np.arange(length)[:, None] * _PERIOD ** (-np.arange(0, width, 2) / width)
    encoded = np.empty((length, width), np.float32)
    encoded[:, 0::2] = np.sin(turns)
    encoded[:, 1::2] = np.cos(turns[:, : width // 2])
    return encoded


class MuseTalk:
    """The networks, loaded: ears, autoencoder, U-Net."""

    def __init__(self, settings: Settings, device: str) -> None:
        """Read the weights: half precision on a GPU.

        Raises:
            NoModel: they are not there, or not whole.
        """
        from diffusers import AutoencoderKL
        from transformers import WhisperFeatureExtractor, WhisperModel

        self._device, self._dtype = device, hub.dtype(device)
        self._extractor = hub.pretrained(WhisperFeatureExtractor, settings, EARS_ID)
        ears = hub.pretrained(WhisperModel, settings, EARS_ID, dtype=self._dtype).get_encoder()
        vae = hub.pretrained(AutoencoderKL, settings, VAE_ID, dtype=self._dtype, low_cpu_mem_usage=False)
        unet = _unet(settings, self._dtype)
        self._ears, self._vae, self._unet = (network.to(device).eval() for network in (ears, vae, unet))
        self._scale = float(vae.config.scaling_factor)
        self.side = int(vae.config.sample_size)
        """Of the faces that it takes and makes, in pixels."""

    def listen(self, sound: Audio, told: Progress) -> Features:
        """The hidden states of all of the ears' layers, shape (steps, layers + 1, width), 50 steps a second.

        `told` hears before each stretch, of as many seconds as the ears take at once, which part is done.
        """
        import torch

        rate, stretch = int(self._extractor.sampling_rate), int(self._extractor.n_samples)
        mono = np.asarray(soxr.resample(sound.mono(), sound.sample_rate, rate), np.float32)
        heard: list[Features] = []
        for start in range(0, max(len(mono), 1), stretch):
            told(start / max(len(mono), 1))
            part = mono[start : start + stretch]
            mel = self._extractor(part, sampling_rate=rate, return_tensors="pt").input_features
            with torch.inference_mode():
                states = self._ears(mel.to(self._device, self._dtype), output_hidden_states=True).hidden_states
            heard.append(torch.stack(states, dim=2)[0].float().cpu().numpy())
        # What is behind the sound's end is Whisper's own padding, which the network never heard.
        return np.concatenate(heard)[: len(mono) * STEPS_HZ // rate]

    def latents(self, face: Pixels) -> Any:
        """What the U-Net sees of a face of shape (side, side, 3): (1, 8, side / 8, side / 8), the masked half first."""
        import torch

        whole = torch.from_numpy(face.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
        masked = whole.clone()
        masked[:, :, self.side // 2 :] = -1
        with torch.inference_mode():
            seen = self._vae.encode(torch.cat([masked, whole]).to(self._device, self._dtype)).latent_dist.mode()
        return torch.cat([seen[:1], seen[1:]], dim=1) * self._scale

    def faces(self, latents: Any, heard: Features) -> Pixels:
        """The faces that speak: (count, side, side, 3), of what is seen and of `windows` (count, tokens, width)."""
        import torch

        tokens = torch.from_numpy(heard + positions(*heard.shape[1:])).to(self._device, self._dtype)
        with torch.inference_mode():
            seen = latents.expand(len(heard), -1, -1, -1)
            # It was trained at this step of no noise: it makes the face at once.
            spoken = self._unet(seen, torch.zeros(1, device=self._device), encoder_hidden_states=tokens).sample
            pictures = self._vae.decode(spoken / self._scale).sample
        shown = (pictures.float().permute(0, 2, 3, 1).cpu().numpy() / 2 + 0.5).clip(0, 1)
        return np.asarray(np.rint(np.nan_to_num(shown) * 255), np.uint8)


def _unet(settings: Settings, dtype: Any) -> Any:
    """The U-Net with its weights in a precision, on the CPU.

    Raises:
        NoModel: the weights are not there, not whole, or not those of its config.
    """
    import torch
    from diffusers import UNet2DConditionModel

    weights, config = (hub.located(settings, HUB_ID, file) for file in (WEIGHTS, CONFIG))
    if weights is None or config is None:
        raise NoModel(f"The weights of {HUB_ID} are not on this machine.")
    try:
        with torch.device("meta"):  # no memory, and no random numbers, for what is overwritten at once
            network = UNet2DConditionModel(**json.loads(config.read_text()))
        state = torch.load(weights, map_location="cpu", weights_only=True)
        network.load_state_dict({name: weight.to(dtype) for name, weight in state.items()}, assign=True)
    except (OSError, ValueError, TypeError, AttributeError, RuntimeError, EOFError, UnpicklingError) as error:
        raise NoModel(f"The weights of {HUB_ID} on this machine are not whole.") from error
    return network
