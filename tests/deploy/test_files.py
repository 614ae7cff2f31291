"""The files for deployment say what their own checkers accept."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import COMMAND, ROOT

HADOLINT = COMMAND.with_name("hadolint")
ANALYZE = shutil.which("systemd-analyze")


def hadolint(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([HADOLINT, path], capture_output=True, text=True, timeout=60, check=False)


def test_the_dockerfile_passes_its_linter(tmp_path: Path) -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text()
    done = hadolint(ROOT / "deploy" / "Dockerfile")
    assert (done.returncode, done.stdout) == (0, "")
    bad = tmp_path / "Dockerfile"
    bad.write_text(text.replace("python:3.13-slim", "python:latest"))
    assert hadolint(bad).returncode == 1


def test_the_dockerfile_copies_what_there_is() -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text()
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists()


def verify(path: Path) -> str:
    done = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", path],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    # It also looks for the program, which is not installed where the tests run.
    return "\n".join(line for line in done.stderr.splitlines() if "is not executable" not in line)


def test_the_unit_passes_systemds_own_check(tmp_path: Path) -> None:
    if ANALYZE is None:
        pytest.skip("systemd-analyze is not installed (Debian: systemd)")
    unit = ROOT / "deploy" / "competency.service"
    assert "competency.service" not in verify(unit)
    bad = tmp_path / "competency.service"
    bad.write_text(unit.read_text().replace("ProtectHome=yes", "ProtectHouse=yes"))
    assert "ProtectHouse" in verify(bad)


@pytest.mark.parametrize("name", ["Dockerfile", "competency.service"])
def test_the_command_that_is_started_has_these_options(name: str) -> None:
    text = (ROOT / "deploy" / name).read_text()
    started = re.search(r"(?:ENTRYPOINT|ExecStart=)(.*)", text)
    assert started
    shown = subprocess.run([COMMAND, "serve", "--help"], capture_output=True, text=True, check=True)
    for option in re.findall(r"--[a-z-]+", started[1]):
        assert option in shown.stdout
