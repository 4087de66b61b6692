#!/usr/bin/env python3
"""Set up, run and check the portal: `python3 run.py up [--port N] | test | bench | audit | setup`.

Needs nothing but Python 3.11 and a package registry. The environment lives in `.venv/`, front-end
packages in `node_modules/`, what is built from them in `build/`, the data of the embedded portal
in `var/` (or DATA_DIR). Exit code 2 says that the call cannot be served as it is.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent
DATA = Path(os.environ.get("DATA_DIR", ROOT / "var")).resolve()
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements-dev.txt"
SYSTEM_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
STARTUP_SECONDS = 60
SHUTDOWN_SECONDS = 15

# What `up` starts, by the names of docker-compose.yml; each writes `var/log/NAME.log`.
SERVICES = {
    "web": "gunicorn config.wsgi --bind 127.0.0.1:{port} --worker-class gthread --workers 2"
    " --threads 4 --no-control-socket",
    "worker": "celery -A config.celery worker --concurrency 1 --loglevel WARNING",
    "beat": "celery -A config.celery beat --pidfile= --loglevel WARNING",
}
CHECKS = {
    "ruff check": "ruff check .",
    "ruff format": "ruff format --check .",
    "mypy": "mypy .",
    "import-linter": "lint-imports",
    "migrations": "manage.py makemigrations --check --dry-run",
    "production settings": "manage.py check --deploy --fail-level WARNING",
}
# What do the portal's codes mean, and is it new? Regions come with the published survey values.
LOOK = """
import json
from departments.models import Department, Membership, Region, User
from plans.models import Plan
print(json.dumps({
    "new": not any(rows.objects.exists() for rows in (User, Department, Plan)),
    "roles": {str(code): str(label) for code, label in Membership.Role.choices},
    "regions": dict(Region.objects.values_list("code", "name")),
}))
"""

Line = Sequence[str | Path]
Children = dict[str, subprocess.Popen[bytes]]


class Stop(Exception):
    """End with one line for the person at the terminal; `code` is the exit code."""

    def __init__(self, line: str, code: int = 1) -> None:
        super().__init__(line)
        self.code = code


def environment(**more: str) -> dict[str, str]:
    """Return the environment of every child: our Python and Node first, system certificates."""
    env = {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    env.setdefault("UV_SYSTEM_CERTS", "1")
    # Containers often forbid bytecode; each of our many processes would compile all its libraries.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    bundle = os.environ.get("SSL_CERT_FILE", SYSTEM_CERTIFICATES)
    if Path(bundle).is_file():
        env.setdefault("NODE_EXTRA_CA_CERTS", bundle)
    return {**env, "PYTHONUNBUFFERED": "1", **more}


def program(line: str) -> list[str | Path]:
    """Return a command line whose program is one of our environment's."""
    name, *words = line.split()
    return [PYTHON, name, *words] if name.endswith(".py") else [VENV / "bin" / name, *words]


def run(line: Line, env: dict[str, str] | None = None) -> str:
    """Run a program quietly and return its output; show all of it when the program fails."""
    env, nothing = env or environment(), subprocess.DEVNULL
    done = subprocess.run(line, cwd=ROOT, env=env, stdin=nothing, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr)
        words = " ".join(str(word).partition("\n")[0] for word in line)
        raise Stop(f"Failed with exit code {done.returncode}: {words}")
    return done.stdout


def works(*line: str | Path) -> bool:
    """Tell whether a program is there and succeeds (a name on the PATH may be an empty shim)."""
    try:
        return subprocess.run(line, capture_output=True, env=environment()).returncode == 0
    except OSError:
        return False


@contextmanager
def held(path: Path, taken: str = "") -> Iterator[None]:
    """Hold a lock for the length of a `with`; it ends with the process, however that ends.

    When another process has it: stop with the line `taken`, or wait where there is none.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (fcntl.LOCK_NB if taken else 0))
        except BlockingIOError:
            raise Stop(taken, 2) from None
        yield


# --- setup ---------------------------------------------------------------------------------
def fingerprint(*paths: Path) -> str:
    """Return a hash over names and contents of files and folders; a missing one is empty."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                content = hashlib.sha256(file.read_bytes()).hexdigest()
                digest.update(f"{file.relative_to(ROOT)}\0{content}\n".encode())
    return digest.hexdigest()


def once(title: str, stamp: Path, key: str, step: Callable[[], object]) -> None:
    """Take a step unless its stamp says that it was taken for the same input."""
    if stamp.is_file() and stamp.read_text() == key:
        return
    print(f"{title} …", flush=True)
    stamp.unlink(missing_ok=True)
    step()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key)


