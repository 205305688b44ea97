"""Weights of Conv-TasNets: our own, eight bits each, and those that the toolkit Asteroid has published."""

from __future__ import annotations

import json
import pickle
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from core.errors import NoModel
from core.models.speech._spectral_tasnet import Spectral, SpectralTasNet
from core.models.speech._tasnet import Shape, TasNet

_SCALE = ".scale"
_LEAST = 1e-8


def write(network: SpectralTasNet, path: Path) -> None:
    """Matrices in 8 bits with a scale for each row, all else in 16."""
    from safetensors.torch import save_file

    tensors: dict[str, Tensor] = {}
    for name, weights in network.state_dict().items():
        if name.endswith(".weight"):
            scale = weights.abs().amax(dim=1, keepdim=True).clamp_min(_LEAST) / 127
            tensors[name] = (weights / scale).round().to(torch.int8)
            tensors[name + _SCALE] = scale
        else:
            tensors[name] = weights.half()
    save_file(tensors, path, {"shape": json.dumps(asdict(network.shape))})


def read(path: Path) -> SpectralTasNet:
    """The network that `write` has kept."""
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        shape = Spectral(**json.loads(file.metadata()["shape"]))
        tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118, the file is no mapping
    network = SpectralTasNet(shape)
    network.load_state_dict(
        {
            name: weights * tensors[name + _SCALE] if name + _SCALE in tensors else weights
            for name, weights in tensors.items()
            if not name.endswith(_SCALE)
        }
    )
    return network.eval()


def published(path: Path) -> tuple[TasNet, int]:
    """A `ConvTasNet` of Asteroid from its `pytorch_model.bin`, and its sample rate in Hz.

    Raises:
        NoModel: the file is damaged, or holds a network of another kind.
    """
    try:
        kept = torch.load(path, map_location="cpu", weights_only=True)
        args, state = kept["model_args"], kept["state_dict"]
        network = TasNet(_shape(args))
        network.load_state_dict(_renamed(state))
    except (KeyError, ValueError, RuntimeError, pickle.UnpicklingError) as error:
        raise NoModel(f"The separation weights in {path.name} are damaged, or of another kind of network.") from error
    return network.eval(), int(args.get("sample_rate") or 1000 * args["stride"])


def _shape(args: dict[str, Any]) -> Shape:
    """Raises ValueError for what the network here does not do."""
    other = args["kernel_size"] != 2 * args["stride"] or args["norm_type"] != "gLN" or args["mask_act"] != "relu"
    if other or args.get("causal") or args.get("encoder_activation") not in (None, "linear", "relu"):
        raise ValueError(f"not the usual Conv-TasNet: {args}")
    return Shape(
        sources=args["n_src"], filters=args["n_filters"], stride=args["stride"], bottleneck=args["bn_chan"],
        hidden=args["hid_chan"], skip=args["skip_chan"] or 0, kernel=args["conv_kernel_size"],
        blocks=args["n_blocks"], repeats=args["n_repeats"],
        rectified=args.get("encoder_activation") == "relu",
    )  # fmt: skip


def _renamed(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights under the names and in the layouts of the network here. What is left out of `state` is missed."""
    matrix = {name: weights.squeeze(-1) for name, weights in state.items()}
    found = {
        "encoder.weight": state["encoder.filterbank._filters"][:, 0],
        "decoder.weight": state["decoder.filterbank._filters"][:, 0].T,
        "norm.gain": state["masker.bottleneck.0.gamma"],
        "norm.bias": state["masker.bottleneck.0.beta"],
        "bottleneck.weight": matrix["masker.bottleneck.1.weight"],
        "bottleneck.bias": state["masker.bottleneck.1.bias"],
        "slope": state["masker.mask_net.0.weight"][0],
        "masks.weight": matrix["masker.mask_net.1.weight"],
        "masks.bias": state["masker.mask_net.1.bias"],
    }
    for index in range(sum(name.endswith("res_conv.weight") for name in state)):
        theirs, ours = f"masker.TCN.{index}.", f"separator.{index}."
        shared = theirs + "shared_block."
        found[ours + "slopes"] = torch.cat([state[f"{shared}1.weight"], state[f"{shared}4.weight"]])
        found[ours + "depthwise"] = state[f"{shared}3.weight"][:, 0].T
        found[ours + "bias"] = state[f"{shared}3.bias"]
        for number, norm in enumerate((2, 5)):
            found[f"{ours}norms.{number}.gain"] = state[f"{shared}{norm}.gamma"]
            found[f"{ours}norms.{number}.bias"] = state[f"{shared}{norm}.beta"]
        for name, their in (("widen", f"{shared}0"), ("residual", f"{theirs}res_conv"), ("skip", f"{theirs}skip_conv")):
            if f"{their}.weight" in state:
                found[f"{ours}{name}.weight"] = matrix[f"{their}.weight"]
                found[f"{ours}{name}.bias"] = state[f"{their}.bias"]
    return found
