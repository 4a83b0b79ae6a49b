"""How the documentation site is built: `make docs` writes it to build/site, and stops at the first warning."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from docutils import nodes
from pygments.lexers.special import TextLexer
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from mag_rotation import __version__

project = "mag_rotation"
author = "The mag_rotation authors"
release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
root_doc = "index"

html_theme = "furo"
html_title = "mag_rotation"
html_show_copyright = False
html_show_sourcelink = False
html_copy_source = False

myst_heading_anchors = 4

autodoc_class_signature = "mixed"
autodoc_default_options = {"members": True}
autodoc_preserve_defaults = True
autodoc_typehints_format = "short"
add_module_names = False
python_use_unqualified_type_names = True

# A name in the docstrings that is in no page of the reference is a warning, and so an error.
nitpicky = True
nitpick_ignore_regex = [
    ("py:.*", r"(collections|datetime|enum|functools|numpy|os|pathlib|types|typing)\..*"),
    ("py:.*", r"date|datetime|CallNight|(tuple|Mapping)\[.*"),  # names of types in annotations
    ("py:.*", r"mag_rotation\.[\w.]+"),  # what an annotation names and no page describes
]
suppress_warnings = [
    "misc.highlighting_failure",  # what a command printed is no shell script
    "ref.python",  # a name that two rooms offer has two pages
]

HERE = Path(__file__).parent
ROOT = HERE.parent
PAGES = {
    "index": ROOT / "README.md",
    "project/design": ROOT / "DESIGN.md",
    "project/contributing": ROOT / "CONTRIBUTING.md",
    "project/changelog": ROOT / "CHANGELOG.md",
    "project/security": ROOT / "SECURITY.md",
    "project/examples": ROOT / "examples" / "README.md",
    "project/mag-2020": ROOT / "examples" / "mag-2020" / "README.md",
    "project/igf-2020": ROOT / "examples" / "igf-2020" / "README.md",
}
"""Pages that begin with the text of a file outside this folder."""

PICTURES = ("day", "year", "ledger", "frontier", "compare", "programme")
"""Pictures of the examples, drawn anew for each build."""

MENDED = {
    "</head>": '<link rel="icon" href="data:,">\n</head>',
    '<aside class="sidebar-drawer"': '<aside class="sidebar-drawer" aria-label="All pages"',
    '<aside class="toc-drawer': '<aside aria-label="On this page" class="toc-drawer',
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    "<pre>": '<pre tabindex="0">',
    '<div id="search-results">': '<h1>Search</h1>\n<div id="search-results">',
}
"""Markup of Sphinx and furo that WCAG or good practice forbids, and what stands in its place.

Two landmarks of one kind need names, a heading needs a level, what scrolls has to scroll by the keyboard, a page needs
a heading, and a browser asks for an icon that is not named.
"""

_LINK = re.compile(r"\]\((?P<path>[^):#]+)(?P<anchor>#[^)]*)?\)")


def draw_pictures(_app: Sphinx) -> None:
    """Draw what the pages show."""
    for subject in PICTURES:
        example, more = ("igf-2020", ["--zone", "Australia/Brisbane"]) if subject == "programme" else ("mag-2020", [])
        plan = ROOT / "examples" / example / "plan.toml"
        out = HERE / "pictures" / f"{subject}.svg"
        plot = [sys.executable, "-m", "mag_rotation", "plot", str(plan), "--what", subject, *more, "-o", str(out)]
        done = subprocess.run(plot, capture_output=True, encoding="utf-8", check=False)  # noqa: S603 - our own command
        if done.returncode:
            raise RuntimeError(done.stderr)


def read_page(_app: Sphinx, name: str, source: list[str]) -> None:
    """Put the text of a file outside this folder before that of its page, and let links lead to such pages."""
    page = HERE / f"{name}.md"
    file = PAGES.get(name, page)
    homes = {path: HERE / f"{home}.md" for home, path in PAGES.items()}

    def relink(link: re.Match[str]) -> str:
        target = (file.parent / link["path"]).resolve()
        return f"]({os.path.relpath(homes.get(target, target), page.parent)}{link['anchor'] or ''})"

    texts = [source[0]] if file == page else [file.read_text("utf-8"), source[0]]
    source[0] = "\n".join(_LINK.sub(relink, text) for text in texts)


def find_name(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.Element) -> nodes.Element | None:
    """Find a name that a docstring gives without its room, if only one room has it."""
    if node.get("refdomain") != "py":
        return None
    domain = env.domains.python_domain
    ending = f".{node['reftarget'].rpartition('.')[2]}"
    found = {entry.node_id: entry for name, entry in domain.objects.items() if name.endswith(ending)}
    if len(found) != 1:
        return None
    entry = next(iter(found.values()))
    return domain.resolve_xref(env, node["refdoc"], app.builder, "obj", entry.node_id, node, content)


def mend_pages(app: Sphinx, error: Exception | None) -> None:
    """Replace markup that people who use a keyboard or a screen reader would stumble over."""
    for page in Path(app.outdir).rglob("*.html") if error is None else ():
        text = page.read_text("utf-8")
        for found, better in MENDED.items():
            text = text.replace(found, better)
        page.write_text(text, "utf-8")


def setup(app: Sphinx) -> None:
    app.add_lexer("csv", TextLexer)
    app.connect("builder-inited", draw_pictures)
    app.connect("source-read", read_page)
    app.connect("missing-reference", find_name)
    app.connect("build-finished", mend_pages)
