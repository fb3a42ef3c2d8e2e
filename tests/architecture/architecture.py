#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails on what the architecture forbids: an include against an arrow, a file over 800 lines, an
entry at the top level that has no business there, Qt below the user interface, a system named
outside its plugin, a node that reads a clock of its own, a colour outside the theme, a type called
Manager, a missing licence line, a stale generated page."""
import argparse
import pathlib
import re
import subprocess
import sys

MAX_LINES = 800
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
ROOMS = {"app", "core", "plugins", "ui", "resources", "tests", "installer"}
TOP_FILES = {"README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "CMakeLists.txt",
             "CMakePresets.json", "dev"}
CODE = {".cpp", ".h", ".c", ".py", ".sh", ".cmake"}
IGNORED = {".git", ".cache", "build", "__pycache__"}
GRAPH_PAGE = "resources/docs/arrows.md"

# A folder of core may include what it names here and whatever those may include.
CORE = {
    "base": [],
    "record": ["base"],
    "spec": ["record", "base"],
    "liquid": ["record", "base"],
    "profile": ["record", "base"],
    "metrics": ["record", "base"],
    "pipeline": ["spec", "liquid"],
    "stage": ["liquid", "spec", "record"],
    "nodes": ["stage", "liquid", "profile"],
    "plugin": ["stage", "spec", "profile"],  # a plugin registers profile stores too
    "runtime": ["stage", "profile", "pipeline", "spec", "record", "metrics"],
    "host": ["runtime", "pipeline", "metrics"],
}
UI_CORE = {"base", "record", "spec", "pipeline", "liquid", "profile", "metrics", "host"}
PLUGIN_CORE = {"base", "record", "spec", "stage", "profile", "plugin"}
# Panels share the shell, the bridge and the small parts; they never hold one another.
UI = {
    "theme": set(),
    "widgets": {"theme"},
    "bridge": {"theme"},
    "shell": {"bridge", "theme", "widgets"},
}
PANEL = {"shell", "bridge", "theme", "widgets"}

# Headers of the systems that live in one plugin each.
SYSTEMS = {
    "librdkafka/": "kafka", "hiredis/": "redis", "libpq-fe.h": "postgres", "maxminddb.h": "geoip",
}

# What only a capability may reach: a node or a template that did would not replay. Liquid's time
# limit reads the steady clock, which no template sees.
IMPURE = {
    "core/nodes": re.compile(r"_clock::now\b|\bgetenv\b|\brandom_device\b"
                             r"|\bstd::(?:time|rand)\b|::socket\b"),
    "core/liquid": re.compile(r"\bsystem_clock\b|\bgetenv\b|\brandom_device\b"),
}
VAGUE = re.compile(r"^\s*(?:class|struct)\s+((?!Q[A-Z])\w*(?:Manager|Helper|Utils?|Handler|Data))\b"
                   r"(?!\s*;)")
# Colours are tokens; only ui/theme writes them out.
COLOUR = re.compile(r'"#[0-9A-Fa-f]{3,8}"|\bQColor(?:\s+\w+)?\s*[({]\s*(?:\d|Qt::)|\bqRgba?\s*\(\s*\d')

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
QT_HEADER = re.compile(r"^(?:Q[A-Z]\w*|Qt\w*/.*|q[a-z]\w*\.h)$")


def closure(folder):
    """All core folders that a core folder may include, itself among them."""
    reached, waiting = set(), [folder]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += CORE.get(name, [])
    return reached


def listFiles(root):
    """What git tracks or would track; without git, every file outside the build folders."""
    if (root / ".git").exists():
        command = ["git", "-C", str(root), "ls-files", "-z", "-co", "--exclude-standard"]
        names = subprocess.run(command, check=True, capture_output=True).stdout.decode()
        paths = [pathlib.PurePosixPath(name) for name in names.split("\0") if name]
    else:
        paths = [pathlib.PurePosixPath(p.relative_to(root).as_posix())
                 for p in root.rglob("*") if p.is_file()]
    return sorted(p for p in set(paths)
                  if not IGNORED & set(p.parts) and (root / p).is_file())


def room(path):
    """The place an arrow starts from or ends at: ("core", "record"), ("plugins", "kafka"), …"""
    parts = pathlib.PurePosixPath(path).parts
    return parts[0], parts[1] if len(parts) > 2 else ""


def forbidden(source, target):
    """Why the file `source` may not include `target` (both from the root), or None."""
    (top, folder), (toTop, toFolder) = room(source), room(target)
    if top in ("app", "tests") or (top, folder) == (toTop, toFolder):
        return None
    if toTop in ("app", "tests"):
        # A plugin's own tests stand in its folder and share the support code.
        inTests = top == "plugins" and "tests" in pathlib.PurePosixPath(source).parts
        return None if inTests and toTop == "tests" else f"nothing includes {toTop}"
    if top == "core":
        if folder not in CORE:
            return f"core/{folder} is no folder of the architecture"
        if toTop != "core":
            return "core includes core only"
        return None if toFolder in closure(folder) else f"core/{folder} may not include core/{toFolder}"
    if top == "plugins":
        if toTop == "core" and toFolder in PLUGIN_CORE:
            return None
        return f"plugins may not include {toTop}/{toFolder}"
    if top == "ui":
        if toTop == "core":
            return None if toFolder in UI_CORE else f"ui may not include core/{toFolder}"
        if toTop == "ui":
            allowed = UI.get(folder, PANEL)
            return None if toFolder in allowed else f"ui/{folder} may not include ui/{toFolder}"
        return f"ui may not include {toTop}"
    return f"{top} holds no code that includes {toTop}"


def isCode(path, text):
    return path.suffix in CODE or path.name == "CMakeLists.txt" or text.startswith("#!")


def checkInclude(path, quoted, angled):
    top, folder = room(path)
    if quoted is not None:
        if quoted.endswith(".moc"):
            return None
        if pathlib.PurePosixPath(quoted).parts[0] not in ROOMS:
            return f'"{quoted}": includes are written from the root of the repository'
        return forbidden(path, quoted)
    if top in ("core", "plugins") and QT_HEADER.match(angled):
        return f"<{angled}>: no Qt in {top}"
    for prefix, plugin in SYSTEMS.items():
        if angled.startswith(prefix) and top != "tests" and (top, folder) != ("plugins", plugin):
            return f"<{angled}>: only plugins/{plugin} names this system"
    return None


def checkTree(root):
    """All violations as "path:line: sentence", and the arrows found between rooms."""
    found, arrows = [], set()
    files = listFiles(root)
    for entry in sorted({p.parts[0] for p in files}):
        if entry not in ROOMS | TOP_FILES and not entry.startswith("."):
            found.append(f"{entry}:1: the top level has no place for this")
    for path in files:
        if path.suffix in (".png", ".ttf", ".mo", ".qm", ".mmdb", ".gz"):
            continue
        text = (root / path).read_text(encoding="utf-8", errors="replace")
        if not isCode(path, text):
            continue
        lines = text.splitlines()
        if len(lines) > MAX_LINES:
            found.append(f"{path}:{MAX_LINES + 1}: {len(lines)} lines; {MAX_LINES} are the limit")
        if SPDX not in "\n".join(lines[:3]):
            found.append(f"{path}:1: the first line says {SPDX}")
        if path.suffix not in (".cpp", ".h", ".c"):
            continue
        impure = IMPURE.get("/".join(room(path)))
        for number, line in enumerate(lines, 1):
            code = line.partition("//")[0]
            reached = impure and impure.search(code)
            if reached:
                found.append(f"{path}:{number}: {reached.group(0)}: reached by a capability only")
            if path.parts[0] == "ui" and path.parts[1] != "theme" and COLOUR.search(code):
                found.append(f"{path}:{number}: a colour of its own; ui/theme holds them all")
            vague = VAGUE.match(code)
            if vague:
                found.append(f"{path}:{number}: {vague.group(1)} says too little; name what it does")
            match = INCLUDE.match(line)
            if not match:
                continue
            why = checkInclude(path, match.group(1), match.group(2))
            if why:
                found.append(f"{path}:{number}: {why}")
            target = match.group(1)
            if target and pathlib.PurePosixPath(target).parts[0] in ROOMS:
                if "tests" not in path.parts and room(path) != room(target):
                    arrows.add(("/".join(filter(None, room(path))),
                                "/".join(filter(None, room(target)))))
    return found, arrows


def graphPage(arrows):
    """The page that shows the arrows as they are."""
    lines = ["# The arrows as they are", "",
             "Drawn from the includes by `tests/architecture/architecture.py --write`; a test keeps it true.",
             "", "```"]
    sources = sorted({source for source, _ in arrows})
    width = max((len(source) for source in sources), default=0)
    for source in sources:
        targets = " ".join(sorted(target for start, target in arrows if start == source))
        lines.append(f"{source.ljust(width)} → {targets}")
    return "\n".join(lines + ["```", ""])


def checkGraphPage(root, arrows, write):
    page = root / GRAPH_PAGE
    wanted = graphPage(arrows)
    if write:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(wanted, encoding="utf-8")
    elif page.exists() and page.read_text(encoding="utf-8") != wanted:
        return [f"{GRAPH_PAGE}:1: stale; run tests/architecture/architecture.py --write"]
    return []


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", nargs="?", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("--write", action="store_true", help="write the generated page anew")
    arguments = parser.parse_args()
    found, arrows = checkTree(arguments.root)
    found += checkGraphPage(arguments.root, arrows, arguments.write)
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
