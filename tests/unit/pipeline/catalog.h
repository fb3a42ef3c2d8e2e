// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/spec/catalog.h"

namespace freshet::pipeline {

/// A small catalog with every kind of field that the document cares about; a value of the test's.
inline spec::SpecCatalog makeCatalog() {
  using spec::field;
  using spec::FieldType;
  spec::SpecCatalog catalog;
  spec::NodeSpec source;
  source.id = "made.source";
  source.family = spec::Family::Source;
  source.title = "Made";
  source.hasInput = false;
  source.outputs = {{"out", "Out"}};
  source.fields = {
      field("rate", FieldType::Number, "Rate", "Events a second.").orElse("40").between(1, 1e6),
      field("every", FieldType::Duration, "Every", "How often.").orElse("\"1 s\""),
      field("people", FieldType::File, "People", "Who.")};
  catalog.add(std::move(source));

  spec::NodeSpec route;
  route.id = "branch";
  route.family = spec::Family::Route;
  route.title = "Branch";
  route.outputsFromCases = true;
  route.fields = {field("cases", FieldType::Cases, "Cases", "Ways out.").required()};
  catalog.add(std::move(route));

  spec::NodeSpec lookUp;
  lookUp.id = "look.up";
  lookUp.family = spec::Family::Enrich;
  lookUp.title = "Look up";
  lookUp.outputs = {{"found", "Found"}, {"missing", "Missing", true}};
  lookUp.fields = {
      field("connection", FieldType::Connection, "Store", "Where.").required().of("profiles"),
      field("key", FieldType::Expression, "Key", "Which.").required(),
      field("set", FieldType::Map, "Set", "What.")};
  lookUp.addsSections = {"profile"};
  catalog.add(std::move(lookUp));

  spec::NodeSpec change;
  change.id = "change";
  change.family = spec::Family::Route;
  change.title = "Change";
  change.outputs = {{"out", "Out"}};
  change.fields = {field("set", FieldType::Map, "Set", "What, by path.")};
  change.addsSections = {"=set"};
  catalog.add(std::move(change));

  spec::NodeSpec sink;
  sink.id = "made.sink";
  sink.family = spec::Family::Sink;
  sink.title = "Sink";
  sink.fields = {field("folder", FieldType::Folder, "Folder", "Where.").orElse("\"out\"")};
  catalog.add(std::move(sink));

  spec::NodeSpec every;
  every.id = "made.every";
  every.family = spec::Family::Test;
  every.title = "Every kind";
  every.outputs = {{"out", "Out"}};
  every.fields = {
      field("text", FieldType::Text, "Text", "A text."),
      field("port", FieldType::Integer, "Port", "A port.").between(1, 65535),
      field("share", FieldType::Number, "Share", "A share.").between(0, 1),
      field("flag", FieldType::Flag, "Flag", "Yes or no."),
      field("mode", FieldType::Choice, "Mode", "A mode.").oneOf({"slow", "fast"}),
      field("for", FieldType::Duration, "For", "How long."),
      field("size", FieldType::Bytes, "Size", "How large."),
      field("when", FieldType::Condition, "When", "A condition."),
      field("body", FieldType::Template, "Body", "A template."),
      field("schema", FieldType::File, "Schema", "A file."),
      field("token", FieldType::Secret, "Token", "A secret."),
      field("set", FieldType::Map, "Set", "A map."),
      field("tags", FieldType::List, "Tags", "A list."),
      field("limit", FieldType::Integer, "Limit", "A limit.").required().when("mode=fast"),
      field("as", FieldType::Text, "As", "A section.").orElse("\"every\"")};
  every.addsSections = {"=as"};
  catalog.add(std::move(every));

  catalog.add(spec::ConnectionSpec{"kafka", "kafka", "Kafka", {}});
  catalog.add(spec::ConnectionSpec{
      "embedded",
      "profiles",
      "Embedded",
      {field("file", FieldType::Text, "File", "Where.").orElse("\"people.db\""),
       field("seed", FieldType::File, "Seed", "From where.")}});
  return catalog;
}

}  // namespace freshet::pipeline
