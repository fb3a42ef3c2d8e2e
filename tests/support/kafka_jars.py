# SPDX-License-Identifier: GPL-3.0-or-later
"""The jars of the Kafka broker: pinned by name and SHA-256 in kafka_jars.txt, fetched from Maven
Central (or the mirror that ~/.m2/settings.xml names for it), kept in the user's cache."""
import concurrent.futures
import hashlib
import os
import pathlib
import sys
import time
import urllib.request
import xml.etree.ElementTree

VERSION = "3.9.1"
CENTRAL = "https://repo1.maven.org/maven2"
LIST = pathlib.Path(__file__).with_name("kafka_jars.txt")
ATTEMPTS = 4


def cacheFolder():
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return pathlib.Path(cache) / "freshet" / f"kafka-{VERSION}"


def pinned():
    """(sha256, path in the repository) of every jar."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return [tuple(line.split()) for line in lines if line and not line.startswith("#")]


def repository():
    """The mirror of Maven Central that the user's Maven settings name, or Central itself."""
    settings = pathlib.Path.home() / ".m2" / "settings.xml"
    if settings.is_file():
        for mirror in xml.etree.ElementTree.parse(settings).iter():
            if not mirror.tag.endswith("mirror"):
                continue
            fields = {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in mirror}
            names = [name.strip() for name in fields.get("mirrorOf", "").split(",")]
            if {"central", "*", "external:*"} & set(names) and "!central" not in names:
                return fields["url"].rstrip("/")
    return CENTRAL


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetchOne(base, digest, name, target):
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with urllib.request.urlopen(f"{base}/{name}", timeout=60) as answer:
                content = answer.read()
            break
        except OSError as error:
            if attempt == ATTEMPTS:
                raise RuntimeError(f"cannot fetch {base}/{name}: {error}") from error
            time.sleep(attempt)
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        raise RuntimeError(f"{base}/{name} has SHA-256 {found}, expected {digest}")
    partial = target.with_suffix(f".{os.getpid()}.part")
    partial.write_bytes(content)
    partial.replace(target)


def fetch():
    """The class path of the broker, after fetching and checking what the cache lacks."""
    folder = cacheFolder()
    folder.mkdir(parents=True, exist_ok=True)
    jars = [(digest, name, folder / name.rpartition("/")[2]) for digest, name in pinned()]
    missing = [jar for jar in jars if not jar[2].is_file() or sha256(jar[2]) != jar[0]]
    if missing:
        base = repository()
        print(f"Fetching {len(missing)} jars of Apache Kafka {VERSION} from {base}", file=sys.stderr)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(fetchOne, base, *jar) for jar in missing]:
                done.result()
    return ":".join(str(path) for _, _, path in jars)
