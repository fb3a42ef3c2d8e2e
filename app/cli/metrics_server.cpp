// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/metrics_server.h"

#include "core/metrics/snapshot.h"

namespace freshet::cli {

Result<std::unique_ptr<http::HttpServer>> serveMetrics(const std::string& address,
                                                       const host::PipelineHost& host,
                                                       const std::string& pipeline) {
  std::vector<http::Route> routes;
  routes.push_back(
      {"GET", "/metrics", [&host, pipeline](const http::Request&, const http::Reply& reply) {
         reply({200,
                "text/plain; version=0.0.4; charset=utf-8",
                metrics::prometheusText(host.snapshot(), pipeline),
                {}});
       }});
  routes.push_back({"GET", "/healthz", [&host](const http::Request&, const http::Reply& reply) {
                      const std::optional<Error> error = host.status().error;
                      reply({error ? 503 : 200,
                             "text/plain; charset=utf-8",
                             error ? error->text() + '\n' : "ok\n",
                             {}});
                    }});
  return http::HttpServer::start(address, std::move(routes));
}

}  // namespace freshet::cli
