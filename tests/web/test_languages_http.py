"""The language of a page: who chooses it, what caches may do, and which labels the page has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from competency_graph import Dictionary
from competency_graph.sandbox.request import Limits
from competency_graph.sandbox.scheduler import Scheduler
from competency_graph.web.backends import load_dictionary
from competency_graph.web.languages.negotiation import language_of

PAGE = "text/html"
ROLES = {"en": "Roles", "de": "Rollen", "fr": "Rôles", "es": "Roles"}
BAKERY = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX : <https://bakery.example/c/>

<https://bakery.example/c>
    a cg:CompetencyDictionary ;
    dcterms:title "Bakery"@en, "Bäckerei"@de ;
    dcterms:description "What bakers do."@en, "Was beim Backen zu tun ist."@de .
:baker a cg:Role ; skos:inScheme <https://bakery.example/c> ; skos:notation "R1" ;
    skos:prefLabel "Baker"@en, "Bäckerin"@de ; skos:definition "Bakes."@en, "Backt."@de ;
    cg:coversArea :dough, :sale .
:seller a cg:Role ; skos:inScheme <https://bakery.example/c> ; skos:notation "R2" ;
    skos:prefLabel "Seller"@en ; cg:coversArea :sale .
:dough a cg:AreaOfExpertise ; skos:inScheme <https://bakery.example/c> ; skos:notation "A1" ;
    skos:prefLabel "Dough"@en, "Teig"@de ; cg:requiresKnowledge :flour .
:sale a cg:AreaOfExpertise ; skos:inScheme <https://bakery.example/c> ; skos:notation "A2" ;
    skos:prefLabel "Sale"@en ; cg:requiresKnowledge :flour .
:flour a cg:Knowledge ; skos:inScheme <https://bakery.example/c> ; skos:notation "K1" ;
    skos:prefLabel "Types of flour"@en, "Mehlsorten"@de .
"""


GERMAN = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX : <https://backen.example/>
: a cg:CompetencyDictionary ; dcterms:title "Backen"@de .
:teig a cg:AreaOfExpertise ; skos:inScheme : ; skos:notation "A1" ; skos:prefLabel "Teig"@de ;
    cg:requiresKnowledge :mehl ; cg:requiresAbility :kneten .
