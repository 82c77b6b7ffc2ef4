/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The descriptors of all kinds; each lives in the file of its name. */
#ifndef MNZ_DOMAIN_FACILITIES_KINDS_H
#define MNZ_DOMAIN_FACILITIES_KINDS_H

#include "domain/kind.h"

extern const mnz_kind mnz_demand_kind;
extern const mnz_kind mnz_maker_kind;
extern const mnz_kind mnz_market_kind;
extern const mnz_kind mnz_mine_kind;
extern const mnz_kind mnz_plant_kind;
extern const mnz_kind mnz_port_kind;
extern const mnz_kind mnz_separation_kind;
extern const mnz_kind mnz_sink_kind;
extern const mnz_kind mnz_source_kind;
extern const mnz_kind mnz_stockpile_kind;
extern const mnz_kind mnz_trader_kind;

#endif
