// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/spec/catalog.h"
#include "core/spec/config.h"
#include "core/stage/sink.h"
#include "core/stage/source.h"
#include "core/stage/stage.h"

namespace freshet::liquid {
class TemplateEnvironment;
}

namespace freshet::stage {

/// What a node's maker may ask at compile time: pure, no side effects.
class BuildContext {
 public:
  virtual ~BuildContext() = default;
  virtual const std::string& nodeId() const = 0;
  /// The slot of a section; made if nobody has asked for it yet.
  virtual std::uint32_t slot(std::string_view section) = 0;
  /// A file of the project (a schema, a template).
  virtual Result<std::string> file(std::string_view path) = 0;
  /// Liquid of this run; text filters and the project's partials.
  virtual const liquid::TemplateEnvironment& liquid() const = 0;
  /// True if a profile.write on this connection comes after this node.
  virtual bool profilesWrittenDownstream(std::string_view connection) const = 0;
};

/// A node type: its spec and how to make it. Exactly one maker is set. Makers are pure: they
/// compile settings and return an Error whose `where` is the field's name when a setting cannot
/// work.
struct NodeType {
  spec::NodeSpec spec;
  std::function<Result<std::unique_ptr<Stage>>(const spec::Config&, BuildContext&)> makeStage;
  std::function<Result<std::unique_ptr<Source>>(const spec::Config&, BuildContext&)> makeSource;
  std::function<Result<std::unique_ptr<Sink>>(const spec::Config&, BuildContext&)> makeSink;
  std::function<Result<std::unique_ptr<OutboxSink>>(const spec::Config&, BuildContext&)>
      makeOutboxSink;
};

/// Makes a capability for a connection's resolved settings. Live or inert.
struct CapabilityType {
  std::string kind;            ///< "kafka"
  std::string connectionType;  ///< "kafka", or "" if it needs no connection
  std::function<Result<std::shared_ptr<Capability>>(const spec::Config&, Mode)> make;
};

/// Everything a process can build pipelines from. Filled at start, then read-only: any thread.
class TypeLookup {
 public:
  virtual ~TypeLookup() = default;
  virtual const NodeType* node(std::string_view id) const = 0;
  virtual const CapabilityType* capability(std::string_view kind,
                                           std::string_view connectionType) const = 0;
  virtual const spec::SpecCatalog& catalog() const = 0;
};

}  // namespace freshet::stage
