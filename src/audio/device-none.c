/* Built without PortAudio: there are no devices, and every call says so. */
#include "audio/device.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>

static gpointer
fail(GError **error)
{
  g_set_error_literal(error, MG_ERROR, MG_ERROR_DEVICE,
                      _("this program was built without PortAudio: it can neither play nor record"));
  return NULL;
}

GPtrArray *
mg_devices_list(GError **error)
{
  return fail(error);
}

MgOutput *
mg_output_open(const char *device, int sr, int channels, GError **error)
{
  return fail(error);
}

MgInput *
mg_input_open(const char *device, int sr, int channels, GError **error)
{
  return fail(error);
}

/* None of these can be reached, since nothing can be opened. */
size_t
mg_output_space(const MgOutput *output)
{
  return 0;
}

size_t
mg_output_write(MgOutput *output, const float *interleaved, size_t n)
{
  return 0;
}

gint64
mg_output_played(const MgOutput *output)
{
  return 0;
}

guint
mg_output_underruns(const MgOutput *output)
{
  return 0;
}

gboolean
mg_output_alive(const MgOutput *output)
{
  return FALSE;
}

void
mg_output_flush(MgOutput *output)
{
}

void
mg_output_close(MgOutput *output)
{
}

size_t
mg_input_read(MgInput *input, float *interleaved, size_t n)
{
  return 0;
}

guint
mg_input_overruns(const MgInput *input)
{
  return 0;
}

gboolean
mg_input_alive(MgInput *input)
{
  return FALSE;
}

int
mg_input_sr(const MgInput *input)
{
  return 0;
}

int
mg_input_channels(const MgInput *input)
{
  return 0;
}

void
mg_input_close(MgInput *input)
{
}
