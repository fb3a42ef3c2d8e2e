// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/canvas_fixture.h"

#include <QTest>
#include <cmath>

#include "ui/canvas/card_painter.h"

namespace freshet::uitest {
namespace {

using spec::Family;

spec::NodeSpec node(const char* id, Family family, const char* title, const char* icon,
                    const char* summary, const char* keySummary = "") {
  spec::NodeSpec spec;
  spec.id = id;
  spec.family = family;
  spec.title = title;
  spec.icon = icon;
  spec.summary = summary;
  spec.keySummary = keySummary;
  spec.hasInput = family != Family::Source;
  if (family != Family::Sink && spec.id != "drop") spec.outputs = {{"out", "Out"}};
  if (*keySummary)
    spec.fields.push_back(
        spec::field(keySummary, spec::FieldType::Text, keySummary, "What tells it apart."));
  return spec;
}

// The mini specs name what the pictures show; lint wants every setting known.
void declareSettings(spec::SpecCatalog& catalog) {
  for (const pipeline::Node& one : exampleProject().pipeline.nodes) {
    spec::NodeSpec spec = *catalog.find(one.type);
    if (spec.id == "profile.read") spec.addsSections = {"profile"};
    if (spec.id == "email.render") spec.addsSections = {"email"};
    if (spec.id == "score.decay") spec.addsSections = {"score"};
    if (spec.id == "wait") spec.addsSections = {"basket"};
    if (!one.settings->isObject()) continue;
    for (const record::Member& setting : one.settings->asObject()) {
      if (spec.find(setting.key)) continue;
      const record::Value& value = setting.value;
      spec.fields.push_back(spec::field(std::string(setting.key),
                                        value.isObject()   ? spec::FieldType::Map
                                        : value.isNumber() ? spec::FieldType::Number
                                                           : spec::FieldType::Text,
                                        std::string(setting.key), "A setting."));
    }
    catalog.add(spec);
  }
}

double rateOf(const std::string& id) {
  if (id == "your-website") return 0;
  if (id == "basket-left") return 5.4;
  if (id == "basket-reminder" || id == "outbox") return 0.9;
  return id == "not-emailed" ? 1.2 : 40;
}

}  // namespace

spec::SpecCatalog catalogOfTheExample() {
  spec::SpecCatalog catalog;
  catalog.add(node("events.generate", Family::Source, "Simulated visitors", "people",
                   "People who browse a shop.", "people"));
  catalog.add(node("http.collect", Family::Source, "Website events", "globe",
                   "Takes events from a website."));
  catalog.add(node("json-schema.validate", Family::Route, "Check by schema", "shield-check",
                   "Lets events pass that fit a schema.", "schema"));
  catalog.add(node("profile.read", Family::Enrich, "Profile", "id-card",
                   "Adds what is known of the person.", "key"));
  spec::NodeSpec branch = node("branch", Family::Route, "Branch", "branch",
                               "Sends each event the way of the first case that is true.");
  branch.outputs.clear();
  branch.outputsFromCases = true;
  branch.keySummary = "cases";
  branch.fields = {spec::field("cases", spec::FieldType::Cases, "Cases", "In order.")};
  catalog.add(branch);
  catalog.add(node("filter", Family::Route, "Filter", "funnel", "Keeps events that fit.", "when"));
  catalog.add(node("wait", Family::Route, "Wait", "hourglass", "Waits for something.", "for"));
  spec::NodeSpec mail = node("email.render", Family::Template, "Email", "envelope",
                             "Writes each person's email.", "html");
  mail.synonyms = {"mail", "message", "template"};
  catalog.add(mail);
  catalog.add(node("file.outbox", Family::Sink, "Outbox", "outbox",
                   "Keeps emails in a folder on this computer.", "folder"));
  catalog.add(node("drop", Family::Route, "Drop", "slash-circle", "Counts events and lets them go.",
                   "reason"));
  catalog.add(node("score.decay", Family::Score, "Interest score", "decay",
                   "Points that fade with time.", "halfLife"));
  catalog.add(node("profile.write", Family::Sink, "Save profile", "id-card-pencil",
                   "Saves what was learned of the person.", "key"));
  catalog.add(spec::ConnectionSpec{
      "embedded",
      "profiles",
      "On this computer",
      {spec::field("seed", spec::FieldType::File, "People", "Who is known at first.")}});
  declareSettings(catalog);
  return catalog;
}

pipeline::Project exampleProject() {
  auto project = pipeline::loadProject(FRESHET_SOURCE_DIR "/resources/examples/abandoned-basket");
  if (!project) qFatal("%s", project.error().text().c_str());
  return std::move(project).value();
}

pipeline::Project emptyProject() {
  pipeline::Project project;
  project.pipelineFile = "empty.pipeline.json";
  project.pipeline.name = "empty";
  return project;
}

pipeline::Project gridProject(int count, int columns) {
  pipeline::Project project = emptyProject();
  const auto id = [](int number) { return "step-" + std::to_string(number); };
  for (int i = 0; i < count; ++i) {
    pipeline::Node one;
    one.id = id(i);
    one.type = i % columns == 0 ? "events.generate" : i % 3 == 0 ? "filter" : "profile.read";
    one.title = "Step number " + std::to_string(i);
    project.pipeline.nodes.push_back(one);
    project.layout.place(one.id, {300.0 * (i % columns), 150.0 * std::floor(i / columns)});
    if (i % columns > 0) project.pipeline.edges.push_back({id(i - 1), "", id(i)});
    if (i >= columns && i % columns > 1 && i % 5 < 2)
      project.pipeline.edges.push_back({id(i - columns - 1), "", id(i)});
  }
  return project;
}

bridge::LiveSnapshot runningNumbers(const pipeline::Project& project) {
  bridge::LiveSnapshot live;
  live.status.state = host::RunState::Running;
  live.hasRun = true;
  live.in = 7'552;
  for (const pipeline::Node& one : project.pipeline.nodes) {
    bridge::NodeLive& shown = live.nodes[one.id];
    shown.rate = rateOf(one.id);
    shown.p99Ms = one.id == "basket-reminder" ? 0.7 : one.id == "outbox" ? 0.9 : 0.1;
    shown.in = one.id == "outbox" ? 176 : 7'475;
    if (one.id == "check-events") {
      shown.errors = 77;
      shown.errorShare = 0.01;
    }
    shown.points = bridge::NodeLive::kPoints;
    for (std::size_t i = 0; i < shown.points; ++i) {
      const double at = static_cast<double>(i) + static_cast<double>(one.id.size()) * 1.7;
      shown.history[i] = static_cast<float>(
          std::max(shown.rate, 0.2) *
          (1 + 0.08 * std::sin(at / 3) + 0.06 * std::sin(at * 1.3) + 0.12 * std::sin(at / 9)));
    }
  }
  for (const pipeline::Edge& edge : project.pipeline.edges) {
    bridge::EdgeLive& shown = live.edges[edge.text()];
    shown.rate = edge.port == "no-consent"            ? 1.2
                 : edge.from == "who-gets-a-reminder" ? 5.4
                 : edge.from == "basket-left"         ? 0.9
                                                      : rateOf(edge.from);
    shown.records = static_cast<std::uint64_t>(shown.rate * 180);
  }
  return live;
}

CanvasFixture::CanvasFixture(pipeline::Project project, theme::Theme::Mode mode)
    : catalog(catalogOfTheExample()),
      theme(mode),
      document(catalog),
      selection(document),
      canvas(document, selection, theme) {
  theme.setMotionOn(false);
  document.open(std::move(project));
  canvas.resize(984, 590);
  canvas.show();
  canvas.activateWindow();
  if (!QTest::qWaitForWindowActive(&canvas)) qFatal("the canvas does not come up");
  canvas.setFocus();
}

QPoint CanvasFixture::at(const char* id) const {
  const canvas::CanvasState& state = canvas.state();
  return canvas::CardPainter::screenRect(state, state.scene.find(id)).center();
}

QPoint CanvasFixture::port(const char* id, int port) const {
  const canvas::CanvasState& state = canvas.state();
  const canvas::Card& card = state.scene.card(state.scene.find(id));
  return state.view.toScreen(port < 0 ? card.input() : card.output(static_cast<std::size_t>(port)))
      .toPoint();
}

std::string CanvasFixture::text() const {
  return pipeline::canonicalText(document.project().pipeline, catalog) +
         pipeline::canonicalText(document.project().layout);
}

}  // namespace freshet::uitest
