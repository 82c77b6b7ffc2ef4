# SPDX-License-Identifier: GPL-3.0-or-later
# The serial HDF5 with its high-level library, as the target mnz_hdf5. Debian's plain hdf5.pc may be the
# MPI flavour, and its serial .pc file does not name hdf5_hl: ask for serial first, find hdf5_hl beside it.
pkg_search_module(HDF5 REQUIRED IMPORTED_TARGET hdf5-serial hdf5)
find_library(HDF5_HL_LIBRARY NAMES hdf5_serial_hl hdf5_hl HINTS ${HDF5_LIBRARY_DIRS} REQUIRED)
add_library(mnz_hdf5 INTERFACE)
target_link_libraries(mnz_hdf5 INTERFACE ${HDF5_HL_LIBRARY} PkgConfig::HDF5)
