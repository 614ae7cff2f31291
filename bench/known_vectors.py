"""Makes the vectors that the matcher has ready, of the texts that it meets most often.

Texts of ESCO and O*NET, whose official downloads ``COMPETENCY_ESCO`` and ``COMPETENCY_ONET`` name
(folders, or RDF files made of them), and of the published dictionary. The file holds no text:
numbers that hash the texts, their vectors by the language model, rounded to whole numbers on 128
axes, and the model's word pieces. Takes about ten minutes.

The word pieces come from the present file, or from ``tokenizer.json`` of
sentence-transformers/all-MiniLM-L6-v2, which ``--tokenizer`` names.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from competency_graph import linking, resources
from competency_graph.linking.matching import sentence_vectors as room
from frameworks import PLACES, graph

AXES = 128


def texts() -> Iterable[tuple[str, str]]:
    """The labels, each with a definition or "", of frameworks and of the dictionary."""
    entries = linking.entries(resources.turtle_files(resources.DATA), (), "en")
    yield from ((each.label, each.definition) for each in entries)
    yield from ((label, "") for each in entries for label in each.within)
    with tempfile.TemporaryDirectory() as folder:
        for name in PLACES:
            path = graph(name, folder)
            if path is None:
                raise SystemExit(f"{PLACES[name]} does not name the official download of {name}")
            yield from ((each.label, each.definition) for each in linking.target([path], "en"))


def word_pieces(tokenizer: Path | None) -> list[str]:
    if tokenizer is None:
        with np.load(room.KNOWN) as known:
            return known["pieces"].tobytes().decode().split("\n")
    vocabulary = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]["vocab"]
    return sorted(vocabulary, key=vocabulary.__getitem__)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the vectors that the matcher has ready.")
    parser.add_argument("--tokenizer", type=Path, help="tokenizer.json of the language model")
    pieces = word_pieces(parser.parse_args().tokenizer)
    model = room.Model(pieces)
    known = {room.key(label, definition): (label, definition) for label, definition in texts()}
    keys, found = sorted(known), []
    for number, each in enumerate(keys):
        if number % 1_000 == 0:
            print(f"{number:,} of {len(keys):,}", flush=True)
        found.append(model.of(*known[each]))
    vectors = np.array(found)
    # The axes on which the vectors differ most; not centred, so that angles are kept.
    _, _, axes = np.linalg.svd(vectors, full_matrices=False)
    axes = axes[:AXES].T.astype(np.float16)
    reduced = room.normalized(vectors @ axes.astype(np.float32))
    whole = np.round(reduced / np.abs(reduced).max(axis=1, keepdims=True) * 127).astype(np.int8)
    np.savez_compressed(
        room.KNOWN, keys=np.array(keys, np.uint64), vectors=whole, axes=axes,
        pieces=np.frombuffer("\n".join(pieces).encode(), np.uint8),
    )  # fmt: skip
    print(f"{len(keys):,} vectors in {room.KNOWN}, {room.KNOWN.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
