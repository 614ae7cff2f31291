"""Files made to hurt: nothing is fetched, nothing else is read, and the answer comes soon."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from conftest import Run

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"'
BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
FILES = {
    "bomb.rdf": f'<!DOCTYPE x [<!ENTITY l0 "{"ha" * 100}">{BOMB}]><rdf:RDF {RDF}><rdf:Description rdf:about="http://e/s"><e:p>&l29;</e:p></rdf:Description></rdf:RDF>',
    "entity.rdf": f'<!DOCTYPE x [<!ENTITY s SYSTEM "@URL@">]><rdf:RDF {RDF}><rdf:Description rdf:about="http://e/s"><e:p>&s;</e:p></rdf:Description></rdf:RDF>',
    "file.rdf": f'<!DOCTYPE x [<!ENTITY s SYSTEM "file://@SECRET@">]><rdf:RDF {RDF}><rdf:Description rdf:about="http://e/s"><e:p>&s;</e:p></rdf:Description></rdf:RDF>',
    "quadratic.rdf": f'<!DOCTYPE x [<!ENTITY l "{"ha" * 50_000}">]><rdf:RDF {RDF}><rdf:Description rdf:about="http://e/s"><e:p>{"&l;" * 50_000}</e:p></rdf:Description></rdf:RDF>',
    "namespace.rdf": '<!DOCTYPE x [<!ENTITY e "http://e/">]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="&e;"><rdf:Description rdf:about="&e;s"><e:p>fine</e:p></rdf:Description></rdf:RDF>',
    "dtd.rdf": f'<!DOCTYPE x SYSTEM "@URL@"><rdf:RDF {RDF}/>',
    "context.jsonld": '{"@context": "@URL@", "@id": "http://e/s", "p": "o"}',
    "import.jsonld": '{"@context": {"@version": 1.1, "@import": "@URL@"}, "@id": "http://e/s"}',
    "imports.ttl": "<http://e/s> <http://www.w3.org/2002/07/owl#imports> <@URL@> .",
    "deep.ttl": "<http://e/s> <http://e/p> " + "(" * 40_000 + ")" * 40_000 + " .",
    "deep.jsonld": '{"@id": "http://e/s", "http://e/p": ' + "[" * 40_000 + "]" * 40_000 + "}",
    "line.ttl": "<http://e/s> <http://e/p> " + '"' + "x" * 20_000_000 + '" .',
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_made_to_hurt_does_not(competency: Run, tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not to be told")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        text = FILES[name].replace("@URL@", address).replace("@SECRET@", str(secret))
        (tmp_path / name).write_text(text)
        done = competency(
            "query", "--data", tmp_path / name, "--no-inference", "-f", "csv", "-",
            stdin="SELECT (SUBSTR(STR(?o), 1, 200) AS ?text) { <http://e/s> ?p ?o }",
        )  # fmt: skip
        with pytest.raises(TimeoutError):
            listener.accept()  # nothing was fetched
    assert done.returncode in (0, 2), done.stderr
    assert "Traceback" not in done.stderr
    assert "not to be told" not in done.stdout + done.stderr
    if done.returncode == 2:
        assert name in done.stderr
    if name in ("context.jsonld", "import.jsonld"):
        assert "nothing is fetched" in done.stderr
    if name == "namespace.rdf":
        assert done.stdout.split() == ["text", "fine"]  # what such files use entities for works
