/* How much memory there is to be had, so that work that needs more can be refused before the kernel ends it. */
#pragma once
#include <glib.h>

/* Bytes that this process may still use: the least of what the machine has available (MemAvailable, proc(5)) and what
 * the control groups around it leave (memory.max and memory.limit_in_bytes less what is used, but for cached files).
 * G_MAXUINT64 where nothing can be found out. */
guint64 mg_memory_available(void);
/* For tests: this much from now on; G_MAXUINT64: the truth again. */
void mg_memory_pretend(guint64 available);