:mehl a cg:Knowledge ; skos:inScheme : ; skos:prefLabel "Mehlsorten"@de .
:kneten a cg:Ability ; skos:inScheme : ; skos:prefLabel "Kneten"@de .
"""


def serving(dictionary: Dictionary) -> Iterator[FlaskClient]:
    loaded = load_dictionary(dictionary, Limits(), Scheduler())
    app = loaded.app()
    thread = app.extensions["search"].start()
    if thread:
        thread.join()
    yield app.test_client(use_cookies=False)
    loaded.close()


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    """The published dictionary, whose texts are English."""
    yield from serving(Dictionary())


@pytest.fixture(scope="module")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A dictionary with German labels for most entries."""
    path: Path = tmp_path_factory.mktemp("bakery") / "bakery.ttl"
    path.write_text(BAKERY)
    yield from serving(Dictionary([path], base="none"))


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A dictionary in German alone, without roles, links and anything there are two of."""
    path: Path = tmp_path_factory.mktemp("german") / "backen.ttl"
    path.write_text(GERMAN)
    yield from serving(Dictionary([path], base="none"))


def get(client: FlaskClient, path: str, accept: str = PAGE, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, headers={"Accept": accept, **named})


def language(reply: TestResponse) -> str:
    """The language of a page, which it says in three ways."""
    code = reply.headers["Content-Language"]
    assert f'<html lang="{code}">' in reply.text
    assert f">{ROLES[code]}</a>" in reply.text
    return code


@pytest.mark.parametrize(
    ("query", "cookie", "header", "expected"),
    [
        ("", "", "", "en"),
        ("", "", "de", "de"),
        ("", "", "de-AT, en;q=0.5", "de"),
        ("", "", "it, fr-CA;q=0.8, en;q=0.7", "fr"),
        ("", "", "en;q=0.2, es;q=0.9", "es"),
        ("", "", "DE", "de"),
        ("", "", "it, *;q=0.5", "en"),
        ("", "", "en;q=0, *", "de"),
        ("", "", "de;q=0, it", "en"),
        ("", "", "it", "en"),
        ("", "", ";;,=q", "en"),
        ("", "fr", "de", "fr"),
        ("", "xx", "de", "de"),
        ("lang=es", "fr", "de", "es"),
        ("lang=xx", "fr", "de", "fr"),
        ("lang=", "", "de", "de"),
        ("x=1&lang=es", "", "", "es"),
        ("slang=es", "", "", "en"),
    ],
)
def test_address_cookie_and_header_choose_in_this_order(
    query: str, cookie: str, header: str, expected: str
) -> None:
    environ = {
        "QUERY_STRING": query,
        "HTTP_COOKIE": f"other=1; lang={cookie}" if cookie else "",
        "HTTP_ACCEPT_LANGUAGE": header,
    }
    assert language_of(environ) == expected


@pytest.mark.parametrize(
    "path", ["/", "/about", "/queries/role-knowledge", "/nothing", "/sales.html"]
)
@pytest.mark.parametrize("code", ["en", "de", "fr", "es"])
def test_a_page_is_in_the_language_of_its_reader(client: FlaskClient, path: str, code: str) -> None:
    reply = get(client, path, Accept_Language=code)
    assert language(reply) == code
    assert {"Accept-Language", "Cookie"} <= set(reply.headers["Vary"].split(", "))
    assert "Set-Cookie" not in reply.headers


def test_a_choice_is_kept_in_a_cookie_and_nothing_else_sets_one(client: FlaskClient) -> None:
    chosen = get(client, "/about?lang=de")
    assert language(chosen) == "de"
    name, _, rest = chosen.headers["Set-Cookie"].partition("=")
    assert name == "lang"
    assert {"de", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(rest.split("; "))
    assert "private" in chosen.headers["Cache-Control"]
    kept = get(client, "/about", Cookie="lang=de", Accept_Language="fr")
    assert (language(kept), kept.headers.get("Set-Cookie")) == ("de", None)
    again = get(client, "/about?lang=de", Cookie="lang=de")
    assert "Set-Cookie" not in again.headers
    assert "Set-Cookie" not in get(client, "/about?lang=xx").headers
    assert "Set-Cookie" not in get(client, "/about?lang=de", "application/json").headers


def test_the_cache_gives_each_reader_their_language_and_nobody_anothers_cookie(
    client: FlaskClient,
) -> None:
    path = "/entries/area"
    first = {code: get(client, path, Accept_Language=code).text for code in ("en", "de", "fr")}
    assert len(set(first.values())) == 3
    for code, text in first.items():
        assert get(client, path, Accept_Language=f"{code}-XX,{code};q=0.9").text == text
        assert get(client, path, Cookie=f"lang={code}").text == text
    assert "Set-Cookie" in get(client, f"{path}?lang=de").headers
    assert "Set-Cookie" in get(client, f"{path}?lang=de").headers  # not from the cache
    assert "Set-Cookie" not in get(client, f"{path}?lang=de", Cookie="lang=de").headers
    assert "Set-Cookie" not in get(client, path, Accept_Language="de").headers


def test_the_cache_counts_what_is_resolved_not_what_is_sent(client: FlaskClient) -> None:
    path = "/entries/cluster"
    assert get(client, path, Accept_Language="de").text  # it is kept once it is read to the end
    before = cache_hits(client)
    for header in ("de-AT", "de-DE,de;q=0.9,en;q=0.8", "it,de;q=0.5"):
        hit = get(client, path, Accept_Language=header)
        assert hit.headers["Content-Language"] == "de"
    assert cache_hits(client) == before + 3


def cache_hits(client: FlaskClient) -> float:
    found = re.search(
        r"^competency_recalled_total (\S+)", client.get("/metrics").text, re.MULTILINE
    )
    assert found
    return float(found[1])


def test_a_validator_of_one_language_does_not_validate_another(client: FlaskClient) -> None:
    path = "/queries/role-knowledge"
    german = get(client, path, Accept_Language="de").headers["ETag"]
    english = get(client, path, Accept_Language="en").headers["ETag"]
    assert german != english
    same = get(client, path, Accept_Language="de", If_None_Match=german)
    assert (same.status_code, same.data) == (304, b"")
    assert "Accept-Language" in same.headers["Vary"]
    assert get(client, path, Accept_Language="fr", If_None_Match=german).status_code == 200


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/queries/role-knowledge", "application/sparql-results+json"),
        ("/queries/role-knowledge", "text/csv"),
        ("/sales/role/analyst.ttl", "*/*"),
        ("/entries/role", "application/json"),
        ("/about", "application/json"),
        ("/data", "application/json"),
        ("/graph?entry=R1", "application/json"),
        ("/compare?entry=R1&entry=R2", "application/json"),
        ("/why?subject=R1&property=cg:requires&object=K001", "application/json"),
        ("/search?q=negotiation", "application/json"),
        ("/search?q=negotiation&format=suggestions", "*/*"),
        ("/nothing", "application/problem+json"),
        ("/openapi.json", "*/*"),
        ("/sitemap.xml", "*/*"),
        ("/static/validate.js", "*/*"),
    ],
)
def test_data_has_no_language_of_its_own(client: FlaskClient, path: str, accept: str) -> None:
    english, german = (get(client, path, accept, Accept_Language=code) for code in ("en", "de"))
    without_id = re.compile(rb"urn:request:\w+")
    assert without_id.sub(b"", german.data) == without_id.sub(b"", english.data)
    assert german.headers.get("ETag") == english.headers.get("ETag")
    assert "Accept-Language" not in german.headers.get("Vary", "")
    assert "Content-Language" not in german.headers


def test_a_report_is_in_english(client: FlaskClient) -> None:
    form = {"data": "@prefix x: <urn:x:> .", "download": "report", "format": "html"}
    reply = client.post("/validate", data=form, headers={"Accept-Language": "de"})
    assert '<html lang="en">' in reply.text
    assert reply.headers["Content-Language"] == "en"
    assert "Accept-Language" not in reply.headers["Vary"]


@pytest.mark.parametrize("path", ["/", "/sales/role/analyst.html", "/queries/role-knowledge"])
def test_search_engines_find_each_language(client: FlaskClient, path: str) -> None:
    page = unescape(get(client, path).text)
    found = dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">', page))
    here = f"http://localhost{path}"
    assert found == {"x-default": here} | {code: f"{here}?lang={code}" for code in ROLES}
    assert f'<link rel="canonical" href="{here}">' in page
    german = unescape(get(client, f"{path}?lang=de").text)
    assert f'<link rel="canonical" href="{here}?lang=de">' in german
    assert f"<loc>{here}</loc>" in client.get("/sitemap.xml").text


COMPARED = "/compare?kind=role&entry=R1&entry=R5"


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        (COMPARED, COMPARED),
        (f"{COMPARED}&lang=fr", f"{COMPARED}&lang=fr"),
        ("/compare?kind=role&entry=R1", "/compare"),
        ("/links?match=relatedMatch&page=2", "/links?match=relatedMatch&page=2"),
        ("/graph?entry=R1", "/graph?entry=R1"),
        ("/matrix?order=roles&role=R1", "/matrix?role=R1"),
        ("/entries/role?page=", "/entries/role"),
    ],
)
def test_a_page_about_something_else_has_another_canonical_address(
    client: FlaskClient, path: str, canonical: str
) -> None:
    page = unescape(get(client, path).text)
    assert f'<link rel="canonical" href="http://localhost{canonical}">' in page


def test_crawlers_may_read_each_language_but_no_computed_answer(client: FlaskClient) -> None:
    rules = [
        line.split(": ", 1) for line in client.get("/robots.txt").text.splitlines() if ": " in line
    ]

    def allowed(path: str) -> bool:
        """By the longest rule that matches (RFC 9309, section 2.2.2)."""
        best = max(
            (len(pattern), kind == "Allow")
            for kind, pattern in [*rules, ["Allow", "/"]]
            if kind in ("Allow", "Disallow")
            and re.match(re.escape(pattern).replace(r"\*", ".*").replace(r"\$", "$"), path)
        )
        return best[1]

    assert allowed("/queries/role-knowledge?lang=de")
    assert allowed("/sparql?lang=fr")
    assert allowed("/entries/role?lang=es")
    assert allowed("/validate")
    assert allowed("/validate?lang=de")
    assert not allowed("/validate?data=x")
    assert not allowed("/queries/role-knowledge?role=R1&lang=de")
    assert not allowed("/queries/role-knowledge?lang=de&role=R1")
    assert not allowed("/sparql?query=ASK{}")


def test_the_switch_keeps_what_is_shown(client: FlaskClient) -> None:
    page = unescape(get(client, "/search?q=sales&kind=role&lang=fr").text)
    switch = re.findall(
        r'<a href="([^"]+)" hreflang="(\w+)" lang="\w+"[^>]*?( aria-current="true")?>', page
    )
    assert {code: bool(current) for _, code, current in switch} == {c: c == "fr" for c in ROLES}
    assert ("?q=sales&kind=role&lang=de", "de", "") in switch
    data = re.search(r'href="(/search\?[^"]*format=json)"', page)
    assert data and "lang=" not in data[1]


def test_english_texts_on_a_german_page_are_marked(client: FlaskClient) -> None:
    german = get(client, "/sales/role/analyst.html", Accept_Language="de").text
    english = get(client, "/sales/role/analyst.html").text
    assert '<h1><span lang="en">Analyst</span></h1>' in german
    assert "<h1>Analyst</h1>" in english
    assert re.search(r'<p class="lede"><span lang="en">', german)
    assert 'lang="en">Analyst' not in english


def test_names_within_a_sentence_are_marked(client: FlaskClient) -> None:
    german = get(client, f"{COMPARED}&lang=de").text
    first, second = ('<span lang="en">Consultant</span>', '<span lang="en">Analyst</span>')
    assert f'<p class="lead">Gemeinsam haben {first} und {second}: ' in german
    assert f"Nur {first} hat: " in german
    data = get(client, f"{COMPARED}&format=json", Accept_Language="de").json
    assert data["summary"].startswith("Consultant and Analyst share ")


def test_a_question_is_asked_in_the_language_of_the_reader(client: FlaskClient) -> None:
    german = get(client, "/queries/role-gap", Accept_Language="de").text
    assert "<h1>Von einer Rolle zu einer anderen</h1>" in german
    assert "<label>Angestrebte Rolle<" in german
    assert '<th scope="col">Eintrag</th><th scope="col">Art</th>' in german
    assert re.search(r'<a href="[^"]*/ontology#Knowledge"[^>]*>Kenntnisse</a>', german)
    assert "Von einer Rolle zu einer anderen" in get(client, "/queries?lang=de").text
    data = get(client, "/queries/role-gap", "text/csv", Accept_Language="de").text
    assert data.startswith("entry,entryLabel,kind\r\n")


def test_a_question_is_answered_in_the_language_of_the_reader(bakery: FlaskClient) -> None:
    german, french = (get(bakery, f"/queries/area-sizes?lang={code}").text for code in ("de", "fr"))
    assert ">Teig</a>" in german
    assert '<span lang="en">Dough</span></a>' in french
    assert "Dough" in get(bakery, "/queries/area-sizes?lang=de&language=en").text
    assert "Dough" in get(bakery, "/queries/area-sizes", "text/csv", Accept_Language="de").text


def test_a_dictionary_in_one_language_answers_questions_in_it(german: FlaskClient) -> None:
    assert "Teig" in get(german, "/queries/area-sizes", "text/csv").text
    home = get(german, "/", Accept_Language="de").text
    assert 'href="/queries/area-sizes">Umfang der Bereiche</a>' in home
    assert "<b>1</b> Kenntnis<" in home
    assert "<b>1</b> Fähigkeit<" in home
    assert "<b>1</b> Fähigkeit<" in get(german, "/teig.html", Accept_Language="de").text
    links = get(german, "/links", Accept_Language="de").text
    assert "Noch keine begründeten Verknüpfungen" in links
    assert "<table" not in links


@pytest.mark.parametrize(
    ("path", "german", "english"),
    [
        ("/nope", "Zu /nope ist nichts bekannt.", "nothing is known about /nope"),
        ("/sales/role/nope", "In /entries oder mit /search suchen.", "nothing is known about"),
        ("/links?nope=1", "Hier gibt es keinen Parameter „nope“.", "there is no parameter “nope”"),
        ("/links?pages=1", "Gemeint ist vielleicht page.", "there is no parameter “pages”"),
        ("/links?page=x", "„x“ ist keine Seitennummer.", "“x” is not the number of a page"),
        ("/links?page=1&page=2", "ist 2-mal angegeben.", "“page” is given 2 times"),
        ("/matrix?order=x", "Möglich sind: ", "there is no order “x”"),
        ("/entries/x", "Es gibt keine Einträge der Art „x“.", "there is no kind of entry “x”"),
    ],
)
def test_a_problem_is_told_in_the_language_of_the_reader(
    client: FlaskClient, path: str, german: str, english: str
) -> None:
    page = get(client, path, Accept_Language="de")
    assert page.status_code in (400, 404)
    assert german in page.text
    assert english in get(client, path, "application/json", Accept_Language="de").json["detail"]


def test_a_problem_that_is_not_translated_is_marked(client: FlaskClient) -> None:
    page = get(client, "/queries/role-titles?role=Astronaut", Accept_Language="de").text
    assert re.search(r'<p class="lead" lang="en">“Astronaut” is not a valid value', page)


def test_a_busy_service_says_so_in_the_language_of_the_reader(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(client.application.extensions, "scheduler", Scheduler(max_waiting=0))
    page = get(client, "/queries/role-titles?role=R2", Accept_Language="es")
    assert page.status_code == 503
    assert "El servicio está ocupado." in page.text
    data = get(client, "/queries/role-titles?role=R3", "application/json").json
    assert data["detail"] == "the service is busy with requests of other clients"


def test_labels_are_in_the_language_of_the_reader(bakery: FlaskClient) -> None:
    german, french = (
        get(bakery, "/entries/role", Accept_Language=code).text for code in ("de", "fr")
    )
    assert ">Bäckerin</a>" in german
    assert '<span lang="en">Seller</span></a>' in german
    assert "Backt." in german
    assert '<span lang="en">Baker</span></a>' in french
    assert "Bäckerin" not in french
    assert ">Baker</a>" in get(bakery, "/entries/role").text


@pytest.mark.parametrize(
    ("path", "german", "english"),
    [
        ("/", ["Bäckerei", "Was beim Backen zu tun ist.", "Teig", "Bäckerin"], ["Seller", "Sale"]),
        ("/c/baker.html", ["Bäckerin", "Backt.", "Teig", "Mehlsorten", "Kennt"], ["Sale"]),
        ("/matrix", ["Bäckerin", "Teig"], ["Seller", "Sale"]),
        ("/graph?entry=R1", ["Bäckerin", "Teig", "Mehlsorten"], ["Sale"]),
        ("/compare?entry=R1&entry=R2", ["Bäckerin", "Mehlsorten", "Teig"], ["Seller", "Sale"]),
        ("/search?q=Teig", ["<mark>Teig</mark>"], []),
        (
            "/why?subject=R1&property=cg:requires&object=K1",
            ["Bäckerin", "erfordert", "Mehlsorten"],
            [],
        ),
        ("/entries/knowledge", ["Mehlsorten", "Teig"], ["Sale"]),
    ],
)
def test_each_page_prefers_the_labels_of_its_language(
    bakery: FlaskClient, path: str, german: list[str], english: list[str]
) -> None:
    page = get(bakery, path, Accept_Language="de").text
    main = page.partition("<main")[2].partition("</main>")[0]
    for text in german:
        assert text in main
        assert f'<span lang="en">{text}' not in main
    for text in english:
        assert re.search(f'lang="en"[^>]*>{text}', main), text


def test_a_german_page_of_a_role_without_german_label_falls_back_to_english(
    bakery: FlaskClient,
) -> None:
    page = get(bakery, "/c/seller.html", Accept_Language="de").text
    assert '<h1><span lang="en">Seller</span></h1>' in page
    assert ">Berufsbezeichnung" not in page


def test_suggestions_are_in_the_language_that_their_address_names(bakery: FlaskClient) -> None:
    path = "/search?q=B&format=suggestions"
    assert get(bakery, f"{path}&lang=de", "*/*").json[1:3] == [["Bäckerin"], ["Rolle"]]
    assert get(bakery, path, "*/*", Accept_Language="de").json[1:3] == [["Baker"], ["Role"]]


def test_numbers_and_dates_are_written_as_in_the_language(client: FlaskClient) -> None:
    english, german = (get(client, "/data", Accept_Language=code).text for code in ("en", "de"))
    (large,) = set(re.findall(r'<td class="number">(\d+,\d+)</td>', english)[:1])
    assert f'<td class="number">{large.replace(",", ".")}</td>' in german
    assert (
        '<time datetime="2026-11-23">23. November 2026</time>'
        in get(client, "/about", Accept_Language="de").text
    )
    assert ">1 Rolle<" not in german
    french = get(client, "/about", Accept_Language="fr").text
    assert '<time datetime="2026-11-23">23 novembre 2026</time>' in french


def test_scripts_have_their_texts_and_english_needs_none(client: FlaskClient) -> None:
    german = get(client, "/validate", Accept_Language="de").text
    data = re.findall(r'<script type="application/json" class="texts">(.*?)</script>', german)
    assert any(
        '"%(number)s violation": ["%(number)s Verstoß", "%(number)s Verstöße"]' in d for d in data
    )
    assert any('"Copied": "Kopiert"' in each for each in data)
    assert any('"%(number)s statement": ["%(number)s Aussage", ' in each for each in data)
    assert 'class="texts"' not in get(client, "/validate").text
