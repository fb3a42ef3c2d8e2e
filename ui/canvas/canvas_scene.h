// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QPainterPath>
#include <QRectF>
#include <QString>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/pipeline/project.h"
#include "ui/bridge/node_words.h"
#include "ui/canvas/grid_index.h"
#include "ui/canvas/view_transform.h"

namespace freshet::canvas {

struct Card {
  std::string id;
  QString title;
  QString typeLine;
  QString summary;  // shown where no numbers are yet
  QString icon;
  theme::Family family = theme::Family::Route;
  bool isKnown = true;
  bool hasInput = true;
  bool hasErrorWire = false;
  std::vector<bridge::OutputPort> outputs;
  QRectF rect;
  int errors = 0;  // findings of lint
  int warnings = 0;

  QPointF input() const;
  QPointF output(std::size_t port) const;
};

struct Wire {
  std::string key;  // pipeline::Edge::text()
  int from = 0;
  std::size_t port = 0;
  int to = 0;
  bool isError = false;
  QPointF start, firstControl, secondControl, end;

  QPointF at(double t) const;
  QPainterPath path() const;
  QRectF box() const;
  bool isStraight() const { return start.y() == end.y() && start.x() < end.x(); }
};

struct Frame {
  QString title;
  QRectF rect;
  std::vector<int> members;
};

struct NoteLine {
  QString text;
  bool isHeading = false;
};
struct NoteBox {
  QRectF rect;
  std::vector<NoteLine> lines;
};

// What the canvas shows of a project, in scene pixels, with names in place of indexes resolved
// once. Rebuilt after each edit; `place` follows a drag before it is an edit. GUI thread.
class CanvasScene {
 public:
  void rebuild(const pipeline::Project& project, const spec::SpecCatalog& catalog);
  void setDiagnostics(std::span<const pipeline::Diagnostic> diagnostics);
  void place(int card, QPointF topLeft);
  void finishPlacing();  // after the last `place` of a batch

  const std::vector<Card>& cards() const { return m_cards; }
  const std::vector<Wire>& wires() const { return m_wires; }
  const std::vector<Frame>& frames() const { return m_frames; }
  const std::vector<NoteBox>& notes() const { return m_notes; }
  const Card& card(int at) const { return m_cards[static_cast<std::size_t>(at)]; }
  const Wire& wire(int at) const { return m_wires[static_cast<std::size_t>(at)]; }

  int find(std::string_view node) const;  // -1: none
  int findWire(std::string_view edge) const;
  // Cards in the order records flow, and so the order of Tab and of a screen reader.
  const std::vector<int>& flowOrder() const { return m_flow; }
  const std::vector<int>& wiresOf(int card) const {
    return m_wiresOf[static_cast<std::size_t>(card)];
  }
  const std::vector<int>& cardsNear(const QRectF& rect) const { return m_cardIndex.near(rect); }
  const std::vector<int>& wiresNear(const QRectF& rect) const { return m_wireIndex.near(rect); }
  // On the grid, at or below `topLeft`, where a new card covers no other.
  QPointF freeSpot(QPointF topLeft) const;
  QRectF bounds() const { return m_bounds; }
  QRectF boundsOf(std::span<const int> cards) const;

  int cardAt(QPointF scene) const;
  int wireAt(QPointF scene, double reach) const;
  struct PortHit {
    int card = -1;
    int port = -1;  // -1: the input
    friend bool operator==(const PortHit&, const PortHit&) = default;
  };
  // The port of failed records counts where it is shown: on full cards, or with a wire.
  PortHit portAt(QPointF scene, double reach, Detail detail) const;

 private:
  void addCards(const pipeline::Project& project, const spec::SpecCatalog& catalog);
  void addWires(const pipeline::Pipeline& pipeline);
  void addFrames(const pipeline::Layout& layout);
  void route(Wire& wire) const;
  void frame(Frame& frame) const;

  std::vector<Card> m_cards;
  std::vector<Wire> m_wires;
  std::vector<Frame> m_frames;
  std::vector<NoteBox> m_notes;
  std::vector<int> m_flow;
  std::vector<std::vector<int>> m_wiresOf;
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  using Numbers = std::unordered_map<std::string, int, TextHash, std::equal_to<>>;
  Numbers m_byId;
  Numbers m_byEdge;
  GridIndex m_cardIndex;
  GridIndex m_wireIndex;
  QRectF m_bounds;
};

}  // namespace freshet::canvas
