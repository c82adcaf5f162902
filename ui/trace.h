/* With MELOGRAPH_TRACE=1, one JSON object a line on stderr: what happened and how long it took. */
#pragma once
#include <glib.h>

gboolean mg_trace_on(void);
/* {"event": EVENT, "at_ms": since the start, "ms": MS}; `ms` negative: left out. */
void mg_trace(const char *event, double ms);
/* {"event": EVENT, "at_ms": since the start, "columns": COLUMNS, "rows": ROWS}. */
void mg_trace_size(const char *event, size_t columns, size_t rows);