def find_uv() -> str | Path | None:
    """Return a uv that works: the PATH's, or one that pip puts into `.tools/`."""
    own = ROOT / ".tools" / "uv" / "bin" / "uv"
    for candidate in (shutil.which("uv"), own):
        if candidate and works(candidate, "--version"):
            return candidate
    works(sys.executable, "-m", "pip", "install", "--upgrade", "--target", own.parents[1], "uv")
    return own if works(own, "--version") else None


def install_python() -> None:
    """Bring `.venv/` to exactly what requirements-dev.txt locks, by hash."""
    uv = find_uv()
    if not works(PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"):
        shutil.rmtree(VENV, ignore_errors=True)
        if uv:
            run([uv, "venv", "--no-python-downloads", "--python", sys.executable, VENV])
        elif not works(sys.executable, "-m", "venv", VENV):
            shutil.rmtree(VENV, ignore_errors=True)
            raise Stop("Needs uv, pip or venv (Debian: apt-get install python3-venv).", 2)
    if uv:
        run([uv, "pip", "sync", "--require-hashes", "--python", PYTHON, LOCK])
    else:
        run([PYTHON, "-m", "pip", "install", "--require-hashes", "--requirement", LOCK])


def setup() -> None:
    """Bring environment, front-end packages and built assets up to date; a repeat costs nothing."""
    modules, build, source = ROOT / "node_modules", ROOT / "build", ROOT / "assets.mjs"
    npm = [ROOT / name for name in ("package.json", "package-lock.json", ".npmrc")]
    packages = program("npm ci --ignore-scripts --no-audit --no-fund")
    with held(ROOT / ".tools" / "setup.lock"):
        if not PYTHON.exists():  # never made, or its interpreter was upgraded away
            (VENV / ".locked").unlink(missing_ok=True)
        once("Python packages", VENV / ".locked", fingerprint(LOCK), install_python)
        once("Front-end packages", modules / ".locked", fingerprint(*npm), lambda: run(packages))
        assets = fingerprint(source, ROOT / "static", *npm)  # the build also checks the styles
        once("Assets", build / ".built", assets, lambda: run(program("node assets.mjs")))


# --- up ------------------------------------------------------------------------------------
def die_with_parent() -> None:
    """Ask Linux to end this child when run.py itself is killed (elsewhere: do nothing)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1 is PR_SET_PDEATHSIG


def start(name: str, line: Line, env: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a service in a process group of its own; keep the log of the last run beside."""
    log = DATA / "log" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    with log.open("wb") as file:
        return subprocess.Popen(
            line,
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )


def stop(children: Children) -> None:
    """End every service: ask, wait, then kill what is left of its group."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave orphans
    for child in children.values():
        child.terminate()
    until = time.monotonic() + SHUTDOWN_SECONDS
    for child in children.values():
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, until - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def watch(children: Children) -> None:
    """Raise Stop as soon as one service has ended."""
    for name, child in children.items():
        if child.poll() is not None:
            log = DATA / "log" / f"{name}.log"
            raise Stop(f"{name} ended (exit code {child.returncode}); see {log}")


def alive(port: int) -> bool:
    """Tell whether /healthz answers on this machine (past any proxy of the environment)."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with closing(link), suppress(OSError, http.client.HTTPException):
        link.request("GET", "/healthz")
        return link.getresponse().status == 200
    return False


def table(rows: list[list[str]]) -> str:
    """Return rows in columns; a Chinese character is two columns wide."""

    def width(text: str) -> int:
        return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)

    widest = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell + " " * (wide - width(cell)) for cell, wide in zip(row, widest, strict=True))
        for row in rows
    )


def prepare(env: dict[str, str]) -> str:
    """Bring database and static files up to date; return the table of demo accounts, if any."""
    run(program("manage.py migrate --verbosity 0"), env)
    static = fingerprint(ROOT / "static", ROOT / "build" / "static", LOCK)
    collect = program("manage.py collectstatic --clear --noinput --verbosity 0")
    once("Static files", DATA / "static" / ".collected", static, lambda: run(collect, env))
    look = [*program("manage.py shell --verbosity 0 --command"), LOOK]
    house = json.loads(run(look, env))
    if house["new"]:
        print("Demo data …", flush=True)
        run(program("manage.py demo"), env)
        house = json.loads(run(look, env))
    file, rows = DATA / "demo.json", [["角色", "单位/地区", "用户名", "密码"]]
    for one in json.loads(file.read_text()) if file.exists() else []:
        place = one["department"] or house["regions"].get(one["region"], "—")
        rows.append([house["roles"][one["role"]], place, one["username"], one["password"]])
    return table(rows)


def interrupted(*_: object) -> None:
    """Treat SIGTERM and SIGHUP like Ctrl-C."""
    raise KeyboardInterrupt


