"""The page for reviewing links: who may write, what is refused, and that nothing is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from competency_graph.linking import Concept, Review
from competency_graph.linking.concept_search import ConceptSearch
from competency_graph.linking.reviewing.pace import Pace
from competency_graph.mappings import read
from competency_graph.web.reviewing.app import MAX_COMMENT, create_review_app, kind_in_words
from competency_graph.web.reviewing.desk import Desk, Progress
from competency_graph.web.reviewing.protection import MAX_BODY, Protection

ROOT = "http://127.0.0.1:8000"
HERE = "/review/secret"
LINKS = """\
# sssom_version: "1.1"
# mapping_set_id: https://example.org/acme/candidates
# license: https://creativecommons.org/licenses/by/4.0/
# curie_map:
#   mine: https://example.org/acme/
#   to: https://example.org/trade/
subject_id\tsubject_label\tsubject_category\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tconfidence\treviewer_agreement
mine:a\tHaggling\tcg:Ability\tskos:broadMatch\tto:1\tnegotiate\tsemapv:LexicalMatching\t0.9\t
mine:a\tHaggling\tcg:Ability\tskos:relatedMatch\tto:2\tforecast\tsemapv:LexicalMatching\t0.2\t0.5
mine:b\tPlans\tcg:Output\tskos:closeMatch\tto:3\tplan\tsemapv:LexicalMatching\t0.5\t
"""
CONCEPTS = [
    Concept("https://example.org/trade/1", "negotiate", ("bargain",), "Reach terms.", within=("trade",)),
    Concept("https://example.org/trade/4", "<b>bargain hunting</b>"),
]  # fmt: skip


@pytest.fixture
def review(tmp_path: Path) -> Review:
    (tmp_path / "acme.sssom.tsv").write_text(LINKS)
    return Review(tmp_path / "acme.sssom.tsv", tmp_path / "ann.sssom.tsv", "Ann")


def client_of(review: Review) -> FlaskClient:
    entry = Concept("https://example.org/acme/a", "Haggling", definition="Bargains hard.")
    desk = Desk(review, [entry], CONCEPTS)
    return create_review_app(desk, Protection(8000, "secret")).test_client()


@pytest.fixture
def client(review: Review) -> FlaskClient:
    return client_of(review)


def get(client: FlaskClient, path: str = "", **options: object) -> TestResponse:
    return client.get(HERE + path, base_url=ROOT, follow_redirects=True, **options)


def link(review: Review, number: int = 0) -> str:
    return f"/link/{review.identifier(review.candidates[number])}"


def post(client: FlaskClient, path: str, root: str = ROOT, **fields: str) -> TestResponse:
    return client.post(HERE + path, base_url=root, data=fields)


def test_a_link_is_shown_with_everything_about_it(client: FlaskClient) -> None:
    page = get(client).text
    assert '<h1 tabindex="-1">“negotiate” is broader than “Haggling”</h1>' in page
    for text in ("Bargains hard.", "Reach terms.", "bargain", "0 of 3 decided, 3 left", "forecast"):
        assert text in page


def test_a_decision_is_saved_before_the_next_link_is_shown(
    client: FlaskClient, review: Review
) -> None:
    answer = post(client, link(review), decision="narrow", comment="So.", confidence=".8")
    assert (answer.status_code, answer.location) == (303, HERE + link(review, 1))
    (row,) = read(review.output).mappings
    assert (row.predicate_id, row.comment, row.confidence) == ("skos:narrowMatch", "So.", "0.8")
    assert "1 of 3 decided, 2 left" in get(client).text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example:8000"},
        {"Host": "127.0.0.1:9999"},
    ],
)
def test_no_other_page_can_write(
    client: FlaskClient, review: Review, headers: dict[str, str]
) -> None:
    answer = client.post(
        HERE + link(review), base_url=ROOT, data={"decision": "exact"}, headers=headers
    )
    assert answer.status_code == 403
    assert not review.output.exists()


def test_no_other_page_can_read_by_a_name_of_its_own(client: FlaskClient) -> None:
    answer = client.get(HERE, base_url="http://evil.example:8000")
    assert answer.status_code == 403
    assert "secret" not in answer.text
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("secret", ["", "wrong", "secret2", "geheimnüß"])
def test_without_the_secret_nothing_is_shown_or_written(
    client: FlaskClient, review: Review, secret: str
) -> None:
    path = f"/review/{secret}{link(review)}"
    for answer in (client.get(path, base_url=ROOT),
                   client.post(path, base_url=ROOT, data={"decision": "exact"})):  # fmt: skip
        assert answer.status_code in (404, 405)
        assert "Haggling" not in answer.text
        assert "/review/secret" not in answer.text
    assert not review.output.exists()


def test_reading_writes_nothing(client: FlaskClient, review: Review) -> None:
    paths = ["", "/end", "/undo", *(link(review) + path for path in ("", "/next", "/none", "/add"))]
    for path in paths:
        get(client, f"{path}?decision=exact&concept=https://example.org/trade/4")
    assert not review.output.exists()
    assert len(review.candidates) == 3


def test_a_page_is_kept_nowhere_and_runs_only_its_own_script(client: FlaskClient) -> None:
    answer = get(client)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "same-origin", "else forms send “Origin: null”"
    assert not re.search(r"<script(?![^>]* src=)|\son\w+=|style=", answer.text)


def test_what_files_say_is_text(client: FlaskClient, review: Review) -> None:
    page = get(client, f"{link(review)}?q=hunt").text
    assert "<b>bargain hunting" not in page
    page = get(client, f"{link(review)}?q=%3Cscript%3E").text
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"decision": "maybe"}, 400, "is not a decision on this"),
        ({}, 400, "is not a decision on this"),
        ({"decision": "exact", "confidence": "2"}, 400, "not a number from 0 to 1"),
        ({"decision": "exact", "confidence": "nan"}, 400, "not a number from 0 to 1"),
        ({"decision": "exact", "comment": "x" * (MAX_COMMENT + 1)}, 400, "Shorten it"),
        ({"decision": "exact", "comment": "x" * MAX_BODY}, 413, ""),
    ],
)
def test_wrong_input_is_refused(
    client: FlaskClient, review: Review, fields: dict[str, str], status: int, said: str
) -> None:
    answer = post(client, link(review), **fields)
    assert answer.status_code == status
    assert said in answer.text
    assert not review.output.exists()


@pytest.mark.parametrize("path", ["/link/0000", "/link/0000/next", "/link/..%2f..", "/nothing"])
def test_an_unknown_link_is_not_found(client: FlaskClient, path: str) -> None:
    assert get(client, path).status_code == 404


@pytest.mark.parametrize("query", ["?state=x", "?least=x", "?most=2", "?least=nan"])
def test_a_wrong_selection_is_refused(client: FlaskClient, query: str) -> None:
    assert get(client, query).status_code == 400


@pytest.mark.parametrize("name", ["exact", "close", "broad", "narrow", "related"])
def test_a_label_with_a_colon_and_signs_of_html_stays_whole(tmp_path: Path, name: str) -> None:
    links = LINKS.replace("closeMatch", f"{name}Match").replace("Plans", "A: {x} & <b>")
    (tmp_path / "acme.sssom.tsv").write_text(links)
    review = Review(tmp_path / "acme.sssom.tsv", tmp_path / "ann.sssom.tsv", "Ann")
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", get(client_of(review), link(review, 2)).text)
    assert heading
    assert "“plan”" in heading[1]
    assert "“A: {x} &amp; &lt;b&gt;”" in heading[1]


def test_the_search_ignores_punctuation() -> None:
    crm = Concept("urn:crm", "customer relationship management (CRM)")
    books = Concept("urn:books", "book-keeping", ("accounts",))
    search = ConceptSearch([crm, books])
    assert search.find("crm Customer") == [crm]
    assert search.find("keeping") == [books]
    assert search.find("(acc") == [books]
    assert search.find("eeping") == search.find("") == search.find("!?") == []


def test_control_characters_do_not_reach_the_file(client: FlaskClient, review: Review) -> None:
    post(client, link(review), decision="exact", comment="a\tb\r\n\x1b[2Jc\u202e")
    assert read(review.output).mappings[0].comment == "a b [2Jc"


def test_two_windows_do_not_overwrite_each_other(client: FlaskClient, review: Review) -> None:
    assert post(client, link(review), decision="exact", before="").status_code == 303
    answer = post(client, link(review), decision="reject", before="")
    assert answer.status_code == 409
    assert "You decided: <b>exact</b>" in answer.text
    assert post(client, link(review), decision="reject", before="exact").status_code == 303
    assert read(review.output).mappings[0].negated


def test_how_sure_one_was_stays_with_the_same_decision(client: FlaskClient, review: Review) -> None:
    post(client, link(review), decision="exact", confidence="0.3")
    post(client, link(review), decision="exact", comment="So.", before="exact")
    assert read(review.output).mappings[0].confidence == "0.3"
    post(client, link(review), decision="broad", before="exact")
    assert read(review.output).mappings[0].confidence == "0.9", "as proposed"


def test_a_change_by_another_program_is_noticed(client: FlaskClient, review: Review) -> None:
    post(client, link(review), decision="exact")
    changed = review.output.read_text().replace("exactMatch", "closeMatch")
    review.output.write_text(changed)
    answer = post(client, link(review, 1), decision="close")
    assert answer.status_code == 409
    assert "has changed the file of decisions" in answer.text
    assert review.output.read_text() == changed
    assert post(client, link(review, 1), decision="close").status_code == 303
    assert [m.predicate_id for m in read(review.output).mappings] == ["skos:closeMatch"] * 2


def test_a_file_that_cannot_be_written_is_reported(review: Review, tmp_path: Path) -> None:
    review = Review(tmp_path / "acme.sssom.tsv", tmp_path / "missing" / "ann.sssom.tsv", "Ann")
    client = client_of(review)
    answer = post(client, link(review), decision="exact")
    assert answer.status_code == 503
    assert "the folder to write this in does not exist" in answer.text
    assert "0 of 3 decided" in get(client).text


def test_if_all_is_rejected_one_can_say_that_nothing_corresponds(
    client: FlaskClient, review: Review
) -> None:
    post(client, link(review, 0), decision="reject")
    answer = post(client, link(review, 1), decision="reject")
    assert answer.location == HERE + link(review, 1) + "/none"
    assert "nothing that “Haggling” corresponds to" in get(client, link(review, 1) + "/none").text
    done = post(client, link(review, 1) + "/none", comment="Bargaining.")
    assert done.location == HERE + link(review, 2)
    assert read(review.output).mappings[-1].object_id == "sssom:NoTermFound"


@pytest.mark.parametrize(
    ("query", "shown"),
    [("", "negotiate"), ("?kind=cg:Output", "plan"), ("?disputed=1", "forecast"),
     ("?most=0.4", "forecast"), ("?least=0.4&most=0.6", "plan")],
)  # fmt: skip
def test_a_selection_shows_only_some(client: FlaskClient, query: str, shown: str) -> None:
    assert f'<h1 tabindex="-1">“{shown}”' in get(client, query).text


def test_a_selection_lasts_from_link_to_link(client: FlaskClient, review: Review) -> None:
    answer = post(client, link(review, 1) + "?disputed=1", decision="close")
    assert answer.location == HERE + "/end?disputed=1"
    end = get(client, "/end?disputed=1").text
    assert "All of these are decided" in end
    assert "2 left" in end


def test_what_was_skipped_is_shown_again(client: FlaskClient, review: Review) -> None:
    for number, to in ((0, link(review, 1)), (1, link(review, 2)), (2, "/end")):
        assert (
            client.get(HERE + link(review, number) + "/next", base_url=ROOT).location == HERE + to
        )
    assert "3 left, which you skipped" in get(client, "/end").text


def test_another_concept_becomes_a_link(client: FlaskClient, review: Review) -> None:
    page = get(client, f"{link(review)}?q=barg").text
    found = re.findall(r'name="concept" value="([^"]+)"', page)
    assert found == [f"https://example.org/trade/{number}" for number in (4, 1)], (
        "the other label comes after the label"
    )
    assert post(client, link(review) + "/add", concept="urn:unknown").status_code == 404
    answer = post(client, link(review) + "/add", concept="https://example.org/trade/4")
    assert answer.location == HERE + link(review, 2)
    post(client, link(review, 2), decision="narrow")
    assert read(review.output).mappings[0].object_id == "to:4"


def test_a_decision_can_be_taken_back(client: FlaskClient, review: Review) -> None:
    post(client, link(review), decision="exact")
    assert post(client, "/undo").location == HERE + link(review)
    assert read(review.output).mappings == ()
    assert post(client, "/undo").location == HERE + link(review)


def test_the_pace_says_how_long_the_rest_takes() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    assert pace.seconds is None
    for moment in (8, 20, 2000, 2010):  # a break of more than three minutes does not count
        now[0] = moment
        pace.decided()
    assert pace.seconds == 10
    assert Progress(4, 604, pace.seconds).minutes_left == 100
    assert Progress(0, 5, None).minutes_left is None


@pytest.mark.parametrize(
    ("name", "words"),
    [("cg:KeyAction", "key action"), ("cg:Role", "role"), ("ISCO group", "ISCO group")],
)
def test_kinds_are_shown_in_words(name: str, words: str) -> None:
    assert kind_in_words(name) == words
