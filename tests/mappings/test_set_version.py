"""Setting the version of a set of mappings: one line of its file changes."""

from __future__ import annotations

import pytest
from rows import HEAD

from competency_graph.errors import EvaluationError
from competency_graph.mappings import parse
from competency_graph.mappings.set_version import with_version

TABLE = HEAD + "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
ID = "# mapping_set_id: https://example.org/acme/links\n"
OLD, NEW = "# mapping_set_version: 1.0.0\n", "# mapping_set_version: 1.1.0\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(TABLE, TABLE.replace(ID, ID + NEW), id="first version"),
        pytest.param(TABLE.replace(ID, ID + OLD), TABLE.replace(ID, ID + NEW), id="next version"),
        pytest.param(OLD + TABLE, NEW + TABLE, id="first line"),
        pytest.param(
            TABLE.replace("# ", "#"), TABLE.replace(ID, ID + NEW).replace("# ", "#"), id="no spaces"
        ),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_only_its_line_changes(before: str, after: str, ending: str, mark: str) -> None:
    old, new = ((mark + each.replace("\n", ending)).encode() for each in (before, after))
    assert with_version(old, "1.1.0", "links.sssom.tsv") == new
    assert parse(new, "links.sssom.tsv").texts("mapping_set_version") == ["1.1.0"]


def test_a_head_that_does_not_allow_it_is_an_error_with_the_line_to_write() -> None:
    text = TABLE.replace(
        ID, "# comment: >\n#   some\n" + ID.replace("# ", '# "', 1).replace(":", '":', 1)
    )
    with pytest.raises(EvaluationError, match=r"# mapping_set_version: 1\.1\.0"):
        with_version(text.encode(), "1.1.0", "links.sssom.tsv")
