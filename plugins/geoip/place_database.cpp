// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/geoip/place_database.h"

#include <arpa/inet.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace freshet::geoip {
namespace {

using record::Member;
using record::Value;

// Some 20,000 places; what is beyond is read again each time.
constexpr std::size_t kMostMemory = 8 << 20;

struct Wanted {
  const char* name;
  std::array<const char*, 5> path;  ///< "*" stands for the language
};

constexpr Wanted kWanted[] = {
    {"country", {"country", "iso_code"}},
    {"countryName", {"country", "names", "*"}},
    {"isInEu", {"country", "is_in_european_union"}},
    {"continent", {"continent", "code"}},
    {"region", {"subdivisions", "0", "names", "*"}},
    {"regionCode", {"subdivisions", "0", "iso_code"}},
    {"city", {"city", "names", "*"}},
    {"postalCode", {"postal", "code"}},
    {"latitude", {"location", "latitude"}},
    {"longitude", {"location", "longitude"}},
    {"accuracyKm", {"location", "accuracy_radius"}},
    {"timeZone", {"location", "time_zone"}},
    {"network", {"autonomous_system_organization"}},
    {"networkNumber", {"autonomous_system_number"}},
};

Value valueOf(const MMDB_entry_data_s& data) {
  switch (data.type) {
    case MMDB_DATA_TYPE_UTF8_STRING:
      return Value(std::string_view(data.utf8_string, data.data_size));
    case MMDB_DATA_TYPE_DOUBLE:
      return Value(data.double_value);
    case MMDB_DATA_TYPE_FLOAT:
      return Value(static_cast<double>(data.float_value));
    case MMDB_DATA_TYPE_UINT16:
      return Value(std::int64_t{data.uint16});
    case MMDB_DATA_TYPE_UINT32:
      return Value(std::int64_t{data.uint32});
    case MMDB_DATA_TYPE_INT32:
      return Value(std::int64_t{data.int32});
    case MMDB_DATA_TYPE_BOOLEAN:
      return Value(data.boolean);
    default:
      return {};
  }
}

bool isMissing(int code) {
  return code == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR;
}

/// False: this is no address.
bool parseAddress(std::string_view text, sockaddr_storage& out) {
  std::array<char, INET6_ADDRSTRLEN + 1> copy{};
  if (text.empty() || text.size() >= copy.size()) return false;
  std::ranges::copy(text, copy.begin());
  out = {};
  auto* v4 = reinterpret_cast<sockaddr_in*>(&out);
  if (inet_pton(AF_INET, copy.data(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    return true;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&out);
  if (inet_pton(AF_INET6, copy.data(), &v6->sin6_addr) != 1) return false;
  if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
    in_addr mapped;
    std::memcpy(&mapped, v6->sin6_addr.s6_addr + 12, sizeof mapped);
    out = {};
    v4->sin_addr = mapped;
    v4->sin_family = AF_INET;
    return true;
  }
  v6->sin6_family = AF_INET6;
  return true;
}

Error damaged(const std::string& path, int code) {
  return {"E-3502", path + " is damaged: " + MMDB_strerror(code), {}, Retry::Never};
}

}  // namespace

PlaceDatabase::PlaceDatabase(std::shared_ptr<const FileCopy> file, std::string language)
    : m_copy(std::move(file)),
      m_language(std::move(language)),
      m_file(std::make_unique<MMDB_s>()) {}

PlaceDatabase::~PlaceDatabase() {
  if (m_file->filename) MMDB_close(m_file.get());
}

Result<std::unique_ptr<PlaceDatabase>> PlaceDatabase::open(const std::string& path,
                                                           std::string language) {
  auto copy = FileCopy::take(path);
  if (!copy) return copy.error();
  return open(std::move(*copy), std::move(language));
}

Result<std::unique_ptr<PlaceDatabase>> PlaceDatabase::open(std::shared_ptr<const FileCopy> file,
                                                           std::string language) {
  std::unique_ptr<PlaceDatabase> database(new PlaceDatabase(std::move(file), std::move(language)));
  const FileCopy& copy = *database->m_copy;
  const int code = MMDB_open(copy.path().c_str(), MMDB_MODE_MMAP, database->m_file.get());
  if (code == MMDB_SUCCESS) return database;
  // What a failed open leaves behind is not ours to close.
  database->m_file->filename = nullptr;
  return Error{
      "E-3501",
      "The place database " + copy.original() + " cannot be opened: " + MMDB_strerror(code),
      {},
      Retry::Never};
}

Result<Value> PlaceDatabase::find(std::string_view address, Arena& arena) {
  sockaddr_storage socketAddress;
  if (!parseAddress(address, socketAddress)) return Value();
  int code = MMDB_SUCCESS;
  MMDB_lookup_result_s found =
      MMDB_lookup_sockaddr(m_file.get(), reinterpret_cast<const sockaddr*>(&socketAddress), &code);
  if (code == MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR) return Value();
  if (code != MMDB_SUCCESS) return damaged(m_copy->original(), code);
  if (!found.found_entry) return Value();
  if (const auto known = m_known.find(found.entry.offset); known != m_known.end())
    return known->second;

  std::array<Member, std::size(kWanted)> members;
  std::size_t count = 0;
  for (const Wanted& wanted : kWanted) {
    std::array<const char*, 6> path{};
    std::ranges::transform(wanted.path, path.begin(), [this](const char* step) {
      return step && *step == '*' ? m_language.c_str() : step;
    });
    MMDB_entry_data_s data{};
    code = MMDB_aget_value(&found.entry, &data, path.data());
    if (isMissing(code) || (code == MMDB_SUCCESS && !data.has_data)) continue;
    if (code != MMDB_SUCCESS) return damaged(m_copy->original(), code);
    const Value value = valueOf(data);
    if (!value.isNil()) members[count++] = {wanted.name, value};
  }
  const bool isKept = m_memory.capacityBytes() < kMostMemory;
  const auto copy = (isKept ? m_memory : arena).array<Member>(count);
  std::copy_n(members.begin(), count, copy.begin());
  const Value place{std::span<const Member>(copy)};
  if (isKept) m_known.emplace(found.entry.offset, place);
  return place;
}

}  // namespace freshet::geoip
