"""A validation that is repeated as its files change."""

from __future__ import annotations

from collections.abc import Sequence

from competency_graph.dictionary.base import extends_published
from competency_graph.validation.base import Base, read_base
from competency_graph.validation.findings import Report
from competency_graph.validation.incremental.revalidation import Revalidation
from competency_graph.validation.shapes.shapes_graph import Shapes
from competency_graph.validation.sources.author_files import Source
from competency_graph.validation.validator import Limits, Progress, validate_sources


class ValidationSession:
    """Validates files, and keeps what the next validation of the same files can use.

    Args:
        shapes: the shapes.
        base: the base that the files extend, one of `base.BASES`.
        inferring: whether shapes also validate inferred statements; nothing is kept then.
        engine: the name of one of `ENGINES`.
        limits: the limits of the engine; None sets none.
        allow_empty: whether files without entries are accepted.
        keeping: whether there will be a next validation; its sources must be `Source.keeping`.
    """

    def __init__(
        self,
        shapes: Shapes,
        base: str = "auto",
        inferring: bool = False,
        engine: str = "fast",
        limits: Limits | None = None,
        allow_empty: bool = False,
        keeping: bool = True,
    ) -> None:
        self._shapes, self._base_option, self._inferring = shapes, base, inferring
        self._engine, self._limits, self._allow_empty = engine, limits, allow_empty
        self._keeping = keeping and not inferring
        self._extends_published: bool | None = None
        self._base: Base
        self._revalidation: Revalidation | None = None

    def report(
        self, sources: Sequence[Source], progress: Progress = lambda doing, found: None
    ) -> Report:
        """Validate the files.

        Args:
            sources: the files; those that did not change are the same objects as before.
            progress: is called with the progress; an exception that it raises ends the validation,
                and what was kept of earlier ones remains usable.

        Raises:
            EvaluationError: the shapes are broken, or validation failed.
            LimitError: it exceeds the limits.
            UnreadableInputError: a file of the base cannot be read.
        """
        self._read_base(sources)
        if self._keeping:
            self._base = self._base.with_links_for(sources, always=True)
            self._revalidation = self._revalidation or Revalidation(
                self._base.statements, self._shapes
            )
        return validate_sources(
            sources, self._base, self._shapes, self._engine, self._limits, progress,
            self._revalidation, self._allow_empty,
        )  # fmt: skip

    def prepare(self) -> None:
        """Prepare for the next validation while the user edits."""
        if self._revalidation:
            self._revalidation.prepare()

    def _read_base(self, sources: Sequence[Source]) -> None:
        """Read the dictionary that the files extend, if it has changed."""
        extending = extends_published(self._base_option, (source.content for source in sources))
        if extending != self._extends_published:
            self._base = read_base(extending, self._inferring).with_own_classes(self._shapes)
            self._extends_published, self._revalidation = extending, None
