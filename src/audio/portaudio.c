#include "audio/portaudio.h"
#include "audio/chatter.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static GMutex lock; /* held through every call into PortAudio that opens, closes or lists */

static gboolean
fail(GError **error, const char *what, PaError cause)
{
  const PaHostErrorInfo *host = cause == paUnanticipatedHostError ? Pa_GetLastHostErrorInfo() : NULL;
  g_set_error(error, MG_ERROR, MG_ERROR_DEVICE, "%s: %s", what,
              host && host->errorText && *host->errorText ? host->errorText : Pa_GetErrorText(cause));
  return FALSE;
}

static gboolean
initialise(GError **error)
{
  PaError cause = Pa_Initialize();
  return cause == paNoError || fail(error, _("the sound system cannot be used"), cause);
}

/* As --device takes it: the device's own name, with the host API where an earlier device has the same. */
static char *
device_name(PaDeviceIndex index)
{
  const PaDeviceInfo *info = Pa_GetDeviceInfo(index);
  for (PaDeviceIndex i = 0; i < index; i++)
    if (g_str_equal(Pa_GetDeviceInfo(i)->name, info->name))
      return g_strdup_printf("%s (%s)", info->name, Pa_GetHostApiInfo(info->hostApi)->name);
  return g_strdup(info->name);
}

static void
free_device(gpointer data)
{
  MgDevice *device = data;
  g_free(device->name);
  g_free(device);
}

static MgDevice *
describe(PaDeviceIndex index)
{
  const PaDeviceInfo *info = Pa_GetDeviceInfo(index);
  MgDevice *device = g_new0(MgDevice, 1);
  device->name = device_name(index);
  device->inputs = info->maxInputChannels;
  device->outputs = info->maxOutputChannels;
  device->sr = info->defaultSampleRate;
  device->is_default_input = index == Pa_GetDefaultInputDevice();
  device->is_default_output = index == Pa_GetDefaultOutputDevice();
  return device;
}

GPtrArray *
mg_devices_list(GError **error)
{
  GPtrArray *devices = NULL;
  g_mutex_lock(&lock);
  int kept = mg_chatter_begin();
  if (initialise(error)) {
    devices = g_ptr_array_new_with_free_func(free_device);
    for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); i++)
      g_ptr_array_add(devices, describe(i));
    Pa_Terminate();
  }
  mg_chatter_end(kept);
  g_mutex_unlock(&lock);
  return devices;
}

static int
channels_of(PaDeviceIndex index, gboolean input)
{
  const PaDeviceInfo *info = Pa_GetDeviceInfo(index);
  return input ? info->maxInputChannels : info->maxOutputChannels;
}

/* The device of that name, else the first whose name holds it. */
static PaDeviceIndex
search_device(const char *wanted, gboolean input)
{
  PaDeviceIndex similar = paNoDevice;
  for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); i++) {
    g_autofree char *name = device_name(i);
    if (channels_of(i, input) < 1)
      continue;
    if (g_str_equal(name, wanted))
      return i;
    if (similar == paNoDevice && strstr(name, wanted))
      similar = i;
  }
  return similar;
}

static PaDeviceIndex
find_device(const MgStreamWish *wish, GError **error)
{
  PaDeviceIndex index = wish->device  ? search_device(wish->device, wish->input)
                        : wish->input ? Pa_GetDefaultInputDevice()
                                      : Pa_GetDefaultOutputDevice();
  if (index != paNoDevice)
    return index;
  if (wish->device)
    g_set_error(error, MG_ERROR, MG_ERROR_DEVICE,
                wish->input ? _("there is no sound device “%s” that records; melograph-cli devices lists them")
                            : _("there is no sound device “%s” that plays; melograph-cli devices lists them"),
                wish->device);
  else if (wish->input)
    g_set_error_literal(error, MG_ERROR, MG_ERROR_NO_INPUT, _("there is no sound device that records"));
  else
    g_set_error_literal(error, MG_ERROR, MG_ERROR_NO_OUTPUT, _("there is no sound device that plays"));
  return paNoDevice;
}

static PaError
try_open(PaStream **stream, PaDeviceIndex index, const MgStreamWish *wish)
{
  const PaDeviceInfo *info = Pa_GetDeviceInfo(index);
  PaStreamParameters parameters = {
      .device = index,
      .channelCount = wish->channels,
      .sampleFormat = paFloat32,
      .suggestedLatency = wish->input ? info->defaultHighInputLatency : info->defaultHighOutputLatency,
  };
  return Pa_OpenStream(stream, wish->input ? &parameters : NULL, wish->input ? NULL : &parameters, wish->sr,
                       paFramesPerBufferUnspecified, paNoFlag, wish->callback, wish->data);
}

/* A recording takes the device's own rate where it does not have the one asked for, and where the number of channels is
 * left open, the fewest that it takes. */
static PaStream *
open_stream(PaDeviceIndex index, MgStreamWish *wish, GError **error)
{
  PaStream *stream = NULL;
  int native_sr = (int)Pa_GetDeviceInfo(index)->defaultSampleRate, most = MIN(8, channels_of(index, wish->input));
  gboolean any_channels = wish->channels == 0;
  wish->sr = wish->sr ? wish->sr : native_sr;
  wish->channels = any_channels ? 1 : wish->channels;
  PaError cause = try_open(&stream, index, wish);
  if (cause == paInvalidSampleRate && wish->input && wish->sr != native_sr) {
    wish->sr = native_sr;
    cause = try_open(&stream, index, wish);
  }
  while (cause == paInvalidChannelCount && any_channels && wish->channels < most) {
    wish->channels++;
    cause = try_open(&stream, index, wish);
  }
  if (cause == paNoError)
    return stream;
  g_autofree char *what =
      g_strdup_printf(ngettext("%s, %d Hz, %d channel", "%s, %d Hz, %d channels", (gulong)wish->channels),
                      Pa_GetDeviceInfo(index)->name, wish->sr, wish->channels);
  fail(error, what, cause);
  return NULL;
}

static PaStream *
start(MgStreamWish *wish, void (*prepare)(gpointer data, const MgStreamWish *wish), GError **error)
{
  if (!initialise(error))
    return NULL;
  PaDeviceIndex index = find_device(wish, error);
  PaStream *stream = index == paNoDevice ? NULL : open_stream(index, wish, error);
  if (stream) {
    prepare(wish->data, wish);
    PaError cause = Pa_StartStream(stream);
    if (cause == paNoError)
      return stream;
    fail(error, Pa_GetDeviceInfo(index)->name, cause);
    Pa_CloseStream(stream);
  }
  Pa_Terminate();
  return NULL;
}

PaStream *
mg_stream_start(MgStreamWish *wish, void (*prepare)(gpointer data, const MgStreamWish *wish), GError **error)
{
  g_mutex_lock(&lock);
  int kept = mg_chatter_begin();
  PaStream *stream = start(wish, prepare, error);
  mg_chatter_end(kept);
  g_mutex_unlock(&lock);
  return stream;
}

void
mg_stream_stop(PaStream *stream)
{
  g_mutex_lock(&lock);
  int kept = mg_chatter_begin();
  Pa_AbortStream(stream);
  Pa_CloseStream(stream);
  Pa_Terminate();
  mg_chatter_end(kept);
  g_mutex_unlock(&lock);
}
