// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "plugins/postgres/connection.h"
#include "tests/support/fake_context.h"

namespace freshet::testing {

inline std::string realPostgres() {
  const char* address = std::getenv("FRESHET_POSTGRES");
  return address ? address : "";
}

/// A name that no other test and no other run uses.
inline std::string uniqueTable(const std::string& about) {
  static std::atomic<int> count{0};
  return about + "_" + std::to_string(getpid()) + "_" + std::to_string(count++);
}

inline Result<postgres::Address> addressOf(const std::string& url, const std::string& more = "") {
  spec::NodeSpec fields;
  fields.fields = postgres::connectionSpec().fields;
  return postgres::makeAddress(spec::Config(
      fields, *record::OwnedValue::fromJson(R"({"url": ")" + url + "\"" + more + "}")));
}

inline std::shared_ptr<postgres::PostgresConnection> realDatabase() {
  return std::make_shared<postgres::PostgresConnection>(*addressOf(realPostgres()),
                                                        stage::Mode::Live);
}

/// What a test asks of the server beside the plugin.
class RealPostgres {
 public:
  RealPostgres() {
    auto link = postgres::Link::open(*addressOf(realPostgres()));
    EXPECT_TRUE(link.ok()) << link.error().text();
    m_link = std::move(*link);
  }
  std::vector<std::vector<std::string>> run(const std::string& sql) {
    std::vector<std::vector<std::string>> rows;
    auto answer = m_link->run(sql);
    EXPECT_TRUE(answer.ok()) << sql << ": " << answer.error().text();
    if (!answer) return rows;
    for (int row = 0; row < answer->rows(); ++row) {
      auto& cells = rows.emplace_back();
      for (int column = 0; column < PQnfields(answer->result()); ++column)
        cells.push_back(answer->isNull(row, column) ? "NULL"
                                                    : std::string(answer->text(row, column)));
    }
    return rows;
  }
  std::string one(const std::string& sql) {
    const auto rows = run(sql);
    return rows.empty() ? "" : rows[0][0];
  }

 private:
  std::unique_ptr<postgres::Link> m_link;
};

}  // namespace freshet::testing
