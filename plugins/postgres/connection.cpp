// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugins/postgres/connection.h"

namespace freshet::postgres {

using spec::field;
using spec::FieldType;

spec::ConnectionSpec connectionSpec() {
  spec::ConnectionSpec spec;
  spec.type = "postgres";
  spec.kind = "postgres";
  spec.otherKind = "profiles";
  spec.title = "PostgreSQL";
  spec.fields.push_back(
      field("url", FieldType::Text, "Address", "postgresql://user@host:port/database").required());
  spec.fields.push_back(field("password", FieldType::Secret, "Password",
                              "Where the password is; better than in the address."));
  spec.fields.push_back(
      field("tls", FieldType::Choice, "Encryption",
            "auto: on another computer the server must prove its name by a certificate.")
          .orElse("\"auto\"")
          .oneOf({"auto", "verify-full", "verify-ca", "require", "off"})
          .advanced());
  spec.fields.push_back(field("rootCertificate", FieldType::Text, "Root certificate",
                              "A file with the certificates to trust; without it, the system's.")
                            .advanced());
  spec.fields.push_back(field("timeout", FieldType::Duration, "Patience",
                              "How long to wait for the server, to connect and for each answer.")
                            .orElse("\"10 s\"")
                            .advanced());
  spec.fields.push_back(field("table", FieldType::Text, "Table of profiles",
                              "Where profiles are kept, if the connection is used for them.")
                            .orElse("\"freshet_profile\"")
                            .advanced());
  spec.fields.push_back(field("seed", FieldType::File, "First profiles",
                              "NDJSON of profiles that are put in where there are none yet.")
                            .advanced());
  return spec;
}

stage::CapabilityType connectionType() {
  stage::CapabilityType type;
  type.kind = "postgres";
  type.connectionType = "postgres";
  type.make = [](const spec::Config& config,
                 stage::Mode mode) -> Result<std::shared_ptr<stage::Capability>> {
    auto address = makeAddress(config);
    if (!address) return address.error();
    return std::shared_ptr<stage::Capability>(
        std::make_shared<PostgresConnection>(std::move(*address), mode));
  };
  return type;
}

Result<std::shared_ptr<const PostgresConnection>> findConnection(stage::StageContext& context,
                                                                 const std::string& name) {
  auto found = context.capability("postgres", name);
  if (!found) return found.error();
  return std::static_pointer_cast<const PostgresConnection>(
      std::shared_ptr<const stage::Capability>(std::move(*found)));
}

}  // namespace freshet::postgres
