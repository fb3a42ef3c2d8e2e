# SPDX-License-Identifier: GPL-3.0-or-later
# Tests and benches are no part of `all`: `ninja` builds the product, `ninja tests` what ctest runs,
# `ninja benches` what `./dev bench` measures.
include_guard(GLOBAL)
find_package(GTest REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_custom_target(tests)
add_custom_target(benches)
set(FRESHET_SERVICES ${PROJECT_SOURCE_DIR}/tests/support/services.py)
set(FRESHET_TEST_SERVICES_DIR ${PROJECT_BINARY_DIR}/testing/services)

# freshet_add_test(<name> COMMAND … [LABELS …] [TIMEOUT s] [SERVICES] [POSTGRES] [DISPLAY])
# SERVICES: FRESHET_KAFKA and FRESHET_REDIS name real servers, shared by all tests of a ctest run, so
# topics and keys carry names of the test's own; POSTGRES: FRESHET_POSTGRES likewise. DISPLAY: runs
# under its own Xvfb, not offscreen.
# A test that skips something fails.
function(freshet_add_test name)
  cmake_parse_arguments(ARG "SERVICES;POSTGRES;DISPLAY" "TIMEOUT" "COMMAND;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set(servers)
  set(fixtures)
  if(ARG_SERVICES)
    set(servers --only kafka --only redis)
    set(fixtures services)
  endif()
  if(ARG_POSTGRES)
    list(APPEND servers --only postgres)
    list(APPEND fixtures postgres)
  endif()
  if(servers)
    list(PREPEND ARG_COMMAND ${Python3_EXECUTABLE} ${FRESHET_SERVICES} exec
         --data ${FRESHET_TEST_SERVICES_DIR} ${servers} --)
  endif()
  set(platform offscreen)
  if(ARG_DISPLAY)
    list(PREPEND ARG_COMMAND xvfb-run -a -s "-screen 0 1440x900x24")
    set(platform xcb)
  endif()
  add_test(NAME ${name} COMMAND ${ARG_COMMAND})
  set(home ${PROJECT_BINARY_DIR}/testing/${name})
  set_tests_properties(${name} PROPERTIES
    TIMEOUT ${ARG_TIMEOUT}
    LABELS "${ARG_LABELS}"
    FAIL_REGULAR_EXPRESSION "\\[  SKIPPED \\];SKIP   : "
    ENVIRONMENT "QT_QPA_PLATFORM=${platform};XDG_CONFIG_HOME=${home}/config;XDG_DATA_HOME=${home}/data;XDG_STATE_HOME=${home}/state;XDG_CACHE_HOME=${home}/cache")
  if(FRESHET_SANITIZE MATCHES "thread")
    # A lane that hangs is left behind: no leak.
    set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT
      "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/support/tsan.supp report_thread_leaks=0")
  endif()
  if(fixtures)
    set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED "${fixtures}")
  endif()
  if(ARG_DISPLAY)  # two at once would race for a display number
    set_tests_properties(${name} PROPERTIES RESOURCE_LOCK display)
  endif()
endfunction()

# freshet_test(<name> SOURCES … [LINK …] [ARGS …] [LABELS …] [TIMEOUT s] [SERVICES] [POSTGRES]
# [DISPLAY] [QT])
# One executable is one ctest test. It links libfreshet and GoogleTest's main; with QT, Qt Test and
# the source's own main.
function(freshet_test name)
  cmake_parse_arguments(ARG "SERVICES;POSTGRES;DISPLAY;QT" "TIMEOUT" "SOURCES;LINK;ARGS;LABELS" ${ARGN})
  add_executable(${name} EXCLUDE_FROM_ALL ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/testing/bin)
  if(ARG_QT)
    set_target_properties(${name} PROPERTIES AUTOMOC ON)
    target_link_libraries(${name} PRIVATE ${ARG_LINK} Qt6::Test)
  else()
    target_link_libraries(${name} PRIVATE ${ARG_LINK} freshet GTest::gtest_main)
  endif()
  add_dependencies(tests ${name})
  foreach(option SERVICES POSTGRES DISPLAY)
    if(ARG_${option})
      list(APPEND forwarded ${option})
    endif()
  endforeach()
  freshet_add_test(${name} COMMAND $<TARGET_FILE:${name}> ${ARG_ARGS} TIMEOUT ${ARG_TIMEOUT}
                   LABELS ${ARG_LABELS} ${forwarded})
endfunction()

# freshet_bench(<name> SOURCES … [LINK …]): an executable that a program in tests/bench runs.
function(freshet_bench name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} EXCLUDE_FROM_ALL ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/testing/bin)
  target_link_libraries(${name} PRIVATE ${ARG_LINK} freshet)
  add_dependencies(benches ${name})
endfunction()
