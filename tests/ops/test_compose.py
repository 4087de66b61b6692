"""docker-compose.yml: shaped as Compose reads it, and the same as what is tested by hand."""

import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
OURS = ("web", "worker", "beat")


def verdict(file: Path) -> subprocess.CompletedProcess[str]:
    """Judge a file by the published schema of Compose files, which check-jsonschema carries."""
    program = Path(sys.executable).with_name("check-jsonschema")
    line = [program, "--builtin-schema", "vendor.compose-spec", file]
    return subprocess.run(line, capture_output=True, text=True)


def test_the_file_is_valid_by_the_schema_of_compose() -> None:
    told = verdict(ROOT / "docker-compose.yml")
    assert told.returncode == 0, told.stdout + told.stderr


def test_a_misspelt_key_would_be_noticed(tmp_path: Path) -> None:
    wrong = {**COMPOSE, "services": {"web": {**COMPOSE["services"]["web"], "comand": "x"}}}
    file = tmp_path / "docker-compose.yml"
    file.write_text(yaml.safe_dump(wrong))
    told = verdict(file)
    assert told.returncode == 1
    assert "comand" in told.stdout


def test_every_service_is_watched_except_the_one_that_ends() -> None:
    watched = {name for name, one in COMPOSE["services"].items() if "healthcheck" in one}
    assert set(COMPOSE["services"]) - watched == {"migrate"}


def test_services_wait_only_for_services_that_exist_and_can_be_waited_for() -> None:
    for name, service in COMPOSE["services"].items():
        for other, how in service.get("depends_on", {}).items():
            awaited = COMPOSE["services"][other]
            if how["condition"] == "service_healthy":
                assert "healthcheck" in awaited, f"{name} waits for the health of {other}"
            else:
                assert awaited["restart"] == "no", f"{name} waits for the end of {other}"


def test_named_volumes_are_declared() -> None:
    used = {
        volume.partition(":")[0]
        for service in COMPOSE["services"].values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    }
    assert used == set(COMPOSE["volumes"])


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, one in COMPOSE["services"].items() if "ports" in one] == ["proxy"]


def test_every_variable_without_a_default_is_required_and_explained_in_the_example() -> None:
    example = dict(
        line.split("=", 1)
        for line in (ROOT / ".env.example").read_text().splitlines()
        if line and not line.startswith("#")
    )
    required = set(re.findall(r"\$\{(\w+):\?", TEXT))
    optional = set(re.findall(r"\$\{(\w+):-", TEXT))
    bare = set(re.findall(r"\$\{(\w+)\}", TEXT))
    assert required == {"SECRET_KEY", "PORTAL_HOST", "POSTGRES_PASSWORD"}
    assert bare <= required
    assert required | optional <= set(example) | {"GANGYAO_VERSION"}
    assert {example[name] for name in required} == {""}, "the example must not work as it is"


def test_all_parts_of_the_portal_get_the_same_settings() -> None:
    web = {**COMPOSE["services"]["web"]["environment"]}
    assert web.pop("GUNICORN_CMD_ARGS") == "--bind=0.0.0.0:8000"
    for name in ("worker", "beat", "migrate"):
        assert COMPOSE["services"][name]["environment"] == web


def test_run_py_starts_the_same_programs() -> None:
    services = runpy.run_path(str(ROOT / "run.py"))["SERVICES"]
    assert tuple(services) == OURS
    for name, line in services.items():
        ours, theirs = line.split(), COMPOSE["services"][name]["command"].split()
        start = 4 if ours[0] == "celery" else 2
        assert ours[:start] == theirs[:start]


def test_ci_starts_what_the_file_says_and_nothing_of_its_own() -> None:
    ci = (ROOT / ".ci" / "run").read_text()
    assert "command_of migrate" in ci
    assert f"for service in {' '.join(OURS)}; do" in ci
    assert not re.search(r"gunicorn config|celery -A", ci)


def test_the_image_takes_everything_that_the_portal_is_made_of() -> None:
    taken = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages | {"templates", "static", "manage.py", "requirements.txt"} <= taken
    assert not taken & {"var", ".env", "tests"}
