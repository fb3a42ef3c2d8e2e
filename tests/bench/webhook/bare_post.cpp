// SPDX-License-Identifier: GPL-3.0-or-later
// bare_post URL FILE WINDOW: posts each line of FILE, WINDOW at a time, by libcurl's multi
// interface and nothing else. Prints {"requests", "refused", "cpuSeconds"}.
#include <curl/curl.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

namespace {

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return EXIT_FAILURE;
  std::vector<std::string> bodies;
  std::ifstream file(argv[2]);
  for (std::string line; std::getline(file, line);) bodies.push_back(line);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURLM* multi = curl_multi_init();
  curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/json");
  headers = curl_slist_append(headers, "Expect:");
  const std::string key = "Idempotency-Key: " + std::string(64, 'a');
  headers = curl_slist_append(headers, key.c_str());

  std::size_t next = 0;
  std::size_t done = 0;
  std::size_t refused = 0;
  const auto send = [&](CURL* handle) {
    const std::string& body = bodies[next++];
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.data());
    curl_multi_add_handle(multi, handle);
  };
  std::vector<CURL*> handles;
  for (int i = 0; i < std::atoi(argv[3]) && next < bodies.size(); ++i) {
    CURL* handle = curl_easy_init();
    curl_easy_setopt(handle, CURLOPT_URL, argv[1]);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &ignore);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    handles.push_back(handle);
    send(handle);
  }
  while (done < bodies.size()) {
    int running = 0;
    curl_multi_perform(multi, &running);
    int left = 0;
    bool hasAny = false;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      hasAny = true;
      long status = 0;
      curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
      if (message->data.result != CURLE_OK || status != 200) ++refused;
      ++done;
      CURL* const handle = message->easy_handle;
      curl_multi_remove_handle(multi, handle);
      if (next < bodies.size()) send(handle);
    }
    if (!hasAny && done < bodies.size()) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  std::printf("{\"requests\":%zu,\"refused\":%zu,\"cpuSeconds\":%.3f}\n", done, refused,
              static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
  for (CURL* handle : handles) curl_easy_cleanup(handle);
  curl_slist_free_all(headers);
  curl_multi_cleanup(multi);
  return refused == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
