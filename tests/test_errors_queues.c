/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sources, lines, classes and rooms can be said wrongly: one line for each mistake. */
#include "mistakes.h"

static const mistake mistakes[] = {
    {"full-yard", "nodes['Trucks'].every='0 d'", "nodes[\"Trucks\"].every",
     "found lots less than a second apart; expected a time such as \"exponential(1 d)\""},
    {"full-yard", "nodes['Trucks'].lot='0 t'", "nodes[\"Trucks\"].lot",
     "found lots of no mass; expected a mass such as \"20 t\""},
    {"full-yard", "nodes['Trucks'].lot='-1 t'", "nodes[\"Trucks\"].lot",
     "found \"-1 t\"; expected at least 0 t"},
    {"full-yard", "nodes['Trucks'].every='2 s'", "nodes[\"Trucks\"]",
     "found lots so small that 1.58e+07 of them could be made in the run; expected at most 1e+07"},
    {"full-yard", "nodes['Trucks'].count=0", "nodes[\"Trucks\"].count",
     "found the number 0; expected at least 1"},
    {"full-yard", "nodes['Trucks'].when_blocked='drop'", "nodes[\"Trucks\"].when_blocked",
     "found the text \"drop\"; expected \"wait\", \"stop\" or \"lose\""},
    {"full-yard", "nodes['Mill'].service='0 h'", "nodes[\"Mill\"].service",
     "found less than a second a lot; expected a longer time"},
    {"full-yard", "nodes['Mill'].capacity='100 t/d'", "nodes[\"Mill\"].service",
     "found `capacity` too; expected only one of them"},
    {"full-yard", "nodes['Mill'].lines=65", "nodes[\"Mill\"].lines",
     "found the number 65; expected at most 64"},
    {"full-yard", "nodes['Mill'].preempt=true", "nodes[\"Mill\"].preempt",
     "found no classes; expected `feeds` with a `priority` each"},
    {"full-yard", "nodes['Mill'].feeds=( { material = 'ore'; } )", "nodes[\"Mill\"].feeds",
     "found `in` too; expected only one of them"},
    {"priority-lots", "nodes['Line'].feeds=()", "nodes[\"Line\"].in",
     "missing; expected a material, or `feeds`"},
    {"priority-lots", "nodes['Line'].feeds[0]={ material = 'SmCo feed'; }", "nodes[\"Line\"].capacity",
     "missing; expected a rate, or `service`"},
    {"priority-lots", "nodes['Line'].feeds[1].material='SmCo feed'", "nodes[\"Line\"].feeds[1].material",
     "found SmCo feed a second time; expected each material once"},
    {"priority-lots", "nodes['Line'].feeds[1].priority=0", "nodes[\"Line\"].feeds[1].priority",
     "found the number 0; expected at least 1"},
    {"waiting-room", "nodes['Smelter'].waiting_room='-1 t'", "nodes[\"Smelter\"].waiting_room",
     "found \"-1 t\"; expected at least 0 t"},
    {"branches", "nodes['Mill'].divides='randomly'", "nodes[\"Mill\"].divides",
     "found the text \"randomly\"; expected \"in_turn\" or \"by_chance\""},
};

Test(mistakes, in_queues_are_told_in_one_line_each) {
  for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) expect_mistake(&mistakes[i]);
}
