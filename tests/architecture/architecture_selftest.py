#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guard is guarded: a small tree with one violation each must be refused, a clean one passed."""
import pathlib
import tempfile
import unittest

import architecture
import node_pages

HEADER = f"// {architecture.SPDX}\n"


class ArchitectureTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.put("README.md", "# a house\n")
        self.put("core/base/result.h", HEADER)
        self.put("core/record/value.h", HEADER + '#include "core/base/result.h"\n#include <string>\n')

    def put(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def putCode(self, path, *lines):
        self.put(path, HEADER + "\n".join(lines) + "\n")

    def violations(self):
        return architecture.checkTree(self.root)[0]

    def assertRefused(self, *places):
        found = self.violations()
        self.assertEqual([line.split(": ")[0] for line in found], list(places), found)

    def testCleanTreePasses(self):
        self.putCode("core/runtime/lane.cpp", '#include "core/runtime/lane.h"',
                     '#include "core/stage/stage.h"', '#include "core/base/result.h"')
        self.putCode("core/host/pipeline_host.h", '#include "core/pipeline/pipeline.h"')
        self.putCode("plugins/kafka/kafka_source.cpp", '#include "core/stage/stage.h"',
                     '#include "plugins/kafka/client.h"', "#include <librdkafka/rdkafka.h>")
        self.putCode("ui/canvas/canvas.cpp", '#include "ui/theme/tokens.h"', "#include <QWidget>",
                     '#include "core/host/pipeline_host.h"', '#include "canvas.moc"')
        self.putCode("app/cli/main.cpp", '#include "core/nodes/all.h"', '#include "plugins/a/b.h"')
        self.assertRefused()

    def testCoreAgainstAnArrow(self):
        self.putCode("core/record/record.h", '#include "core/stage/stage.h"')
        self.assertRefused("core/record/record.h:2")

    def testArrowsReachThroughButNotBack(self):
        self.putCode("core/host/local.cpp", '#include "core/base/result.h"')
        self.putCode("core/stage/stage.h", '#include "core/profile/profile_store.h"')
        self.assertRefused("core/stage/stage.h:2")

    def testCoreNeverIncludesNodesFromRuntime(self):
        self.putCode("core/runtime/compile.cpp", '#include "core/nodes/filter.h"')
        self.assertRefused("core/runtime/compile.cpp:2")

    def testCoreIncludesNoOtherRoom(self):
        self.putCode("core/base/text.cpp", '#include "ui/theme/tokens.h"', '#include "app/cli/x.h"')
        self.assertRefused("core/base/text.cpp:2", "core/base/text.cpp:3")

    def testUnknownCoreFolder(self):
        self.putCode("core/misc/thing.h", '#include "core/base/result.h"')
        self.assertRefused("core/misc/thing.h:2")

    def testPluginSeesFewFolders(self):
        self.putCode("plugins/redis/store.cpp", '#include "core/runtime/lane.h"',
                     '#include "plugins/kafka/client.h"', '#include "core/profile/profile_store.h"')
        self.assertRefused("plugins/redis/store.cpp:2", "plugins/redis/store.cpp:3")

    def testUserInterfaceNeverSeesRuntimeOrNodes(self):
        self.putCode("ui/monitor/charts.cpp", '#include "core/runtime/lane.h"',
                     '#include "core/nodes/x.h"', '#include "plugins/a/b.h"')
        self.assertRefused(*(f"ui/monitor/charts.cpp:{line}" for line in (2, 3, 4)))

    def testPanelsNeverHoldOneAnother(self):
        self.putCode("ui/canvas/canvas.cpp", '#include "ui/inspector/form.h"')
        self.putCode("ui/theme/tokens.h", '#include "ui/shell/main_window.h"')
        self.assertRefused("ui/canvas/canvas.cpp:2", "ui/theme/tokens.h:2")

    def testQtBelowTheUserInterface(self):
        self.putCode("core/base/clock.h", "#include <QString>", "#include <QtCore/QObject>",
                     "#include <qglobal.h>", "#include <queue>")
        self.putCode("plugins/http/server.h", "#include <QTcpServer>")
        self.assertRefused("core/base/clock.h:2", "core/base/clock.h:3", "core/base/clock.h:4",
                           "plugins/http/server.h:2")

    def testSystemsAreNamedInTheirPluginAlone(self):
        self.putCode("core/host/local.cpp", "#include <librdkafka/rdkafka.h>")
        self.putCode("plugins/kafka/x.cpp", "#include <hiredis/hiredis.h>")
        self.assertRefused("core/host/local.cpp:2", "plugins/kafka/x.cpp:2")

    def testNodesReadNoClockOfTheirOwn(self):
        self.putCode("core/nodes/wait.cpp", "auto a = std::chrono::system_clock::now();",
                     'auto b = std::getenv("HOME");', "auto c = context.clock().now();  // ::socket")
        self.putCode("core/liquid/limits.cpp", "auto a = std::chrono::steady_clock::now();")
        self.putCode("core/host/clock.cpp", "auto a = std::chrono::system_clock::now();")
        self.assertRefused("core/nodes/wait.cpp:2", "core/nodes/wait.cpp:3")

    def testColoursLiveInTheTheme(self):
        self.putCode("ui/theme/tokens.cpp", 'QColor accent{"#0B7A75"};')
        self.putCode("ui/canvas/card.cpp", 'QColor a{"#0B7A75"};', "QColor b(12, 34, 56);",
                     "QColor c(theme.accent);", "QColor d(Qt::red);")
        self.assertRefused(*(f"ui/canvas/card.cpp:{line}" for line in (2, 3, 5)))

    def testVagueNames(self):
        self.putCode("core/base/x.h", "class LaneManager {", "};", "class QMimeData {};",
                     "struct EventData;", "struct Database {};")
        self.assertRefused("core/base/x.h:2")

    def testIncludesStartAtTheRoot(self):
        self.putCode("core/record/batch.cpp", '#include "batch.h"', '#include "../base/result.h"')
        self.assertRefused("core/record/batch.cpp:2", "core/record/batch.cpp:3")

    def testSizeLimit(self):
        self.putCode("core/base/long.cpp", *["int x;"] * 799)
        self.assertRefused()
        self.putCode("core/base/long.cpp", *["int x;"] * 800)
        self.put("dev", "#!/bin/bash\n# " + architecture.SPDX + "\n" * 900)
        self.assertRefused("core/base/long.cpp:801", "dev:801")

    def testLicenceLine(self):
        self.put("core/base/bare.h", "#pragma once\n")
        self.put("tests/support/x.py", "#!/usr/bin/env python3\n# " + architecture.SPDX + "\n")
        self.assertRefused("core/base/bare.h:1")

    def testTopLevel(self):
        self.put("src/main.cpp", HEADER)
        self.put("NOTES.txt", "x\n")
        self.put(".editorconfig", "root = true\n")
        self.assertRefused("NOTES.txt:1", "src:1")

    def testStalePage(self):
        arrows = architecture.checkTree(self.root)[1]
        self.assertEqual(arrows, {("core/record", "core/base")})
        architecture.checkGraphPage(self.root, arrows, write=True)
        self.assertEqual(architecture.checkGraphPage(self.root, arrows, write=False), [])
        self.putCode("core/spec/spec.h", '#include "core/record/value.h"')
        arrows = architecture.checkTree(self.root)[1]
        self.assertEqual(len(architecture.checkGraphPage(self.root, arrows, write=False)), 1)


class NodePagesTest(unittest.TestCase):
    def testMissingStaleAndGone(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            wanted = {"filter.md": "# Filter\n", "map.md": "# Map\n"}
            node_pages.write(folder, wanted)
            self.assertEqual(list(node_pages.differences(folder, wanted)), [])
            (folder / "filter.md").write_text("# Filter of old\n", encoding="utf-8")
            (folder / "map.md").rename(folder / "gone.md")
            self.assertEqual([line.rpartition("/")[2] for line in node_pages.differences(folder, wanted)],
                             ["filter.md:1: stale", "gone.md:1: no such node", "map.md:1: missing"])


if __name__ == "__main__":
    unittest.main()
