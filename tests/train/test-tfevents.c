/* Reads event files back by a decoder of its own (bit-serial CRC, generic protocol-buffer fields). */
#include "train/tfevents.h"
#include "base/file.h"
#include "support.h"
#include <string.h>

typedef struct {
  const guint8 *at, *end;
} Reader;

typedef struct {
  int field, wire;
  guint64 number; /* varint and fixed */
  Reader bytes;   /* length-delimited */
} Field;

static guint64
read_little(Reader *reader, int bytes)
{
  g_assert_cmpint(reader->end - reader->at, >=, bytes);
  guint64 value = 0;
  for (int i = 0; i < bytes; i++)
    value |= (guint64)*reader->at++ << 8 * i;
  return value;
}

static guint64
read_varint(Reader *reader)
{
  guint64 value = 0;
  for (int shift = 0;; shift += 7) {
    guint64 byte = read_little(reader, 1);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80)
      return value;
  }
}

static gboolean
read_field(Reader *reader, Field *field)
{
  if (reader->at == reader->end)
    return FALSE;
  guint64 key = read_varint(reader);
  field->field = key >> 3;
  field->wire = key & 7;
  g_assert_true(field->wire == 0 || field->wire == 1 || field->wire == 2 || field->wire == 5);
  if (field->wire == 0)
    field->number = read_varint(reader);
  else if (field->wire != 2)
    field->number = read_little(reader, field->wire == 1 ? 8 : 4);
  else {
    guint64 length = read_varint(reader);
    field->bytes = (Reader){reader->at, reader->at + length};
    g_assert_cmpint(reader->end - reader->at, >=, (gint64)length);
    reader->at += length;
  }
  return TRUE;
}

/* One bit at a time, straight from the polynomial. */
static guint32
slow_masked_crc(const guint8 *data, size_t length)
{
  guint32 crc = ~0u;
  for (size_t bit = 0; bit < length * 8; bit++) {
    guint32 in = (data[bit / 8] >> (bit % 8)) & 1;
    crc = (crc >> 1) ^ (((crc ^ in) & 1) ? 0x82f63b78u : 0);
  }
  crc = ~crc;
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

static Reader
read_frame(Reader *file)
{
  const guint8 *start = file->at;
  guint64 length = read_little(file, 8);
  g_assert_cmphex(read_little(file, 4), ==, slow_masked_crc(start, 8));
  Reader event = {file->at, file->at + length};
  g_assert_cmpint(file->end - file->at, >=, (gint64)length + 4);
  file->at += length;
  g_assert_cmphex(read_little(file, 4), ==, slow_masked_crc(event.at, length));
  return event;
}

typedef struct {
  double wall_time;
  gint64 step;
  char *version, *tag;
  float value;
  gint64 session; /* -1: none */
} Event;

static void
decode_value(Reader value, Event *event)
{
  for (Field field; read_field(&value, &field);)
    if (field.field == 1)
      event->tag = g_strndup((char *)field.bytes.at, field.bytes.end - field.bytes.at);
    else if (field.field == 2) {
      g_assert_cmpint(field.wire, ==, 5);
      guint32 bits = field.number;
      memcpy(&event->value, &bits, sizeof bits);
    }
}

static Event
decode_event(Reader reader)
{
  Event event = {.session = -1};
  for (Field field, inner; read_field(&reader, &field);)
    switch (field.field) {
    case 1:
      g_assert_cmpint(field.wire, ==, 1);
      memcpy(&event.wall_time, &field.number, sizeof event.wall_time);
      break;
    case 2:
      event.step = field.number;
      break;
    case 3:
      event.version = g_strndup((char *)field.bytes.at, field.bytes.end - field.bytes.at);
      break;
    case 5:
      g_assert_true(read_field(&field.bytes, &inner));
      g_assert_cmpint(inner.field, ==, 1);
      decode_value(inner.bytes, &event);
      break;
    case 7:
      g_assert_true(read_field(&field.bytes, &inner));
      event.session = inner.number;
      break;
    default:
      g_assert_not_reached();
    }
  return event;
}

static int
compare_texts(gconstpointer a, gconstpointer b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The events of the folder's files, in the order of their names. */
static GArray *
read_folder(const char *folder, guint *files)
{
  GArray *events = g_array_new(FALSE, FALSE, sizeof(Event));
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (const char *name; (name = g_dir_read_name(dir));)
    g_ptr_array_add(names, g_build_filename(folder, name, NULL));
  g_ptr_array_sort(names, compare_texts);
  for (guint i = 0; i < names->len; i++) {
    g_assert_nonnull(strstr(names->pdata[i], "/events.out.tfevents."));
    size_t length;
    g_autofree char *text = mg_file_read(names->pdata[i], 1 << 20, &length, NULL);
    for (Reader file = {(guint8 *)text, (guint8 *)text + length}; file.at < file.end;) {
      Event event = decode_event(read_frame(&file));
      g_array_append_val(events, event);
    }
  }
  *files = names->len;
  return events;
}

static void
free_events(GArray *events)
{
  for (guint i = 0; i < events->len; i++) {
    g_free(g_array_index(events, Event, i).tag);
    g_free(g_array_index(events, Event, i).version);
  }
  g_array_unref(events);
}

/* RFC 3720, appendix B.4. */
static void
test_crc(void)
{
  guint8 zeros[32] = {0}, rising[32];
  for (int i = 0; i < 32; i++)
    rising[i] = i;
  g_assert_cmphex(mg_crc32c(zeros, 32), ==, 0x8a9136aa);
  g_assert_cmphex(mg_crc32c(rising, 32), ==, 0x46dd794e);
  g_assert_cmphex(mg_crc32c("123456789", 9), ==, 0xe3069283);
}

static void
test_read_back(void)
{
  char *folder = test_folder();
  g_autoptr(GError) error = NULL;
  g_autoptr(MgEvents) events = mg_events_new(folder, 0, &error);
  g_assert_no_error(error);
  mg_events_scalar(events, "train/loss", 1, 2.5f);
  mg_events_scalar(events, "val/recall:été", 300000, -0.125f);
  g_assert_true(mg_events_flush(events, &error));
  g_clear_pointer(&events, mg_events_free);
  events = mg_events_new(folder, 7, &error); /* resumed within the same second: still a file of its own */
  g_assert_no_error(error);
  guint files;
  GArray *read = read_folder(folder, &files);
  g_assert_cmpuint(files, ==, 2);
  g_assert_cmpuint(read->len, ==, 5);
  Event *event = (Event *)(void *)read->data;
  g_assert_cmpstr(event[0].version, ==, "brain.Event:2");
  g_assert_cmpfloat(fabs(event[0].wall_time - g_get_real_time() / 1e6), <, 600);
  g_assert_cmpstr(event[1].tag, ==, "train/loss");
  g_assert_cmpint(event[1].step, ==, 1);
  g_assert_cmpfloat(event[1].value, ==, 2.5f);
  g_assert_cmpstr(event[2].tag, ==, "val/recall:été");
  g_assert_cmpint(event[2].step, ==, 300000);
  g_assert_cmpfloat(event[2].value, ==, -0.125f);
  g_assert_cmpstr(event[3].version, ==, "brain.Event:2");
  g_assert_cmpint(event[4].session, ==, 1);
  g_assert_cmpint(event[4].step, ==, 7);
  free_events(read);
  test_remove(folder);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/tfevents/crc32c", test_crc);
  g_test_add_func("/tfevents/read-back", test_read_back);
  return g_test_run();
}
