// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/liquid/environment.h"

namespace freshet::liquid {

/// A template that would take all there is (T69).
struct Bomb {
  const char* name;
  std::string source;
};

inline std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

inline std::string nestedLoops(int depth) {
  return repeated("{% for i in (1..1000) %}", depth) + "x" + repeated("{% endfor %}", depth);
}

/// Partials that render themselves, each other, or a little.
inline TemplateEnvironment bombEnvironment() {
  TemplateEnvironment env;
  env.setLoader([](std::string_view name) -> Result<std::string> {
    if (name == "self") return std::string("{% render 'self' %}");
    if (name == "ring") return std::string("{% include 'other' %}");
    if (name == "other") return std::string("{% include 'ring' %}");
    return std::string("{% for i in (1..900) %}.{% endfor %}");
  });
  return env;
}

inline std::vector<Bomb> bombs() {
  const std::string long4k(4000, 'a');
  const std::string long200k(200'000, 'a');
  return {
      {"longRange", "{% for i in (1..1000000000000) %}x{% endfor %}"},
      {"rangeOfAHundredThousand", "{% for i in (1..100000) %}{% endfor %}"},
      {"emptyBody",
       repeated("{% for i in (1..10000) %}{% for j in (1..10000) %}{% endfor %}{% endfor %}", 3)},
      {"nestedLoops", nestedLoops(10)},
      {"concatDoubling", "{% assign a = '1,2,3,4,5,6,7,8' | split: ',' %}" +
                             repeated("{% assign a = a | concat: a %}", 32)},
      {"appendDoubling",
       "{% assign a = 'aaaaaaaaaaaaaaaa' %}" + repeated("{% assign a = a | append: a %}", 40)},
      {"captureDoubling", "{% assign a = 'aaaaaaaaaaaaaaaa' %}" +
                              repeated("{% capture a %}{{ a }}{{ a }}{% endcapture %}", 40)},
      {"recursiveRender", "{% render 'self' %}"},
      {"circularInclude", "{% include 'ring' %}"},
      {"manyPartials", nestedLoops(1).replace(24, 1, "{% render 'dots' %}{% render 'dots' %}")},
      {"rangeJoin", "{{ (1..100000) | join: ',' }}"},
      {"wideDate", "{{ 0 | date: '%9999999d' }}"},
      {"replaceAmplification",
       "{% assign a = '" + long4k +
           "' %}{% assign b = a | replace: 'a', a %}{{ b | replace: 'a', b }}"},
      {"splitAmplification", "{% assign a = '" + std::string(60'000, 'a') + "' %}" +
                                 repeated("{% assign b = a | split: '' | join: a %}", 3)},
      // One text many times in an array costs little until it is written.
      {"sharedText", "{% assign a = '" + long4k + "' %}{% assign l = '" + std::string(9'999, ',') +
                         "x' | split: ',' %}{% capture b %}{% for i in l %}{{ a }}{% endfor %}"
                         "{% endcapture %}"},
      {"sharedInspect", "{% assign a = '" + long4k + "' | split: '!' %}" +
                            repeated("{% assign a = a | concat: a %}", 15) +
                            "{{ a | append: a }}{{ a }}"},
      {"sortBySlowKeys", "{% assign a = '" + long200k +
                             "' | split: '' %}{% for i in (1..10000) %}{% assign b = a | sort %}"
                             "{% endfor %}"},
      {"uniqOfLongTexts", "{% assign a = '" + long200k +
                              "' %}{% assign l = '1,2,3,4,5,6,7,8' | split: ',' %}"
                              "{% for i in (1..9999) %}{% assign b = l | map: a | uniq %}{% assign "
                              "c = a | append: i %}{% endfor %}"},
      {"longScans", "{% assign a = '" + long200k +
                        "' %}{% for i in (1..10000) %}{% for j in (1..1000) %}{% if a contains "
                        "'b' %}{% endif %}{% endfor %}{% endfor %}"},
      {"scansInOneCondition", "{% assign a = '" + std::string(50'000, 'a') + "' %}" +
                                  "{% for i in (1..9999) %}{% if a contains 'b'" +
                                  repeated(" or a contains 'b'", 90) +
                                  " %}{% endif %}{% endfor %}"},
      {"filtersInOneOutput", "{% assign a = '" + std::string(50'000, 'a') + "' %}{{ a" +
                                 repeated(" | upcase", 9'000) + " }}"},
  };
}

}  // namespace freshet::liquid
