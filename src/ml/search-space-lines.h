/* A space as lines of text that a person edits, one a parameter:
 *   0.01..0.3 log            a range; behind it any of log, integer, step N
 *   minmax, standard         values to choose from; one alone is always that */
#pragma once
#include "ml/search-space.h"

/* What parameter i may be; g_free() it. */
char *mg_space_line(const MgSpace *space, guint i);
/* The space with these lines (one a parameter, NULL: as it is) as JSON; g_free() it. Nothing is checked: what is wrong
 * in a line, mg_space_parse() tells of the result. */
char *mg_space_with_lines(const MgSpace *space, const char *const *lines);
