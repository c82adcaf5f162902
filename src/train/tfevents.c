#include "train/tfevents.h"
#include "base/file.h"
#include <glib/gstdio.h>
#include <string.h>

struct MgEvents {
  char *path;
  GByteArray *pending; /* whole frames */
};

/* Field numbers of event.proto and summary.proto, and protocol buffers' wire types. */
enum { EVENT_WALL_TIME = 1, EVENT_STEP = 2, EVENT_FILE_VERSION = 3, EVENT_SUMMARY = 5, EVENT_SESSION_LOG = 7 };
enum { SUMMARY_VALUE = 1, VALUE_TAG = 1, VALUE_SIMPLE = 2, SESSION_LOG_STATUS = 1, SESSION_START = 1 };
enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

guint32
mg_crc32c(const void *data, size_t length)
{
  static guint32 table[256];
  static gsize ready;
  if (g_once_init_enter(&ready)) {
    for (guint32 i = 0; i < 256; i++) {
      guint32 value = i;
      for (int bit = 0; bit < 8; bit++)
        value = value & 1 ? (value >> 1) ^ 0x82f63b78u : value >> 1;
      table[i] = value;
    }
    g_once_init_leave(&ready, 1);
  }
  guint32 crc = 0xffffffffu;
  for (size_t i = 0; i < length; i++)
    crc = table[(crc ^ ((const guint8 *)data)[i]) & 0xff] ^ (crc >> 8);
  return ~crc;
}

/* A CRC over data that holds CRCs is weak, so TFRecord stores it rotated and offset. */
static guint32
masked_crc(const void *data, size_t length)
{
  guint32 crc = mg_crc32c(data, length);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

static void
put_varint(GByteArray *out, guint64 value)
{
  do {
    guint8 byte = (value & 0x7f) | (value > 0x7f ? 0x80 : 0);
    g_byte_array_append(out, &byte, 1);
    value >>= 7;
  } while (value);
}

static void
put_key(GByteArray *out, int field, int wire)
{
  put_varint(out, (guint64)field << 3 | wire);
}

static void
put_int(GByteArray *out, int field, gint64 value)
{
  put_key(out, field, WIRE_VARINT);
  put_varint(out, (guint64)value);
}

static void
put_double(GByteArray *out, int field, double value)
{
  guint64 bits;
  memcpy(&bits, &value, sizeof bits);
  bits = GUINT64_TO_LE(bits);
  put_key(out, field, WIRE_FIXED64);
  g_byte_array_append(out, (guint8 *)&bits, sizeof bits);
}

static void
put_float(GByteArray *out, int field, float value)
{
  guint32 bits;
  memcpy(&bits, &value, sizeof bits);
  bits = GUINT32_TO_LE(bits);
  put_key(out, field, WIRE_FIXED32);
  g_byte_array_append(out, (guint8 *)&bits, sizeof bits);
}

static void
put_bytes(GByteArray *out, int field, const void *data, size_t length)
{
  put_key(out, field, WIRE_BYTES);
  put_varint(out, length);
  g_byte_array_append(out, data, length);
}

static void
put_frame(MgEvents *events, const GByteArray *event)
{
  guint64 length = GUINT64_TO_LE((guint64)event->len);
  guint32 length_crc = GUINT32_TO_LE(masked_crc(&length, sizeof length));
  guint32 data_crc = GUINT32_TO_LE(masked_crc(event->data, event->len));
  g_byte_array_append(events->pending, (guint8 *)&length, sizeof length);
  g_byte_array_append(events->pending, (guint8 *)&length_crc, sizeof length_crc);
  g_byte_array_append(events->pending, event->data, event->len);
  g_byte_array_append(events->pending, (guint8 *)&data_crc, sizeof data_crc);
}

/* An event of this moment whose one message field is `field`. */
static void
put_event(MgEvents *events, gint64 step, int field, const void *data, size_t length)
{
  g_autoptr(GByteArray) event = g_byte_array_new();
  put_double(event, EVENT_WALL_TIME, g_get_real_time() / 1e6);
  put_int(event, EVENT_STEP, step);
  put_bytes(event, field, data, length);
  put_frame(events, event);
}

static void
put_session_start(MgEvents *events, gint64 step)
{
  g_autoptr(GByteArray) log = g_byte_array_new();
  put_int(log, SESSION_LOG_STATUS, SESSION_START);
  put_event(events, step, EVENT_SESSION_LOG, log->data, log->len);
}

MgEvents *
mg_events_new(const char *folder, gint64 first_step, GError **error)
{
  static const char version[] = "brain.Event:2";
  g_autoptr(MgEvents) events = g_new0(MgEvents, 1);
  events->pending = g_byte_array_new();
  gint64 seconds = g_get_real_time() / G_USEC_PER_SEC;
  do { /* a run resumed within the second gets the next one: files are read in the order of their names */
    g_free(events->path);
    g_autofree char *name =
        g_strdup_printf("events.out.tfevents.%" G_GINT64_FORMAT ".%s", seconds++, g_get_host_name());
    events->path = g_build_filename(folder, name, NULL);
  } while (g_file_test(events->path, G_FILE_TEST_EXISTS));
  put_event(events, 0, EVENT_FILE_VERSION, version, strlen(version));
  if (first_step > 0)
    put_session_start(events, first_step);
  return mg_events_flush(events, error) ? g_steal_pointer(&events) : NULL;
}

void
mg_events_scalar(MgEvents *events, const char *tag, gint64 step, float value)
{
  g_autoptr(GByteArray) scalar = g_byte_array_new();
  put_bytes(scalar, VALUE_TAG, tag, strlen(tag));
  put_float(scalar, VALUE_SIMPLE, value);
  g_autoptr(GByteArray) summary = g_byte_array_new();
  put_bytes(summary, SUMMARY_VALUE, scalar->data, scalar->len);
  put_event(events, step, EVENT_SUMMARY, summary->data, summary->len);
}

gboolean
mg_events_flush(MgEvents *events, GError **error)
{
  gboolean good = mg_file_append(events->path, events->pending->data, events->pending->len, error);
  if (good)
    g_byte_array_set_size(events->pending, 0);
  return good;
}

void
mg_events_free(MgEvents *events)
{
  if (!events)
    return;
  g_clear_pointer(&events->pending, g_byte_array_unref);
  g_free(events->path);
  g_free(events);
}
