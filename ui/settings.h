/* The user's preferences. */
#pragma once
#include <gio/gio.h>

/* Borrowed; NULL where no schema is installed (a build tree without one): then nothing is remembered. */
GSettings *mg_settings(void);
