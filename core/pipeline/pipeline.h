// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/record/owned_value.h"

namespace freshet::pipeline {

struct Node {
  std::string id;
  std::string type;
  std::string title;  ///< empty: the type's title
  record::OwnedValue settings;
  record::OwnedValue extra;  ///< keys we do not know, kept as they are

  friend bool operator==(const Node&, const Node&) = default;
};

/// "basket-events -> customer", "customer.missing -> no-profile". An empty port is the first one.
struct Edge {
  std::string from;
  std::string port;
  std::string to;

  std::string text() const;
  static Result<Edge> fromText(std::string_view text);
  friend bool operator==(const Edge&, const Edge&) = default;
};

/// The logic of a pipeline: a plain value, equal if it means the same. Layout lives apart.
struct Pipeline {
  int formatVersion = 1;
  std::string name;
  std::string title;
  record::OwnedValue connections;  ///< object: name → {"type": …, settings}
  std::vector<Node> nodes;
  std::vector<Edge> edges;
  record::OwnedValue extra;

  const Node* find(std::string_view id) const;
  Node* find(std::string_view id);
  friend bool operator==(const Pipeline&, const Pipeline&) = default;
};

struct Point {
  double x = 0;
  double y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

/// Positions, groups and notes. Deleting it loses no logic.
struct Layout {
  struct Placed {
    std::string node;
    Point at;
    record::OwnedValue extra = {};
    friend bool operator==(const Placed&, const Placed&) = default;
  };
  struct Group {
    std::string title;
    std::vector<std::string> members;
    record::OwnedValue extra = {};
    friend bool operator==(const Group&, const Group&) = default;
  };
  struct Note {
    Point at;
    double width = 0;
    double height = 0;
    std::string text;  ///< Markdown
    record::OwnedValue extra = {};
    friend bool operator==(const Note&, const Note&) = default;
  };
  std::vector<Placed> nodes;
  std::vector<Group> groups;
  std::vector<Note> notes;
  record::OwnedValue extra;

  std::optional<Point> find(std::string_view node) const;
  void place(std::string_view node, Point at);
  friend bool operator==(const Layout&, const Layout&) = default;
};

}  // namespace freshet::pipeline
