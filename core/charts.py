"""Charts drawn on the server: one ECharts option gives the SVG of a page and of a document.

A page gets colours as CSS variables, so that the theme switches without redrawing, and inherits
the page's font; a document gets real colours and a font by name. Neither holds a style attribute
or element, which the content security policy forbids.
"""

import functools
import hashlib
import json
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.utils.safestring import SafeString
from py_mini_racer import MiniRacer

Palette = Literal["screen", "print"]

# The light theme of static/app.css; a test compares the two.
PRINT_COLOURS = {
    "surface": "#FFFFFF",
    "line": "#E2E7ED",
    "line-strong": "#8793A5",
    "ink": "#1B2430",
    "ink-2": "#475264",
    "ink-3": "#5F6B7C",
    "g-fill": "#2B9A5E",
    "y-fill": "#C08400",
    "r-fill": "#C8252C",
    "b-fill": "#2A78C8",
    "n-fill": "#8793A5",
    "veil": "rgba(255,255,255,.55)",
}
SCREEN_COLOURS = {name: f"var(--{name})" for name in PRINT_COLOURS}
PRINT_FONT = "Noto Sans SC"
TIMEOUT_SECONDS = 10
MEMORY_BYTES = 256 * 1024 * 1024

# The engine has no window: what ECharts asks for at load is given, and nothing else.
STUBS = """
var window = this, self = this, performance = {now: function () { return 0; }};
var setTimeout = function () { return 0; }, clearTimeout = function () {};
var requestAnimationFrame = setTimeout, cancelAnimationFrame = clearTimeout;
var console = {log: function () {}, warn: function () {}, error: function () {}};
delete this.window; delete this.self;
"""


class ChartError(RuntimeError):
    """The option cannot be drawn, or the scripts were not built (`node assets.mjs`)."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart before it is drawn: an ECharts option, its sentence, and its numbers as a table.

    The option is plain JSON; colours are names such as «$b-fill».
    """

    option: dict[str, Any]
    sentence: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart for parts/chart.html: its SVG, and its option for the script that takes over."""

    key: str
    svg: SafeString
    data: SafeString
    sentence: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def draw(chart: Chart, *, key: str, width: int = 420, height: int = 168) -> Drawn:
    """Draw a chart for a page; `key` names it within the page, sizes are CSS pixels."""
    data = json.dumps(chart.option, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":  # the block of data ends at no sign of its own
        data = data.replace(sign, f"\\u{ord(sign):04x}")
    return Drawn(
        key=key,
        svg=SafeString(render_svg(chart.option, width=width, height=height, palette="screen")),
        data=SafeString(data),
        sentence=chart.sentence,
        columns=chart.columns,
        rows=chart.rows,
    )


def render_svg(option: dict[str, Any], *, width: int, height: int, palette: Palette) -> str:
    """Return the chart as an SVG element; sizes are pixels.

    The same option gives the same text. Raises ChartError.
    """
    return _rendered(json.dumps(option, sort_keys=True), width, height, palette)


@functools.lru_cache(maxsize=256)
def _rendered(option: str, width: int, height: int, palette: Palette) -> str:
    content = json.loads(option)
    request = {
        "option": content,
        "width": width,
        "height": height,
        "colours": PRINT_COLOURS if palette == "print" else SCREEN_COLOURS,
        "prefix": "c" + hashlib.sha256(f"{option}{width}".encode()).hexdigest()[:10],
        "font": PRINT_FONT if palette == "print" else "",
        "label": content.get("aria", {}).get("label", {}).get("description", ""),
    }
    with _lock:
        return _thread().submit(_draw, request).result()


def _draw(request: dict[str, Any]) -> str:
    """Draw in the engine; an engine that failed is not used again."""
    try:
        return str(_engine().call("gyServer.draw", request, timeout_sec=TIMEOUT_SECONDS))
    except ChartError:
        raise
    except Exception as error:  # the engine's own kinds, and its death from hunger
        _close()
        raise ChartError(f"the chart cannot be drawn: {error}") from error


# --- The engine ----------------------------------------------------------------------------
# One per process, opened at its first chart. A fork copies the memory but not the threads of V8,
# which then dies with the whole process: servers and workers must fork before they draw.
# It lives in a thread of its own, since it ties itself to the event loop of the thread that opens
# it, and a request's thread may have one.
_lock = threading.Lock()
_open: MiniRacer | None = None
_worker: ThreadPoolExecutor | None = None
_started = 0  # the process in which V8 was started


def _after_fork() -> None:
    """Give a child process a lock of its own; the parent's may have been held."""
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_after_fork)


def _thread() -> ThreadPoolExecutor:
    """Return the engine's thread, refusing in a process that was forked too late."""
    global _started, _worker
    if _started not in (0, os.getpid()):
        raise ChartError("this process was forked after its parent had drawn a chart")
    if _worker is None:
        _started = os.getpid()
        _worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="charts")
    return _worker


def _engine() -> MiniRacer:
    """Return this process's engine with ECharts in it, starting it at first use."""
    global _open
    if _open is None:
        sources = [STUBS]
        for path in _scripts():
            try:
                sources.append(path.read_text(encoding="utf-8"))
            except FileNotFoundError as error:
                raise ChartError(f"{path.name} is not built: run `node assets.mjs`") from error
        engine = MiniRacer()
        engine.set_hard_memory_limit(MEMORY_BYTES)
        for source in sources:
            engine.eval(source + ";0")
        _open = engine
    return _open


def _close() -> None:
    """Close an engine that failed, in its own thread; the next chart starts a new one."""
    global _open
    engine, _open = _open, None
    if engine is not None:
        engine.close()


def _leave() -> None:
    """Close the engine in its own thread while the interpreter is whole.

    Left to the end, its threads run into an interpreter that is half gone: one process in four
    crashed or hung at its exit.
    """
    if _worker is not None and _started == os.getpid():
        _worker.submit(_close).result()


# Before the threads of executors are joined, which comes before `atexit`.
threading._register_atexit(_leave)  # type: ignore[attr-defined]


def _scripts() -> tuple[Path, ...]:
    """Return what the engine loads, in order."""
    return (
        Path(settings.BUILD_DIR) / "static" / "vendor" / "echarts.js",
        Path(settings.BASE_DIR) / "static" / "chart-parts.js",
        Path(__file__).with_name("chart_server.js"),
    )
