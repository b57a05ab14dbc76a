# SPDX-License-Identifier: MIT
# libcsv ships no pkg-config file. Defines the imported target libcsv::libcsv.
include(FindPackageHandleStandardArgs)
find_path(LIBCSV_INCLUDE_DIR csv.h)
find_library(LIBCSV_LIBRARY csv)
find_package_handle_standard_args(libcsv
    REQUIRED_VARS LIBCSV_LIBRARY LIBCSV_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "install libcsv-dev (Debian, Ubuntu) or libcsv-devel")
if(libcsv_FOUND AND NOT TARGET libcsv::libcsv)
    add_library(libcsv::libcsv UNKNOWN IMPORTED)
    set_target_properties(libcsv::libcsv PROPERTIES
        IMPORTED_LOCATION "${LIBCSV_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${LIBCSV_INCLUDE_DIR}")
endif()
