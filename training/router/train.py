"""Trains the embedded router's head from the templates: `python -m training.router.train`.

Prints the accuracy on families of templates that were held out, then fits on all of them and writes
`core/embedded/head.npz`. The same templates give the same file.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import defaultdict
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from core.embedded.clauses import gist
from core.embedded.head import WEIGHTS, inputs
from core.encoder import Vectors, shared_encoder
from training.router.templates import Utterance, utterances

FOLDS = 4
SEEDS = 3
"""Times that the templates are grown anew."""
REGULARISATION = 12.0
"""Inverse strength, scikit-learn's C; chosen on the held-out families."""
ITERATIONS = 300


def fold_of(text: str) -> int:
    """Which fold a group of templates is in."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % FOLDS


def fit(x: Vectors, labels: list[str]) -> LogisticRegression:
    """The head: multinomial logistic regression."""
    return LogisticRegression(C=REGULARISATION, max_iter=ITERATIONS, tol=1e-4).fit(x, labels)


def validate(rows: list[Utterance], x: Vectors) -> float:
    """Print the accuracy by label and register on held-out templates; returns that of all of them."""
    labels = np.array([r.label for r in rows])
    folds = np.array([fold_of(r.template) for r in rows])
    right = np.zeros(len(rows), dtype=bool)
    for fold in range(FOLDS):
        held = folds == fold
        right[held] = fit(x[~held], labels[~held].tolist()).predict(x[held]) == labels[held]
    groups: dict[str, list[bool]] = defaultdict(list)
    for row, hit in zip(rows, right, strict=True):
        groups[row.family].append(bool(hit))
        groups[f"* {row.label}"].append(bool(hit))
        groups[f"** {row.family.partition('/')[2].partition('-')[0]}"].append(bool(hit))
    for name, hits in sorted(groups.items()):
        print(f"{name:45} {np.mean(hits):6.3f}  n={len(hits)}")
    print(f"{'held-out templates':45} {right.mean():6.3f}  n={len(rows)}")
    return float(right.mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--no-validation", action="store_true", help="only fit and write")
    given = parser.parse_args()
    rows = list({(u.text, u.label, u.state): u for seed in range(SEEDS) for u in utterances(seed)}.values())
    print(f"{len(rows)} sentences, {len({r.label for r in rows})} labels")
    x = inputs(shared_encoder().encode([gist(r.text) for r in rows]), [r.state for r in rows])
    if not given.no_validation:
        validate(rows, x)
    head = fit(x, [r.label for r in rows])
    np.savez_compressed(
        given.out,
        labels=np.array([str(c) for c in head.classes_]),
        weights=head.coef_.astype(np.float16),
        bias=head.intercept_.astype(np.float16),
    )
    print(f"{given.out}: {given.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
