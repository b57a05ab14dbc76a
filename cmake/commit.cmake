# SPDX-License-Identifier: MIT
# PB_COMMIT, for host.csv and --version, and its time, for manual pages. Asked at
# each configure: of git if this is a clone (and not a folder in one of something
# else); git archive writes both into .commit.
set(told "")
if(EXISTS ${PROJECT_SOURCE_DIR}/.git)
    foreach(question "describe;--always;--exclude=*;--dirty;--abbrev=12"
                     "log;-1;--format=%ct")
        execute_process(COMMAND git ${question}
            WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
            OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
        string(APPEND told "${answer} ")
    endforeach()
elseif(EXISTS ${PROJECT_SOURCE_DIR}/.commit)
    file(STRINGS ${PROJECT_SOURCE_DIR}/.commit told)
endif()
set(PB_COMMIT unknown)
set(PB_COMMIT_EPOCH 0)
if(told MATCHES "^([0-9a-f]+)(-dirty)? ([0-9]+)")
    set(PB_COMMIT_EPOCH ${CMAKE_MATCH_3})
    string(SUBSTRING ${CMAKE_MATCH_1} 0 12 PB_COMMIT)
    string(APPEND PB_COMMIT "${CMAKE_MATCH_2}")
endif()
if(DEFINED ENV{SOURCE_DATE_EPOCH})
    set(PB_COMMIT_EPOCH $ENV{SOURCE_DATE_EPOCH})
endif()
