"""The files for Docker Compose and Kubernetes: schemas, and what their parts say about each other."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from click.testing import CliRunner

from competency_graph.cli import cli
from conftest import COMMAND, ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = DEPLOY / "compose.yaml"
MANIFESTS = sorted(
    path for path in (DEPLOY / "kubernetes").glob("*.yaml") if path.stem != "kustomization"
)
PAGE = "../docs/deployment.md"
STOPPING = 10
"""Seconds that the server takes at most to stop, after those of --drain."""


def manifest(name: str) -> Any:
    return yaml.safe_load((DEPLOY / "kubernetes" / f"{name}.yaml").read_text())


def compose_faults(path: Path) -> str:
    check = COMMAND.with_name("check-jsonschema")
    done = subprocess.run(
        [check, "--builtin-schema", "vendor.compose-spec", path],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout


def manifest_fault(document: dict[str, Any], version: str) -> str:
    """What Kubernetes's own schema of a version finds wrong in a manifest; "" for nothing."""
    try:
        kubernetes_validate.validate(document, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        return str(error)
    return ""


def test_the_compose_file_follows_the_specification(tmp_path: Path) -> None:
    assert compose_faults(COMPOSE) == ""
    bad = tmp_path / "compose.yaml"
    bad.write_text(COMPOSE.read_text().replace("cap_drop: [ALL]", "cap_drop: ALL"))
    assert "cap_drop" in compose_faults(bad)


@pytest.mark.parametrize("version", ["1.29.0", "1.37.0"])
@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.stem)
def test_a_manifest_follows_the_schema_of_its_kind(path: Path, version: str) -> None:
    assert manifest_fault(yaml.safe_load(path.read_text()), version) == ""


def test_what_the_schema_does_not_have_is_seen() -> None:
    bad = manifest("deployment")
    (container,) = bad["spec"]["template"]["spec"]["containers"]
    container["readynessProbe"] = container.pop("readinessProbe")
    assert "readynessProbe" in manifest_fault(bad, "1.37.0")


def test_the_kustomization_has_all_manifests() -> None:
    listed = manifest("kustomization")["resources"]
    assert sorted(listed) == [path.name for path in MANIFESTS]


def test_the_manifests_name_each_other_rightly() -> None:
    deployment = manifest("deployment")
    template = deployment["spec"]["template"]
    labels = template["metadata"]["labels"]
    (container,) = template["spec"]["containers"]
    service = manifest("service")
    selectors = [
        deployment["spec"]["selector"]["matchLabels"],
        service["spec"]["selector"],
        manifest("network-policy")["spec"]["podSelector"]["matchLabels"],
        manifest("disruption-budget")["spec"]["selector"]["matchLabels"],
        *(
            constraint["labelSelector"]["matchLabels"]
            for constraint in template["spec"]["topologySpreadConstraints"]
        ),
    ]
    assert all(selector == labels for selector in selectors)
    assert manifest("autoscaler")["spec"]["scaleTargetRef"]["name"] == "competency"
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert str(ports[service["spec"]["ports"][0]["targetPort"]]) in re.findall(
        r"EXPOSE (\d+)", (DEPLOY / "Dockerfile").read_text()
    )
    mounted = {mount["name"] for mount in container["volumeMounts"]}
    assert mounted == {volume["name"] for volume in template["spec"]["volumes"]}


def test_the_container_runs_as_the_user_of_the_image() -> None:
    (user,) = re.findall(r"^USER (\d+)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert manifest("deployment")["spec"]["template"]["spec"]["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": int(user),
        "runAsGroup": int(user),
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def options(name: str) -> list[str]:
    """The options that a file of deploy/, or the page about it, gives to ``competency serve``."""
    text = (DEPLOY / name).read_text()
    if name == "compose.yaml":
        command: list[str] = yaml.safe_load(text)["services"]["competency-1"]["command"]
        return command
    if name == "kubernetes/deployment.yaml":
        (container,) = manifest("deployment")["spec"]["template"]["spec"]["containers"]
        arguments: list[str] = container["args"]
        return arguments
    (line,) = re.findall(r"^(?:#\s+)?competency serve (.*)", text, re.MULTILINE)
    return shlex.split(line)


@pytest.mark.parametrize(
    "name",
    ["compose.yaml", "kubernetes/deployment.yaml", "nginx.conf", "Caddyfile", PAGE],
)
def test_the_servers_are_started_with_options_that_there_are(name: str) -> None:
    given = options(name)
    assert {"--drain", "--connections-per-client", "--trusted-proxy"} <= {
        option.partition("=")[0] for option in given
    }
    done = CliRunner().invoke(cli, ["serve", *given, "--help"])
    assert done.exit_code == 0, done.output
    wrong = CliRunner().invoke(cli, ["serve", *given, "--drained", "5"])
    assert wrong.exit_code == 2


def test_a_server_has_the_time_to_stop_that_it_needs() -> None:
    compose = yaml.safe_load(COMPOSE.read_text())["services"]["competency-1"]
    given = options("compose.yaml")
    seconds = int(given[given.index("--drain") + 1])
    assert int(compose["stop_grace_period"].removesuffix("s")) > seconds + STOPPING
    (drain,) = (
        int(option.removeprefix("--drain="))
        for option in options("kubernetes/deployment.yaml")
        if option.startswith("--drain=")
    )
    pod = manifest("deployment")["spec"]["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] > drain + STOPPING


def test_the_page_names_files_that_are_there() -> None:
    commands = re.findall(
        r"^```sh\n(.*?)^```$", (DEPLOY / PAGE).read_text(), re.MULTILINE | re.DOTALL
    )
    named = re.findall(r"deploy/[\w./]+", "".join(commands))
    assert len(named) >= 3
    assert all((ROOT / name).exists() for name in named)


def test_compose_trusts_the_proxy_that_it_starts() -> None:
    compose = yaml.safe_load(COMPOSE.read_text())
    given = options("compose.yaml")
    address = compose["services"]["proxy"]["networks"]["servers"]["ipv4_address"]
    assert given[given.index("--trusted-proxy") + 1] == address
    named = re.findall(r"competency-\d", (DEPLOY / "Caddyfile").read_text())
    assert sorted(named) == sorted(name for name in compose["services"] if name != "proxy")
