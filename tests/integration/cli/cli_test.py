#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs `freshet` as people and machines do: exit codes, what goes to which stream, what it writes."""
import email
import email.policy
import json
import os
import pathlib
import pty
import shutil
import subprocess
import sys
import tempfile
import unittest

FRESHET = sys.argv.pop(1)
ROOT = pathlib.Path(__file__).resolve().parents[3]
CLEAN = {"name": "clean",
         "nodes": [{"id": "visitors", "type": "events.generate",
                    "settings": {"people": "people.ndjson", "catalogue": "products.json"}},
                   {"id": "end", "type": "drop"}],
         "edges": ["visitors -> end"]}


class CliTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="freshet-cli."))
        self.addCleanup(shutil.rmtree, self.folder)
        example = ROOT / "resources" / "examples" / "abandoned-basket" / "shop"
        for name in ("people.ndjson", "products.json"):
            shutil.copy(example / name, self.folder / name)

    def write(self, document, name="a.pipeline.json"):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return path

    def freshet(self, *arguments, code=0, **environment):
        done = subprocess.run([FRESHET, *map(str, arguments)], cwd=self.folder, capture_output=True,
                              encoding="utf-8", env={**os.environ, **environment}, timeout=60)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    # --- usage
    def testUsage(self):
        for arguments in ([], ["nonsense"], ["lint", "--formt"], ["lint", "--format", "xml"],
                          ["fmt", "--check", "--write"], ["lint", "nowhere"], ["nodes", "kafk"],
                          ["lint", "."]):
            done = self.freshet(*arguments, code=2)
            self.assertEqual(done.stdout, "", arguments)
            self.assertNotEqual(done.stderr, "", arguments)

    def testVersionAndHelp(self):
        version = json.loads(self.freshet("version", "--json").stdout)
        self.assertRegex(version["version"], r"^\d+\.\d+\.\d+$")
        self.assertIn(version["version"], self.freshet("--version").stdout)
        self.assertIn("lint", self.freshet("--help").stdout)
        self.assertIn("--strict", self.freshet("lint", "--help").stdout)

    # --- lint
    def testLintClean(self):
        self.write(CLEAN)
        done = self.freshet("lint")
        self.assertEqual(done.stdout, "")
        self.assertTrue(done.stderr.endswith("1 pipeline, nothing found\n"), done.stderr)
        self.assertEqual(self.freshet("lint", "-q").stderr, "")
        self.assertEqual(json.loads(self.freshet("lint", "--format", "json").stdout), [])

    def testLintFindings(self):
        self.write('{ "name": "x",\n  "nodes": [ { "id": "a", "type": "dropp" } ] }')
        done = self.freshet("lint", "a.pipeline.json", code=1)
        self.assertEqual(done.stdout.splitlines()[0],
                         "a.pipeline.json:2:27: E-1103 there is no step of type dropp (did you mean drop?)")
        found = json.loads(self.freshet("lint", "--format", "json", code=1).stdout)
        self.assertEqual({**found[0], "message": "", "hint": ""},
                         {"severity": "error", "code": "E-1103", "message": "", "hint": "", "node": "a",
                          "field": "", "file": "a.pipeline.json", "line": 2, "column": 27})

    def testLintSyntaxErrorHasItsPlace(self):
        self.write('{ "name": "x"\n  "nodes": [] }', "deep/er/b.pipeline.json")
        done = self.freshet("lint", "./...", code=1)
        self.assertTrue(done.stdout.startswith("deep/er/b.pipeline.json:2:3: E-1001 "), done.stdout)

    def testLintStrictCountsWarnings(self):
        document = json.loads(json.dumps(CLEAN))
        document["nodes"].append({"id": "lonely", "type": "drop"})
        self.write(document)
        self.assertIn("W-1111", self.freshet("lint").stdout)
        self.freshet("lint", "--strict", code=1)

    def testLintReadsOverlaysToo(self):
        self.write(CLEAN)
        self.write({"nodes": {"ennd": {}}}, "env/test.json")
        self.assertIn("env/test.json:1:12: E-1007", self.freshet("lint", code=1).stdout)
        self.assertIn("E-1007", self.freshet("lint", "--env", "tes", code=1).stdout)

    def testLintSarif(self):
        self.write({"name": "x", "nodes": [{"id": "a", "type": "dropp"}]})
        log = json.loads(self.freshet("lint", "--format", "sarif", code=1).stdout)
        self.assertEqual(log["version"], "2.1.0")
        run = log["runs"][0]
        self.assertEqual({rule["id"] for rule in run["tool"]["driver"]["rules"]},
                         {result["ruleId"] for result in run["results"]})
        place = run["results"][0]["locations"][0]["physicalLocation"]
        self.assertEqual(place["artifactLocation"]["uri"], "a.pipeline.json")

    def testCodesAreListed(self):
        self.assertIn("E-1203  A setting that is needed is empty.", self.freshet("lint", "--codes").stdout)
        codes = json.loads(self.freshet("lint", "--codes", "--format", "json").stdout)
        self.assertIn("E-1001", codes)

    def testLintSaysWhatEachWirePromises(self):
        stream = {"connection": "k", "topic": "t"}
        document = {"name": "d", "connections": {"k": {"type": "kafka", "brokers": "127.0.0.1:1"},
                                                 "far": {"type": "kafka", "brokers": "127.0.0.1:2"}},
                    "nodes": [{"id": "in", "type": "kafka.source", "settings": stream | {"group": "g"}},
                              {"id": "out", "type": "kafka.sink", "settings": stream},
                              {"id": "away", "type": "kafka.sink", "settings": stream | {"connection": "far"}}],
                    "edges": ["in -> out", "in -> away"]}
        self.write(document)
        lines = self.freshet("lint", "--delivery").stdout.splitlines()
        self.assertEqual(lines[0], "d: in -> out: exactly-once")
        self.assertTrue(lines[1].startswith("d: in -> away: at-least-once (away writes to another"), lines)
        wires = json.loads(self.freshet("lint", "--delivery", "--format", "json").stdout)
        self.assertEqual([wire["delivery"] for wire in wires], ["exactly-once", "at-least-once"])
        document["nodes"][0]["settings"]["delivery"] = "exactly-once"
        self.write(document)
        self.assertIn("E-1115", self.freshet("lint", code=1).stdout)

    def testHundredNodesLintInUnderASecond(self):
        nodes = CLEAN["nodes"][:1] + [{"id": f"n{i}", "type": "drop"} for i in range(100)]
        self.write({"name": "x", "nodes": nodes, "edges": [f"visitors -> n{i}" for i in range(100)]})
        done = subprocess.run([FRESHET, "lint"], cwd=self.folder, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout)

    def testRunOfSeveralWorkersSaysWhatStaysWithEach(self):
        example = ROOT / "resources" / "examples" / "abandoned-basket"
        run = ("run", example, "--dry-run", "--speed", "max", "--limit", "10")
        self.assertNotIn("W-1217", self.freshet(*run).stderr)
        self.assertRegex(self.freshet(*run, "--slot", "1").stderr,
                         r"pipeline.json:\d+:\d+: W-1217 what [\w-]+ keeps stays with this worker")

    # --- fmt
    def testFmt(self):
        path = self.write(CLEAN)
        before = path.read_text()
        printed = self.freshet("fmt").stdout
        self.assertEqual(path.read_text(), before)
        self.assertEqual(self.freshet("fmt", "--check", code=1).stdout, "a.pipeline.json\n")
        self.assertEqual(self.freshet("fmt", "--write").stdout, "a.pipeline.json\n")
        self.assertEqual(path.read_text(), printed)
        self.assertEqual(self.freshet("fmt", "--check").stdout, "")
        self.assertEqual(self.freshet("fmt", "--write").stdout, "")
        self.assertFalse(list(self.folder.glob(".*")))

    def testFmtOfWhatCannotBeRead(self):
        path = self.write("{ nope")
        self.assertIn("a.pipeline.json:1:3: E-1001", self.freshet("fmt", "--write", code=1).stderr)
        self.assertEqual(path.read_text(), "{ nope")

    def testTheProjectsOfTheTreeAreCleanAndCanonical(self):
        projects = [ROOT / "resources" / "examples" / "...", ROOT / "tests" / "bench" / "..."]
        self.assertEqual(self.freshet("lint", "--strict", *projects).stdout, "")
        self.assertEqual(self.freshet("fmt", "--check", *projects).stdout, "")

    # --- render
    def testRender(self):
        example = ROOT / "resources" / "examples" / "abandoned-basket"
        text = self.freshet("render", example / "templates" / "basket_reminder.txt.liquid",
                            "--person", example / "personas" / "zoe.json").stdout
        self.assertTrue(text.startswith("Zoë, your basket is still here."), text)
        (self.folder / "t.liquid").write_text("{{ profile.name }} {{ basket.n }} {% render 'p' %}")
        (self.folder / "parts").mkdir()
        (self.folder / "parts" / "p.liquid").write_text("part")
        self.write({"name": "<Zoë>"}, "person.json")
        self.write({"basket": {"n": 2}}, "data.json")
        arguments = ["render", "t.liquid", "--person", "person.json", "--data", "data.json",
                     "--partials", "parts"]
        self.assertEqual(self.freshet(*arguments).stdout, "&lt;Zoë&gt; 2 part")
        self.assertEqual(self.freshet(*arguments, "--text", "--strict").stdout, "<Zoë> 2 part")

    def testRenderSaysWhereItFails(self):
        (self.folder / "t.liquid").write_text("a\n{{ nobody.name }}{% if")
        self.assertIn("t.liquid:2:18: E-400", self.freshet("render", "t.liquid", code=1).stderr)
        (self.folder / "t.liquid").write_text("a\n{{ nobody.name }}")
        self.freshet("render", "t.liquid")
        self.assertIn("t.liquid:2:", self.freshet("render", "t.liquid", "--strict", code=1).stderr)
        self.freshet("render", "none.liquid", code=2)
        self.freshet("render", "t.liquid", "--html", "--text", code=2)

    def testRenderAnalysis(self):
        (self.folder / "parts").mkdir()
        (self.folder / "parts" / "p.liquid").write_text("{{ x.y }}")
        (self.folder / "t.liquid").write_text(
            "{{ profile.name | default: 'you' | upcse }}\n{% if basket.n > 1 %}{{ basket.n }}{% else %}{% render 'p' %}"
            "{% endif %}{% include 'none' %}{{ event.id }}")
        done = self.freshet("render", "t.liquid", "--analyse", "--partials", "parts")
        found = json.loads(done.stdout)
        variables = [(v["path"], v["file"], v["line"], v["column"], v["guarded"]) for v in found["variables"]]
        self.assertIn(("profile.name", "t.liquid", 1, 4, True), variables)
        self.assertIn(("basket.n", "t.liquid", 2, 7, True), variables)
        self.assertIn(("basket.n", "t.liquid", 2, 25, True), variables)
        self.assertIn(("event.id", "t.liquid", 2, 96, False), variables)
        self.assertIn("x.y", [v[0] for v in variables if v[1].endswith("p")])
        self.assertEqual([f["name"] for f in found["filters"]], ["default", "upcse"])
        self.assertEqual([(p["name"], p["tag"], p["found"]) for p in found["partials"]],
                         [("p", "render", True), ("none", "include", False)])
        self.assertEqual([b["name"] for b in found["branches"]], ["if", "else"])
        self.assertEqual([(e["code"], e["severity"], e["hint"]) for e in found["errors"]][0],
                         ("E-4003", "warning", "did you mean 'upcase'?"))
        (self.folder / "bad.liquid").write_text("{{ a b }}")
        broken = json.loads(self.freshet("render", "bad.liquid", "--analyse", code=1).stdout)
        self.assertEqual((broken["errors"][0]["line"], broken["errors"][0]["column"]), (1, 6))

    def testRenderExplains(self):
        (self.folder / "t.liquid").write_text("Dear {{ profile.name }},{% for i in basket.items %} {{ i.sku }}{% endfor %}")
        self.write({"profile": {"name": "<Zoë>"}, "basket": {"items": [{"sku": "a"}, {"sku": "b"}]}}, "data.json")
        arguments = ["render", "t.liquid", "--data", "data.json", "--explain"]
        self.assertEqual(self.freshet(*arguments, "--text").stdout.splitlines(),
                         ['5-11\tprofile.name\tt.liquid:1:6\t"<Zoë>"', '13-14\tbasket.items[0].sku\tt.liquid:1:53\t"a"',
                          '15-16\tbasket.items[1].sku\tt.liquid:1:53\t"b"'])
        found = json.loads(self.freshet(*arguments, "--format", "json").stdout)
        self.assertEqual(found["output"], "Dear &lt;Zoë&gt;, a b")
        self.assertEqual(found["origins"][0], {"begin": 5, "end": 17, "text": "&lt;Zoë&gt;", "path": "profile.name",
                                               "file": "t.liquid", "line": 1, "column": 6})
        output = found["output"].encode()
        for origin in found["origins"]:
            self.assertEqual(output[origin["begin"]:origin["end"]].decode(), origin["text"])

    def testRenderMessage(self):
        example = ROOT / "resources" / "examples" / "abandoned-basket"
        source = self.freshet("render", example / "templates" / "basket_reminder.liquid", "--eml",
                              "--person", example / "personas" / "zoe.json").stdout
        message = email.message_from_string(source, policy=email.policy.default)
        self.assertIn("Zoë", message["subject"])
        self.assertIn("@", message["from"])
        self.assertIn("@", message["to"])
        self.assertEqual([part.get_content_type() for part in message.iter_parts()], ["text/plain", "text/html"])
        self.assertIn("Zoë, your basket is still here", message.get_body(("plain",)).get_content())
        self.assertIn("<html", message.get_body(("html",)).get_content())
        (self.folder / "t.liquid").write_text("<p>{{ profile.name }}</p>")
        self.write({"name": "<Zoë>\r\nBcc: x@y.z"}, "person.json")
        self.freshet("render", "t.liquid", "--eml", code=2)
        self.freshet("render", "t.liquid", "--subject", "x", code=2)
        alone = self.freshet("render", "t.liquid", "--eml", "--person", "person.json", "--from", "a@b.example", "--to",
                             "c@d.example", "--subject", "Hi {{ profile.name }}").stdout
        message = email.message_from_string(alone, policy=email.policy.default)
        self.assertEqual(message["to"], "c@d.example")
        self.assertIsNone(message["bcc"])
        self.assertIn("<p>&lt;Zoë&gt;", message.get_body(("html",)).get_content())

    def testRenderReachesNoFileOutside(self):
        (self.folder / "secret.liquid").write_text("SECRET")
        (self.folder / "parts").mkdir()
        (self.folder / "t.liquid").write_text("{% include '../secret' %}")
        done = self.freshet("render", "t.liquid", "--partials", "parts", code=1)
        self.assertNotIn("SECRET", done.stdout + done.stderr)

    # --- profiles
    def testProfiles(self):
        self.write({**CLEAN, "connections": {"people": {"type": "embedded"}}})
        state = {"XDG_STATE_HOME": str(self.folder / "state")}
        self.assertIn("E-3101", self.freshet("profiles", "get", ".", "u1", code=4, **state).stderr)
        (self.folder / "some.ndjson").write_text('{"id":"u1","n":1}\n{"id":"u2","n":2}\n')
        self.assertIn("2 profiles imported",
                      self.freshet("profiles", "import", ".", "some.ndjson", **state).stderr)
        self.assertEqual(json.loads(self.freshet("profiles", "get", ".", "u2", **state).stdout),
                         {"id": "u2", "n": 2})
        self.freshet("profiles", "put", ".", "u2", '{"id":"u2","n":3}', **state)
        self.assertEqual(json.loads(self.freshet("profiles", "get", ".", "u2", **state).stdout)["n"], 3)
        self.freshet("profiles", "get", ".", "nobody", code=1, **state)
        self.freshet("profiles", "put", ".", "u2", "7", code=2, **state)
        self.freshet("profiles", "get", ".", "u1", "--connection", "peopel", code=2, **state)
        (self.folder / "bad.ndjson").write_text('{"id":"u9","n":1}\n{"n":2}\n')
        self.assertIn("line 2", self.freshet("profiles", "import", ".", "bad.ndjson", code=1, **state).stderr)
        self.freshet("profiles", "get", ".", "u9", code=1, **state)

    # --- nodes
    def testNodes(self):
        listed = self.freshet("nodes").stdout
        every = json.loads(self.freshet("nodes", "--format", "json").stdout)
        for node in every:
            self.assertIn(node["id"], listed)
            self.assertTrue(all(field["help"] for field in node["fields"]), node["id"])
        self.assertTrue(self.freshet("nodes", "drop").stdout.startswith("# "))
        one = json.loads(self.freshet("nodes", "drop", "--format", "json").stdout)
        self.assertEqual(one, next(node for node in every if node["id"] == "drop"))
        self.freshet("nodes", "--pages", "pages")
        self.assertEqual({page.stem for page in (self.folder / "pages").iterdir()},
                         {node["id"] for node in every})

    def testCompletionNamesEveryCommandAndFlag(self):
        for shell in ("bash", "zsh", "fish"):
            script = self.freshet("completion", shell).stdout
            for word in ("lint", "fmt", "nodes", "render", "strict", "partials"):
                self.assertIn(word, script, shell)
        self.freshet("completion", "tcsh", code=2)
        (self.folder / "complete").write_text(self.freshet("completion", "bash").stdout)
        ask = 'source ./complete; COMP_WORDS=(freshet lint --str) COMP_CWORD=2; _freshet; echo "${COMPREPLY[@]}"'
        done = subprocess.run(["bash", "-c", ask], cwd=self.folder, capture_output=True, encoding="utf-8")
        self.assertEqual(done.stdout, "--strict\n", done.stderr)

    # --- the terminal
    def onTerminal(self, **environment):
        master, slave = pty.openpty()
        done = subprocess.Popen([FRESHET, "lint"], cwd=self.folder, stdout=slave, stderr=subprocess.DEVNULL,
                                env={**os.environ, **environment})
        os.close(slave)
        out = b""
        try:
            while block := os.read(master, 4096):
                out += block
        except OSError:
            pass  # a pseudo-terminal ends so
        os.close(master)
        done.wait(60)
        return out

    def testColourOnlyOnATerminalAndNotUnderNoColor(self):
        self.write({"name": "x", "nodes": [{"id": "a", "type": "dropp"}]})
        self.assertNotIn("\x1b", self.freshet("lint", code=1).stdout)
        self.assertIn(b"\x1b[31mE-1103\x1b[0m", self.onTerminal(NO_COLOR=""))
        self.assertNotIn(b"\x1b", self.onTerminal(NO_COLOR="1"))


if __name__ == "__main__":
    unittest.main()
