// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/pipeline/diagnostic.h"
#include "core/pipeline/pipeline.h"
#include "core/spec/catalog.h"

namespace freshet::pipeline {

/// Where a piece of the pipeline stands, for diagnostics. Keys: "node", "node.type", "node/field",
/// "node/field/0/when", "edge a -> b", "connections/name", "connections/name/url", "nodes/3" (by
/// order: ids may be doubled), "name". Lines and columns (in characters) count from 1.
struct Places {
  struct Place {
    int line = 0;  ///< of the key, or of the value where there is no key
    int column = 0;
    std::string file = {};  ///< empty: the pipeline's file; else relative to the folder
    int valueLine = 0;
    int valueColumn = 0;
  };
  std::map<std::string, Place, std::less<>> at;

  /// The place of `key`, else of what holds it ("node/field" for "node/field/0"), else null.
  const Place* find(std::string_view key) const;
};

/// A project folder as it was read: one pipeline, its layout, and the places of both.
struct Project {
  using Texts = std::map<std::string, std::string, std::less<>>;

  std::string folder;        ///< absolute
  std::string pipelineFile;  ///< name inside the folder, "abandoned-basket.pipeline.json"
  Pipeline pipeline;
  Layout layout;
  Places places;
  /// Files of the folder as an editor holds them, by path inside it: whoever reads a file of the
  /// project (readProjectFile) gets these instead of the disk's, and saveProject writes them.
  Texts texts;
};

/// Reads a folder with one *.pipeline.json, or such a file. Errors carry file:line:col.
Result<Project> loadProject(std::string_view path);
/// The same from text, for editors and tests.
Result<Project> readProject(std::string_view folder, std::string_view pipelineFile,
                            std::string_view pipelineText, std::string_view layoutText);

/// Canonical text: UTF-8, LF, two spaces, one key a line, defaults not written, unknown keys kept.
std::string canonicalText(const Pipeline& pipeline, const spec::SpecCatalog& catalog);
std::string canonicalText(const Layout& layout);
/// Atomic: temporary file in the same folder, fdatasync, rename, fsync of the folder; a link's
/// target is replaced, not the link. A failure leaves the file as it was and says why.
Status writeFileAtomically(const std::string& path, std::string_view bytes);
/// Writes only a file whose meaning changed: one that is not canonical stays as it is until then.
Status saveProject(const Project& project, const spec::SpecCatalog& catalog);

/// Applies env/NAME.json: connections are replaced by name, nodes' type and settings where given.
/// A node with "type": null is left out with its edges; one with a type gets the overlay's settings
/// instead of its own; one without keeps its type, and the settings given replace those of the same
/// name (null removes one).
Result<Project> withOverlay(const Project& project, std::string_view env);
/// `--set node.field=value`, `node.field.key=value` or `connections.name.field=value`. The value is
/// JSON where it reads as JSON ("60", "true", "[1]"), else text; null removes the setting.
Result<Project> withSetting(const Project& project, std::string_view assignment);

/// Has a node's own code compile its settings, which this folder knows nothing of (a schema, a mail
/// address): an Error's `where` is the field. Given by the composition root; called for nodes whose
/// settings have no error so far.
using SettingsCheck = std::function<Status(const Project& project, const Node& node)>;

/// Every finding, errors first, each with code, node, field and place; codes are those of codes.h.
/// Pure: reads project files only. To be asked before references are resolved.
std::vector<Diagnostic> lint(const Project& project, const spec::SpecCatalog& catalog,
                             const SettingsCheck& check = {});

/// SHA-256 over the canonical pipeline and every file it refers to (templates with their partials,
/// schemas, scripts): a deployment's identity. Titles, layout and formatting do not count.
std::string logicHash(const Project& project, const spec::SpecCatalog& catalog);
/// Those files, relative to the project.
std::vector<std::string> logicFiles(const Project& project, const spec::SpecCatalog& catalog);

/// Resolves ${env:NAME}, ${env:NAME:-default} and ${secret:NAME} in string leaves.
using Lookup = std::function<const char*(std::string_view kind, std::string_view name)>;
Result<record::OwnedValue> resolveReferences(const record::Value& settings, const Lookup& lookup);
/// Environment variables; secrets from FRESHET_SECRET_<NAME>.
const char* lookUpInEnvironment(std::string_view kind, std::string_view name);

/// Topological order of node indexes, equals in the order of the file; empty if there is a cycle.
/// Edges to nodes that are not there do not count.
std::vector<std::size_t> flowOrder(const Pipeline& pipeline);
/// The ids along one loop, the first one repeated at the end; empty if there is none.
std::vector<std::string> findLoop(const Pipeline& pipeline);
/// The port of every node by which a record leaves that could not be processed. Unconnected, such
/// records go to the dead letters.
inline constexpr std::string_view kErrorPort = "error";
/// The output ports of a node in the order in which stages number them: its type's, then its cases.
std::vector<spec::PortSpec> portsOf(const Node& node, const spec::NodeSpec& spec);

}  // namespace freshet::pipeline
