"""What is shipped to browsers: icons that exist, no inline code, nothing newer than Chromium 86."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from core import words

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
NODE = Path(sys.executable).with_name("node")


def shipped(kind: str) -> set[str]:
    source = (ROOT / "assets.mjs").read_text(encoding="utf-8")
    if kind == "filled":
        return set(re.findall(r"'([a-z0-9-]+)'", re.search(r"FILLED = \[(.*?)\]", source)[1]))  # type: ignore[index]
    return set(re.search(r"ICONS = `(.*?)`", source, re.DOTALL)[1].split())  # type: ignore[index]


def test_every_icon_that_templates_words_or_scripts_ask_for_is_in_the_sprite() -> None:
    asked = {
        (name, "filled=True" in rest)
        for path in TEMPLATES
        for name, rest in re.findall(
            r'{%\s*icon ["\']([a-z0-9-]+)["\']([^%]*)%}', path.read_text(encoding="utf-8")
        )
    }
    asked |= {(one.icon, one.filled) for kind in words.LISTS.values() for one in kind.values()}
    for path in ROOT.glob("static/*.js"):
        text = path.read_text(encoding="utf-8")
        asked |= {
            (name, False) for name in re.findall(r"(?:icon|show)\((?:field, )?'([a-z-]+)'", text)
        }
    lacking = [name for name, full in asked if name not in shipped("filled" if full else "outline")]
    assert sorted(lacking) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_holds_no_inline_style_and_no_inline_script(path: Path) -> None:
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", path.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}", "", text)
    assert not re.findall(r"<[^>]*\sstyle\s*=", text)
    assert not re.findall(r"<style\b", text)
    assert not re.findall(r"<[^>]*\son[a-z]+\s*=", text)
    scripts = re.findall(r"<script\b([^>]*)>", text)
    assert [one for one in scripts if "src=" not in one and "application/json" not in one] == []
    assert "javascript:" not in text


WORDS = re.compile(r'<textarea|<input class="in|parts/field.html')
FORM = re.compile(r"<form\b((?:{%.*?%}|[^>])*)>(.*?)</form>", re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_typed_into_a_form_outlives_the_session(path: Path) -> None:
    """A form with words is sent after signing in again, instead of ending at the log-in page."""
    if path.name == "login.html":
        return
    forms = [
        head
        for head, body in FORM.findall(path.read_text("utf-8"))
        if 'method="post"' in head and WORDS.search(body) and "data-keep" not in head
    ]
    assert forms == []


def check(path: Path) -> subprocess.CompletedProcess[str]:
    command = [str(NODE), str(ROOT / "assets.mjs"), "--check", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("css", "what"),
    [
        ("p:has(a){color:red}", ":has()"),
        ("p{color:color-mix(in srgb,red,blue)}", "color-mix()"),
        ("p{color:light-dark(red,blue)}", "light-dark()"),
        ("@layer a{p{color:red}}", "@layer"),
        ("@container (width>1px){p{color:red}}", "@container"),
        (":is(a,b){color:red}", ":is()"),
        ("p:not(a,b){color:red}", ":not() with a list"),
        ("p:not(a.b){color:red}", ":not() with a compound"),
        ("p{inset:0}", "inset:"),
        ("p{color:red;a{color:blue}}", "nested rules"),
        ("@media print{p{a{color:blue}}}", "nested rules"),
    ],
)
def test_a_style_sheet_that_chromium_86_cannot_read_is_refused(
    tmp_path: Path, css: str, what: str
) -> None:
    bad = tmp_path / "bad.css"
    bad.write_text("/* first line */\n" + css, encoding="utf-8")
    done = check(bad)
    assert done.returncode == 1
    assert f"bad.css:2: {what} is not known to Chromium 86" in done.stderr


@pytest.mark.parametrize(
    "css",
    [
        "p:not(.a){color:red}",
        "/* :has( */ p{color:red}",
        "@media print{p{color:red}a{color:blue}}",
        'p::after{content:":is("}',
    ],
)
def test_what_chromium_86_can_read_passes(tmp_path: Path, css: str) -> None:
    good = tmp_path / "good.css"
    good.write_text(css, encoding="utf-8")
    assert check(good).returncode == 0


def test_a_script_with_newer_syntax_is_refused(tmp_path: Path) -> None:
    script = tmp_path / "new.js"
    script.write_text("class A { static { this.x = 1; } }\n", encoding="utf-8")
    assert "syntax that Chromium 86 does not know" in check(script).stderr


def test_the_lock_names_no_registry() -> None:
    assert "://" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
