/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What disruptions, crews, calendars and timetables can be said wrongly: one line for each mistake. */
#include "mistakes.h"

#define STORM "disruptions[\"storm\"]"
#define FIRE  "disruptions[\"fire\"]"
#define CRASH "disruptions[\"trucks\"]"

static const mistake mistakes[] = {
    /* when it happens */
    {"ramp", "disruptions['fire'].periods=()", FIRE,
     "it never happens; expected `ttf` and `ttr`, `periods`, `repeats` or `states`"},
    {"ramp", "disruptions['fire'].ttf='9 d'", FIRE, "found `ttf` alone; expected `ttf` and `ttr` together"},
    {"ramp", "disruptions['fire'].ttr='9 d'", FIRE, "found `ttr` alone; expected `ttf` and `ttr` together"},
    {"ramp", "disruptions['fire'].starts_down='50 %'", FIRE,
     "found no `ttr`; expected one, how long an outage lasts"},
    {"ramp", "disruptions['fire'].season=( { from = '01-01'; until = '02-01'; } )", FIRE ".season",
     "found no `ttf`; expected one, which passes in season only"},
    {"season", "disruptions['ice'].season[0].until='02-30'", "disruptions[\"ice\"].season[0].until",
     "found \"02-30\"; expected month and day such as \"12-01\""},
    {"season", "disruptions['ice'].season[1].factor=2000.0", "disruptions[\"ice\"].season[1].factor",
     "found the number 2000; expected at most 1000"},
    {"ramp", "disruptions['fire'].every='1 d'", FIRE,
     "found `every` alone; expected `states` and `every` together"},
    {"played-states", "disruptions['shut'].every='10 s'", "disruptions[\"shut\"].every",
     "found more than a million times in the run; expected a longer time"},
    {"maintenance", "nodes['Plant'].maintenance.lasts='190 d'", "nodes[\"Plant\"].maintenance.lasts",
     "found a time that is not below `every`; expected a shorter one"},
    {"maintenance",
     "disruptions=( { name = 'Plant: maintenance'; hits = ( 'Mine' ); periods = ( { from = '2026-02-01'; } "
     "); } )",
     "nodes[\"Plant\"].maintenance",
     "there is a disruption \"Plant: maintenance\" already; expected another name there"},
    {"ramp", "disruptions['fire'].repeats={ every = '10 s'; lasts = '1 s'; }", FIRE ".repeats.every",
     "found more than a million times in the run; expected a longer time"},
    /* what it does */
    {"ramp", "disruptions['fire'].hits=()", FIRE ".hits",
     "it hits nothing and sets nothing off; expected a node or a link"},
    {"ramp", "disruptions['fire'].stretches=2.0", FIRE ".stretches",
     "it hits no link; expected one whose lead time is longer"},
    {"stretched-lead-time", "disruptions['canal'].destroys='5 %'", "disruptions[\"canal\"].destroys",
     "it hits no node; expected one whose stock is destroyed"},
    {"common-cause", "disruptions['storm'].clock='operating'", STORM ".clock",
     "found the operating clock with more than one target or a link; expected one node"},
    {"crew", "disruptions['trucks'].needs=7", CRASH ".needs",
     "found more than there are units; expected at most 6"},
    {"needed-trains", "disruptions['trains'].ramp='3 d'", "disruptions[\"trains\"].ramp",
     "found a ramp with `needs`; expected one or the other"},
    {"crew", "disruptions['trucks'].standby='cold'", CRASH ".standby",
     "found no `needs`; expected how many of the units work"},
    {"crew", "disruptions['trucks'].crew='fiters'", CRASH ".crew",
     "there is no crew \"fiters\"; did you mean \"fitters\"?"},
    {"cascade", "disruptions['restart'].causes=( { name = 'quakes'; } )",
     "disruptions[\"restart\"].causes[\"quakes\"].name",
     "there is no disruption \"quakes\"; did you mean \"quake\"?"},
    {"cascade", "disruptions['restart'].causes=( { name = 'grid'; } )", "disruptions[\"grid\"].causes",
     "they come back to it without any time in between; expected a `delay` on the way round"},
    /* calendars */
    {"shifts", "calendars['two shifts'].days=( 'Mon', 'Tues' )", "calendars[\"two shifts\"].days",
     "found \"Tues\"; expected Mon, Tue, Wed, Thu, Fri, Sat or Sun"},
    {"shifts", "calendars['two shifts'].from='6:00'", "calendars[\"two shifts\"].from",
     "found \"6:00\"; expected a time of day such as \"06:00\""},
    {"shifts", "calendars['two shifts'].until='24:01'", "calendars[\"two shifts\"].until",
     "found \"24:01\"; expected a time of day such as \"06:00\""},
    {"shifts", "calendars['two shifts'].from='24:00'", "calendars[\"two shifts\"].from",
     "found \"24:00\"; expected a time of day before \"24:00\""},
    {"shifts", "calendars['two shifts'].holidays=( '2026-02-29' )", "calendars[\"two shifts\"].holidays",
     "found \"2026-02-29\"; expected a date such as \"2026-01-01\""},
    {"shifts", "nodes['Plant'].calendar='shifts'", "nodes[\"Plant\"].calendar",
     "there is no calendar \"shifts\""},
    {"shifts", "nodes['Users'].calendar='two shifts'", "nodes[\"Users\"].calendar",
     "a sink has no working hours; expected a calendar of another node"},
    {"shifts", "nodes['Users'].maintenance={ every = '9 d'; lasts = '1 d'; }", "nodes[\"Users\"].maintenance",
     "a sink has no capacity to lose; expected it at another node"},
    /* links */
    {"link-closed-wait", "links['sea'].when_closed='stay'", "links[\"sea\"].when_closed",
     "found the text \"stay\"; expected \"continue\", \"wait\", \"return\", \"lost\" or \"queue\""},
    {"minimum-load", "links['vessel'].dispatch.vessels=0", "links[\"vessel\"].dispatch.vessels",
     "found the number 0; expected at least 1"},
    {"minimum-load", "links['vessel'].dispatch.skips='101 %'", "links[\"vessel\"].dispatch.skips",
     "found \"101 %\"; expected at most 100 %"},
    {"weather-port", "links['vessel'].dispatch.every='1 s'", "links[\"vessel\"].dispatch.every",
     "found departures so frequent that 6.31e+07 of them come in the run; expected at most 1e+07"},
};

Test(mistakes, of_disruptions_and_calendars_are_told_in_one_line_each) {
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) expect_mistake(&mistakes[i]);
}
