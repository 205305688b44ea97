"""Trains the embedded router's heads from the templates: `python -m training.router.train`.

Prints the accuracy on templates that were held out, then fits on all of them and writes `core/embedded/head.npz` and,
for the kinds of edits, `edits.npz`. The same templates give the same files on the same machine.
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
from core.embedded.edit_kinds import WEIGHTS as KINDS
from core.embedded.grams import grams
from core.embedded.head import WEIGHTS, inputs
from core.encoder import Vectors, shared_encoder
from training.router.combined import combined
from training.router.templates import Utterance, utterances, vocabulary

FOLDS = 4
SEED = 0
SEEDS = 2
"""Times that the templates are grown anew."""
HIDDEN, HIDDEN_OF_KINDS, DROPOUT, INPUT_DROPOUT = 512, 128, 0.5, 0.1
EPOCHS, BATCH, LEARNING_RATE, WEIGHT_DECAY = 20, 512, 4e-3, 1e-2
WORD_DROPOUT = 0.7
FEWEST_TEMPLATES, MOST_FEATURES, MOST_GRAMS = 3, 32_000, 48
"""Of a gram: in how many templates it stands; how many there are at most; how many of a sentence are looked at."""
SMOOTHING = 0.05
"""Of the labels: a head that is never quite sure tells better where two requests meet."""


def grown(seed: int) -> list[Utterance]:
    """All sentences of a seed: those of one part and those of several."""
    rows = utterances(seed)
    return rows + list(combined(rows, seed))


def fold_of(text: str) -> int:
    """Which fold a template is in."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % FOLDS


class Network(torch.nn.Module):
    """A head as it is trained: the meaning through a hidden layer, and the words beside it."""

    def __init__(self, width: int, hidden: int, features: int, labels: int) -> None:
        super().__init__()
        self.deep = torch.nn.Sequential(
            torch.nn.Dropout(INPUT_DROPOUT),
            torch.nn.Linear(width, hidden),
            torch.nn.ReLU(),
            torch.nn.Dropout(DROPOUT),
            torch.nn.Linear(hidden, labels),
        )
        self.wide = torch.nn.Embedding(features + 1, labels, padding_idx=0)
        torch.nn.init.zeros_(self.wide.weight)

    def forward(self, x: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
        """Logits for inputs of shape (n, width) and features of shape (n, most), 0 where there is none."""
        if self.training:
            words = words * (torch.rand(words.shape) >= WORD_DROPOUT)
        count = (words > 0).sum(1, keepdim=True).clamp(min=1)
        sums: torch.Tensor = self.deep(x) + self.wide(words).sum(1) / count.sqrt()
        return sums


def features_of(rows: list[Utterance]) -> list[str]:
    """The grams that several templates have, the commonest first."""
    found: Counter[str] = Counter()
    for texts in _by_template(rows).values():
        found.update({gram for text in texts for gram in grams(text)})
    return [gram for gram, count in found.most_common(MOST_FEATURES) if count >= FEWEST_TEMPLATES]


def _by_template(rows: list[Utterance]) -> dict[tuple[str, str], list[str]]:
    grown: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        grown[row.label, row.template].append(gist(row.text))
    return grown


def places(rows: list[Utterance], features: list[str]) -> torch.Tensor:
    """Of each row: the places of its features, from 1 on, shape (rows, `MOST_GRAMS`)."""
    place = {gram: n for n, gram in enumerate(features, start=1)}
    found = np.zeros((len(rows), MOST_GRAMS), np.int64)
    for line, row in zip(found, rows, strict=True):
        known = [place[gram] for gram in grams(gist(row.text)) if gram in place][:MOST_GRAMS]
        line[: len(known)] = known
    return torch.from_numpy(found)


def fit(rows: list[Utterance], x: Vectors, names: list[str], features: list[str], *, kinds: bool = False) -> Network:
    """The trained network; a template counts by the square root of its sentences, so that long ones do not rule.

    With `kinds` it tells the kinds of edits apart, else the capabilities.
    """
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    grown = Counter((r.label, r.template) for r in rows)
    weights = torch.tensor([grown[r.label, r.template] ** -0.5 for r in rows])
    weights /= weights.mean()
    given, wanted = torch.from_numpy(x), torch.tensor([names.index(r.kind if kinds else r.label) for r in rows])
    words = places(rows, features)
    net = Network(x.shape[1], HIDDEN_OF_KINDS if kinds else HIDDEN, len(features), len(names))
    optimiser = torch.optim.AdamW(net.parameters(), weight_decay=WEIGHT_DECAY)
    steps = EPOCHS * -(-len(rows) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=steps)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(rows)).split(BATCH):
            optimiser.zero_grad()
            loss = torch.nn.functional.cross_entropy(
                net(given[batch], words[batch]), wanted[batch], reduction="none", label_smoothing=SMOOTHING
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
        learned = [r for r, out in zip(rows, held, strict=True) if not out]
        features = features_of(learned)
        net = fit(learned, x[~held], names, features)
        asked = [r for r, out in zip(rows, held, strict=True) if out]
        with torch.no_grad():
            found = net(torch.from_numpy(x[held]), places(asked, features)).argmax(1).tolist()
        right[held] = [names[i] == row.label for i, row in zip(found, asked, strict=True)]
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


def write(net: Network, names: list[str], words: list[str], features: list[str], path: Path) -> None:
    """The weights as `core.embedded.head` reads them: in half precision, those of the words in bytes."""
    values = {
        "hidden": net.deep[1].weight,
        "hidden_bias": net.deep[1].bias,
        "weights": net.deep[4].weight,
        "bias": net.deep[4].bias,
    }
    halves = {name: value.detach().numpy().astype(np.float16) for name, value in values.items()}
    wide = net.wide.weight.detach().numpy()[1:]
    scale = np.abs(wide).max(initial=1e-6) / 127
    texts = {"labels": "\n".join(names), "words": "\n".join(words), "grams": "\n".join(features)}
    np.savez_compressed(path, **texts, **halves, wide=np.round(wide / scale).astype(np.int8), wide_scale=scale)


def write_kinds(rows: list[Utterance], x: Vectors, path: Path) -> None:
    """The head that tells edits apart; of what was cut away in several it learns nothing."""
    told = np.array([bool(r.kind) for r in rows])
    edits = [r for r in rows if r.kind]
    names = sorted({r.kind for r in edits})
    features = features_of(edits)
    write(fit(edits, x[told], names, features, kinds=True), names, [], features, path)
    print(f"{path}: {path.stat().st_size:,} bytes, {len(edits)} sentences, {len(names)} kinds")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--kinds-out", type=Path, default=KINDS)
    parser.add_argument("--no-validation", action="store_true", help="only fit and write")
    given = parser.parse_args()
    rows = list({(u.text, u.label, u.state): u for seed in range(SEEDS) for u in grown(seed)}.values())
    names = sorted({r.label for r in rows})
    print(f"{len(rows)} sentences, {len(names)} labels")
    gists = sorted({gist(r.text) for r in rows})
    place = {text: i for i, text in enumerate(gists)}
    vectors = shared_encoder().encode(gists)
    x = inputs(vectors[[place[gist(r.text)] for r in rows]], [r.state for r in rows])
    if not given.no_validation:
        validate(rows, x, names)
    features = features_of(rows)
    write(fit(rows, x, names, features), names, words_of(rows), features, given.out)
    print(f"{given.out}: {given.out.stat().st_size:,} bytes")
    write_kinds(rows, x, given.kinds_out)


if __name__ == "__main__":
    main()