def up(port: int) -> None:
    """Serve the embedded portal on 127.0.0.1 until Ctrl-C or until one of its services ends."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            raise Stop(f"Port {port} is taken or unusable: name another with --port.", 2) from None
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    setup()
    portal = os.environ.get("PORTAL_URL", f"http://127.0.0.1:{port}")
    env = environment(DATA_DIR=str(DATA), GANGYAO_MODE="embedded", PORTAL_URL=portal)
    for name in ("DATABASE_URL", "BROKER_URL", "CACHE_URL"):  # never somebody else's database
        env.pop(name, None)
    children: Children = {}
    with held(DATA / "up.lock", f"A portal already runs on {DATA}: stop that one first."):
        accounts = prepare(env)
        try:
            for name, line in SERVICES.items():
                children[name] = start(name, program(line.format(port=port)), env)
            until = time.monotonic() + STARTUP_SECONDS
            while not alive(port):
                watch(children)
                if time.monotonic() > until:
                    raise Stop(f"No answer on port {port}; see {DATA / 'log' / 'web.log'}")
                time.sleep(0.2)
            print(f"\n纲要通  http://127.0.0.1:{port}/  (Ctrl-C stops)\n\n{accounts}", flush=True)
            while True:
                watch(children)
                time.sleep(0.5)
        finally:
            stop(children)


# --- test ----------------------------------------------------------------------------------
def judge(title: str, line: Line, env: dict[str, str]) -> bool:
    """Run one check, tell in one piece what it said, and return whether it passed."""
    began, nothing = time.monotonic(), subprocess.DEVNULL
    done = subprocess.run(line, cwd=ROOT, env=env, stdin=nothing, capture_output=True, text=True)
    verdict = f"{'FAILED' if done.returncode else 'ok'} ({time.monotonic() - began:.1f} s)"
    print(f"\n== {title}\n{done.stdout}{done.stderr}== {title}: {verdict}", flush=True)
    return done.returncode == 0


def test(options: list[str]) -> int:
    """Run every check and test; with options, only pytest with these options."""
    setup()
    workers = (os.cpu_count() or 1) + 1  # one more: tests of services and browsers wait a lot
    pytest = f"pytest -n {workers} --dist loadfile --no-loadscope-reorder -rs --durations 12"
    tests: Line = [*program(pytest), *options]
    if options:
        return subprocess.run(tests, cwd=ROOT, env=environment()).returncode
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as pool:
        production = {
            "GANGYAO_MODE": "production",
            "SECRET_KEY": os.urandom(48).hex(),
            "ALLOWED_HOSTS": "localhost",
            "DATABASE_URL": f"sqlite:///{folder}/unused.sqlite3",
            "BROKER_URL": "redis://127.0.0.1/0",
        }
        passed = {}
        for title, line in CHECKS.items():
            env = environment(DATA_DIR=folder, **(production if "--deploy" in line else {}))
            passed[title] = pool.submit(judge, title, program(line), env)
        failed = [title for title, one in passed.items() if not one.result()]
    print("\n== pytest", flush=True)
    if subprocess.run(tests, cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL).returncode:
        failed.append("pytest")
    if failed:
        raise Stop(f"\nFailed: {', '.join(failed)}")
    print("\nEverything passed.")
    return 0


def script(name: str, options: list[str]) -> int:
    """Run `tests/NAME/` as a program: the slow measurements and outside judges."""
    if not (ROOT / "tests" / name / "__main__.py").is_file():
        raise Stop(f"This checkout has no tests/{name}/: nothing to run.", 2)
    setup()
    line: Line = [PYTHON, ROOT / "tests" / name, *options]
    return subprocess.run(line, cwd=ROOT, env=environment(PYTHONPATH=str(ROOT))).returncode


def main() -> int:
    about = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(description=about, allow_abbrev=False)
    parser.add_argument("what", choices=["up", "test", "bench", "audit", "setup"])
    parser.add_argument("--port", type=int, default=8000, help="for up (default 8000)")
    asked, options = parser.parse_known_args()
    if asked.what == "test":
        return test(options)
    if asked.what in ("bench", "audit"):
        return script(asked.what, options)
    if options:
        parser.error(f"unknown: {' '.join(options)}")
    if asked.what == "up":
        up(asked.port)
    setup()
    return 0


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 (`python3` may be older than what we need)
        sys.exit("Needs Python 3.11 or newer; this is " + sys.version.split()[0])
    try:
        sys.exit(main())
    except Stop as end:
        print(end, file=sys.stderr)
        sys.exit(end.code)
    except KeyboardInterrupt:
        print("\nStopped.")
