/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/spec.h"

const mnz_param mnz_calendar_params[] = {
    {.name = "name",
     .type = MNZ_PARAM_TEXT,
     .offset = offsetof(mnz_calendar_spec, name),
     .required = true,
     .help = "unique among calendars"},
    {.name = "days",
     .type = MNZ_PARAM_NAMES,
     .offset = offsetof(mnz_calendar_spec, days),
     .help = "working days out of Mon, Tue, Wed, Thu, Fri, Sat, Sun; Monday to Friday when not said"},
    {.name = "from",
     .type = MNZ_PARAM_TEXT,
     .offset = offsetof(mnz_calendar_spec, from),
     .fallback = "00:00",
     .help = "time of day at which work begins (UTC)"},
    {.name = "until",
     .type = MNZ_PARAM_TEXT,
     .offset = offsetof(mnz_calendar_spec, until),
     .fallback = "24:00",
     .help = "time of day at which it ends; on the next day if that is not after `from`"},
    {.name = "holidays",
     .type = MNZ_PARAM_NAMES,
     .offset = offsetof(mnz_calendar_spec, holidays),
     .help = "dates that are not worked, such as \"2026-01-01\""},
    {.name = NULL}};
