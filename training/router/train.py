"""Trains the embedded router's head from the templates: `python -m training.router.train`.

Prints the accuracy on templates that were held out, then fits on all of them and writes `core/embedded/head.npz`. The
same templates give the same file on the same machine.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import torch

from core.embedded.clauses import gist
from core.embedded.head import WEIGHTS, inputs
from core.encoder import Vectors, shared_encoder
from training.router.templates import Utterance, utterances, vocabulary

FOLDS = 4
SEEDS = 3
"""Times that the templates are grown anew."""
HIDDEN, DROPOUT, INPUT_DROPOUT = 512, 0.5, 0.1
EPOCHS, BATCH, LEARNING_RATE, WEIGHT_DECAY = 20, 512, 4e-3, 1e-2
SMOOTHING = 0.05
"""Of the labels: a head that is never quite sure tells better where two requests meet."""


def fold_of(text: str) -> int:
    """Which fold a template is in."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % FOLDS


def network(width: int, labels: int) -> torch.nn.Sequential:
    """The head as it is trained."""
    return torch.nn.Sequential(
        torch.nn.Dropout(INPUT_DROPOUT),
        torch.nn.Linear(width, HIDDEN),
        torch.nn.ReLU(),
        torch.nn.Dropout(DROPOUT),
        torch.nn.Linear(HIDDEN, labels),
    )


def fit(rows: list[Utterance], x: Vectors, names: list[str]) -> torch.nn.Sequential:
    """The trained network; a template counts by the square root of its sentences, so that long ones do not rule."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    grown = Counter((r.label, r.template) for r in rows)
    weights = torch.tensor([grown[r.label, r.template] ** -0.5 for r in rows])
    weights /= weights.mean()
    given, wanted = torch.from_numpy(x), torch.tensor([names.index(r.label) for r in rows])
    net = network(x.shape[1], len(names))
    optimiser = torch.optim.AdamW(net.parameters(), weight_decay=WEIGHT_DECAY)
    steps = EPOCHS * -(-len(rows) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=steps)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(rows)).split(BATCH):
            optimiser.zero_grad()
            loss = torch.nn.functional.cross_entropy(
                net(given[batch]), wanted[batch], reduction="none", label_smoothing=SMOOTHING
            )
            (loss * weights[batch]).mean().backward()
            optimiser.step()
            schedule.step()
    return net.eval()


def validate(rows: list[Utterance], x: Vectors, names: list[str]) -> float:
    """Print the accuracy by label and register on held-out templates; returns that of all of them."""
    folds = np.array([fold_of(r.template) for r in rows])
    right = np.zeros(len(rows), dtype=bool)
    for fold in range(FOLDS):
        held = folds == fold
        net = fit([r for r, out in zip(rows, held, strict=True) if not out], x[~held], names)
        with torch.no_grad():
            found = net(torch.from_numpy(x[held])).argmax(1).tolist()
        labels = [r.label for r, out in zip(rows, held, strict=True) if out]
        right[held] = [names[i] == label for i, label in zip(found, labels, strict=True)]
    groups: dict[str, list[bool]] = defaultdict(list)
    for row, hit in zip(rows, right, strict=True):
        groups[row.family].append(bool(hit))
        groups[f"* {row.label}"].append(bool(hit))
        groups[f"** {row.family.partition('/')[2].partition('-')[0]}"].append(bool(hit))
    for name, hits in sorted(groups.items()):
        print(f"{name:45} {np.mean(hits):6.3f}  n={len(hits)}")
    print(f"{'held-out templates':45} {right.mean():6.3f}  n={len(rows)}")
    return float(right.mean())


def words_of(rows: list[Utterance]) -> list[str]:
    """Those that the templates are made of, the commonest first: what is mistyped is told by them."""
    counted = Counter(word for r in rows for word in re.findall(r"[^\W\d_]{3,}", r.template.lower()))
    slots = (choice for choices in vocabulary().values() for choice in choices)
    counted.update(word for choice in slots for word in re.findall(r"[^\W\d_]{3,}", choice.lower()))
    return [word for word, _ in counted.most_common() if word[0] < "\u2e80"]


def write(net: torch.nn.Sequential, names: list[str], words: list[str], path: Path) -> None:
    """The weights in half precision, as `core.embedded.head` reads them."""
    layers = {"hidden": net[1], "weights": net[4]}
    values = {name: layer.weight.detach().numpy().astype(np.float16) for name, layer in layers.items()}
    biases = {name: net[i].bias.detach().numpy().astype(np.float16) for name, i in (("hidden_bias", 1), ("bias", 4))}
    np.savez_compressed(path, labels=np.array(names), words=np.array(words), **values, **biases)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--no-validation", action="store_true", help="only fit and write")
    given = parser.parse_args()
    rows = list({(u.text, u.label, u.state): u for seed in range(SEEDS) for u in utterances(seed)}.values())
    names = sorted({r.label for r in rows})
    print(f"{len(rows)} sentences, {len(names)} labels")
    gists = sorted({gist(r.text) for r in rows})
    place = {text: i for i, text in enumerate(gists)}
    vectors = shared_encoder().encode(gists)
    x = inputs(vectors[[place[gist(r.text)] for r in rows]], [r.state for r in rows])
    if not given.no_validation:
        validate(rows, x, names)
    write(fit(rows, x, names), names, words_of(rows), given.out)
    print(f"{given.out}: {given.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
