// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "core/host/pipeline_host.h"
#include "plugins/http/server/http_server.h"

namespace freshet::cli {

/// Serves /metrics (Prometheus text) and /healthz of a run until it is destroyed. `host` must
/// outlive it.
Result<std::unique_ptr<http::HttpServer>> serveMetrics(const std::string& address,
                                                       const host::PipelineHost& host,
                                                       const std::string& pipeline);

}  // namespace freshet::cli
