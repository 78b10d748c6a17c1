"""Lines that are plainly text: what spares them the rules for headings agrees with these rules."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from postmortem.normalize.sections import (
    Line,
    heading_level,
    is_list_mark,
    is_plainly_text,
    starts_with_stamp,
)

WORDS = st.lists(
    st.sampled_from(
        ["Summary", "ROOT", "cause:", "the", "10:02", "was", "**Impact**", "Why", "down.", "=", "-", "3 May"]
    ),
    min_size=1,
    max_size=14,
).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(
    WORDS,
    WORDS | st.just(""),
    st.sampled_from(["", "-", "1.", "🔥", ":fire:"]),
    st.sampled_from(["", "---", "====", "text"]),
    st.booleans(),
    st.booleans(),
)
def test_a_line_that_is_plainly_text_is_no_heading(
    content: str, raw: str, marker: str, following: str, nested: bool, after_blank: bool
) -> None:
    stamped = starts_with_stamp(content)
    for written in (content, raw or content):
        line = Line(
            content, written, "", marker, 0, following, nested, after_blank, False, (), True, stamped, is_list_mark(marker)
        )  # fmt: skip
        if is_plainly_text(content, written, marker, following, stamped=stamped):
            assert heading_level(line) == (0, False)
