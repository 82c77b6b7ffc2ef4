/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree into the scenario's structs, by the descriptor tables. Reports everything that is wrong: keys
 * nobody knows (with a suggestion), missing keys, wrong types, units, ranges, names that refer to nothing,
 * names used twice. */
#ifndef MNZ_CONFIG_BIND_H
#define MNZ_CONFIG_BIND_H

#include "config/tree.h"
#include "world/scenario.h"

/* Fills the said part of *scenario (its arena must exist). Findings that are errors do not stop it: it
 * goes on as far as sense can be made. Fails only when memory is out. */
mnz_status mnz_bind_scenario(mnz_scenario *scenario, mnz_tree *root, mnz_finder *findings, mnz_error *err);

#endif
