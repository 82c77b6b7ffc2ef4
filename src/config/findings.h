/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Collects all mistakes and warnings of a load, each with file, line, path and the offending line. */
#ifndef MNZ_CONFIG_FINDINGS_H
#define MNZ_CONFIG_FINDINGS_H

#include "base/memory.h"
#include "monazite/scenario.h"

typedef struct mnz_finder mnz_finder;

mnz_status mnz_finder_create(mnz_finder **out, mnz_error *err);
void mnz_finder_free(mnz_finder *finder);

/* Never fail: when memory is out the finder remembers that, and mnz_finder_take says so. `file` "" and
 * line 0 are allowed. Equal findings at the same place are kept once. At most 200 are kept; a last one
 * says how many more there are. Paths and messages become one line of sound UTF-8, at most 1000 bytes. */
void mnz_finder_error(mnz_finder *finder, const char *file, int32_t line, const char *path,
                      const char *format, ...) __attribute__((format(printf, 5, 6)));
void mnz_finder_warning(mnz_finder *finder, const char *file, int32_t line, const char *path,
                        const char *format, ...) __attribute__((format(printf, 5, 6)));
size_t mnz_finder_errors(const mnz_finder *finder);

/* What comes now is only counted: its path need not be told. */
bool mnz_finder_is_full(const mnz_finder *finder);

/* The lines of `file` are those of `text`, whatever file has that name. Both must live until they are taken.
 */
void mnz_finder_tell(mnz_finder *finder, const char *file, const char *text);

/* Everything found, sorted by file in order of first mention, then line; the offending lines are read
 * from the files (control characters as blanks, cut after 200 bytes). The finder is empty afterwards. */
mnz_status mnz_finder_take(mnz_finder *finder, mnz_problems **out, mnz_error *err);

#endif
