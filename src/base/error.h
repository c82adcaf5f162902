/* Error domain of everything below src/session. Messages are whole sentences for a person: they name the file, the
 * value and what was expected, on one line. */
#pragma once
#include <glib.h>

#define MG_ERROR (mg_error_quark())

typedef enum {
  MG_ERROR_USAGE,     /* an option, parameter or value that cannot be used; the command line exits with 2 */
  MG_ERROR_IO,        /* a file or folder could not be read or written */
  MG_ERROR_FORMAT,    /* a file's contents are not what its format says */
  MG_ERROR_DATA,      /* the contents are well formed but cannot be worked with (one class, no audio, …) */
  MG_ERROR_LIMIT,     /* larger than the program accepts */
  MG_ERROR_DEVICE,    /* a sound device */
  MG_ERROR_NO_OUTPUT, /* no sound device plays */
  MG_ERROR_NO_INPUT,  /* no sound device records */
  MG_ERROR_UNPLUGGED, /* the sound device went away, and there is nothing else to tell of it */
  MG_ERROR_CANCELLED, /* the user stopped it */
} MgError;

GQuark mg_error_quark(void);

/* A message that quotes a file: whatever that holds, one line comes out. Changes the text in place, and returns it. */
char *mg_one_line(char *message);
/* The same of the message of an error that was just set; error may be NULL. */
void mg_error_one_line(GError **error);
