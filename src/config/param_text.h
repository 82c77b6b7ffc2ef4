/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters in words, for messages and for the reference. */
#ifndef MNZ_CONFIG_PARAM_TEXT_H
#define MNZ_CONFIG_PARAM_TEXT_H

#include "base/text.h"
#include "domain/param.h"

/* How a value is written: `a mass such as "20 t"`. */
void mnz_param_phrase(mnz_buffer *out, const mnz_param *param);

/* The limits of a numeric param; -INFINITY and INFINITY where there are none. */
double mnz_param_least(const mnz_param *param);
double mnz_param_greatest(const mnz_param *param);
/* A value of the param in base units as a user would write it: `0 d`, `100 %`, `1`. */
void mnz_param_write(mnz_buffer *out, const mnz_param *param, double value);

/* The default as it stands in a file, with quotes where they belong; "" if there is none. */
void mnz_param_default(mnz_buffer *out, const mnz_param *param);

#endif
