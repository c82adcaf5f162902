#include "learn/lesson-file.h"
#include "learn/lesson-kinds.h"
#include "learn/lesson-state.h"
#include "base/error.h"
#include "base/file.h"
#include <glib/gi18n-lib.h>
#include <string.h>

#define LARGEST ((size_t)1 << 20) /* bytes of a lesson */

struct MgLessonFile {
  gint references;
  char *path;
  GPtrArray *sections;
};

static void
free_entry(gpointer data)
{
  MgLessonEntry *entry = data;
  g_free(entry->key);
  g_free(entry->language);
  g_free(entry->value);
  g_free(entry);
}

static void
free_section(gpointer data)
{
  MgLessonSection *section = data;
  g_free(section->kind);
  g_free(section->name);
  g_ptr_array_unref(section->entries);
  g_free(section);
}

MgLessonFile *
mg_lesson_ref(MgLessonFile *file)
{
  g_atomic_int_inc(&file->references);
  return file;
}

void
mg_lesson_unref(MgLessonFile *file)
{
  if (!file || !g_atomic_int_dec_and_test(&file->references))
    return;
  g_ptr_array_unref(file->sections);
  g_free(file->path);
  g_free(file);
}

void
mg_lesson_error(GError **error, const MgLessonFile *file, guint line, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = mg_one_line(g_strdup_vprintf(format, arguments));
  va_end(arguments);
  g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, "%s:%u: %s", file->path, line, message);
}

/* Reading. */

static MgLessonSection *
find_section(const MgLessonFile *file, const char *kind, const char *name)
{
  for (guint i = 0; i < file->sections->len; i++) {
    MgLessonSection *section = file->sections->pdata[i];
    if (g_str_equal(section->kind, kind) && (!name || g_str_equal(section->name, name)))
      return section;
  }
  return NULL;
}

static char *
list_section_kinds(void)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (const MgLessonSectionKind *kind = mg_lesson_section_kinds; kind->name; kind++)
    g_ptr_array_add(names, (char *)kind->name);
  g_ptr_array_add(names, NULL);
  return g_strjoinv(", ", (char **)names->pdata);
}

/* Texts in several languages are one section with an entry a language. */
static MgLessonSection *
open_text(MgLessonFile *file, MgLessonSection *section)
{
  MgLessonSection *former = find_section(file, section->kind, NULL);
  MgLessonEntry *entry = g_new0(MgLessonEntry, 1);
  entry->key = g_strdup("text");
  entry->language = *section->name ? g_strdup(section->name) : NULL;
  entry->value = g_strdup("");
  entry->line = section->line;
  if (former) {
    free_section(section);
    section = former;
  } else {
    g_clear_pointer(&section->name, g_free);
    section->name = g_strdup("");
    g_ptr_array_add(file->sections, section);
  }
  g_ptr_array_add(section->entries, entry);
  return section;
}

/* "[control n_fft]" */
static MgLessonSection *
open_section(MgLessonFile *file, const char *line, guint number, GError **error)
{
  g_autofree char *inside = g_strndup(line + 1, strlen(line) - 2);
  g_auto(GStrv) words = g_strsplit(g_strstrip(inside), " ", 2);
  const MgLessonSectionKind *kind = words[0] ? mg_lesson_section_kind(words[0]) : NULL;
  const char *name = words[0] && words[1] ? g_strstrip(words[1]) : "";
  g_autofree char *known = list_section_kinds();
  if (!kind) {
    mg_lesson_error(error, file, number, _("section [%s]: expected one of %s"), inside, known);
    return NULL;
  }
  if (kind->named != (*name != 0) && !kind->text) {
    mg_lesson_error(error, file, number,
                    kind->named ? _("section [%s]: expected a name behind the kind")
                                : _("section [%s]: expected no name behind the kind"),
                    inside);
    return NULL;
  }
  gboolean views = g_str_equal(kind->name, "view");
  if (!kind->text && find_section(file, kind->name, views ? NULL : name) && !views) {
    mg_lesson_error(error, file, number, _("section [%s]: expected once, it is there already"), inside);
    return NULL;
  }
  MgLessonSection *section = g_new0(MgLessonSection, 1);
  section->kind = g_strdup(kind->name);
  section->name = g_strdup(name);
  section->line = number;
  section->entries = g_ptr_array_new_with_free_func(free_entry);
  if (kind->text)
    return open_text(file, section);
  g_ptr_array_add(file->sections, section);
  return section;
}

/* "title[ru] = Окно"; the key may hold anything that find_keys() understands. */
static gboolean
add_entry(MgLessonFile *file, MgLessonSection *section, const char *line, guint number, GError **error)
{
  const char *equals = strchr(line, '=');
  if (!equals || !section) {
    mg_lesson_error(error, file, number,
                    section ? _("“%s”: expected key = value") : _("“%s”: expected a section, [lesson]"), line);
    return FALSE;
  }
  MgLessonEntry *entry = g_new0(MgLessonEntry, 1);
  entry->key = g_strstrip(g_strndup(line, (gsize)(equals - line)));
  entry->value = g_strstrip(g_strdup(equals + 1));
  entry->line = number;
  char *bracket = strchr(entry->key, '[');
  if (bracket && g_str_has_suffix(bracket, "]")) {
    entry->language = g_strndup(bracket + 1, strlen(bracket) - 2);
    *bracket = 0;
  }
  g_ptr_array_add(section->entries, entry);
  return TRUE;
}

static void
continue_entry(MgLessonSection *section, const char *line, const char *between)
{
  MgLessonEntry *entry = section->entries->pdata[section->entries->len - 1];
  char *longer = *entry->value ? g_strconcat(entry->value, between, line, NULL) : g_strdup(line);
  g_free(entry->value);
  entry->value = longer;
}

static gboolean
is_head(const char *line)
{
  size_t length = strlen(line);
  return length > 2 && line[0] == '[' && line[length - 1] == ']' && g_ascii_islower(line[1]) && !strchr(line, '(');
}

static gboolean
read_lines(MgLessonFile *file, const char *text, GError **error)
{
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  MgLessonSection *section = NULL;
  gboolean in_text = FALSE;
  for (guint i = 0; lines[i]; i++) {
    g_autofree char *line = g_strchomp(g_strdup(lines[i]));
    gboolean indented = g_ascii_isspace(*line);
    if (is_head(line)) {
      section = open_section(file, line, i + 1, error);
      if (!section)
        return FALSE;
      in_text = g_str_equal(section->kind, "text");
    } else if (in_text)
      continue_entry(section, line, "\n");
    else if (!*line || *line == '#')
      continue;
    else if (indented && section && section->entries->len > 0)
      continue_entry(section, g_strstrip(line), " ");
    else if (!add_entry(file, section, line, i + 1, error))
      return FALSE;
  }
  return TRUE;
}

/* Checking. */

static gboolean
check_key(const MgLessonFile *file, const MgLessonSection *section, const char *keys, const MgLessonEntry *entry,
          GError **error)
{
  gboolean translatable = FALSE;
  char mark = 0;
  g_autofree char *known = mg_lesson_keys_text(keys);
  if (!mg_lesson_keys_hold(keys, entry->key, &translatable, &mark)) {
    mg_lesson_error(error, file, entry->line, _("key “%s” in [%s]: expected one of %s"), entry->key, section->kind,
                    known);
    return FALSE;
  }
  if (entry->language && !translatable) {
    mg_lesson_error(error, file, entry->line, _("“%s[%s]”: expected %s without a language"), entry->key,
                    entry->language, entry->key);
    return FALSE;
  }
  for (guint i = 0; mark != '*' && i < section->entries->len; i++) {
    const MgLessonEntry *other = section->entries->pdata[i];
    if (other != entry && other->line < entry->line && g_str_equal(other->key, entry->key) &&
        g_strcmp0(other->language, entry->language) == 0) {
      mg_lesson_error(error, file, entry->line, _("key “%s”: expected once, line %u has it"), entry->key, other->line);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
check_needed(const MgLessonFile *file, const MgLessonSection *section, const char *keys, GError **error)
{
  g_auto(GStrv) list = g_strsplit(keys, " ", -1);
  for (char **one = list; *one; one++) {
    char *name = *one + (**one == '_'), *mark = strchr(name, '!');
    if (!mark)
      continue;
    *mark = 0;
    if (mg_lesson_get(section, name))
      continue;
    mg_lesson_error(error, file, section->line, _("[%s%s%s]: expected a key “%s”"), section->kind,
                    *section->name ? " " : "", section->name, name);
    return FALSE;
  }
  return TRUE;
}

/* The keys of a section, those of its kind of view included; NULL: any. g_free() it. */
static gboolean
find_keys(const MgLessonFile *file, const MgLessonSection *section, char **keys, GError **error)
{
  *keys = NULL;
  if (!g_str_equal(section->kind, "view")) {
    *keys = g_strdup(mg_lesson_section_kind(section->kind)->keys);
    return TRUE;
  }
  const MgLessonViewKind *view = mg_lesson_view_kind(section->name);
  if (!view) {
    g_autoptr(GString) names = g_string_new(NULL);
    for (const MgLessonViewKind *kind = mg_lesson_view_kinds; kind->name; kind++)
      g_string_append_printf(names, "%s%s", names->len ? ", " : "", kind->name);
    mg_lesson_error(error, file, section->line, _("view “%s”: expected one of %s"), section->name, names->str);
    return FALSE;
  }
  if (!g_str_equal(view->keys, "*"))
    *keys = g_strconcat("_title", *view->keys ? " " : "", view->keys, NULL);
  return TRUE;
}

static gboolean
check_section(const MgLessonFile *file, const MgLessonSection *section, GError **error)
{
  g_autofree char *keys = NULL;
  if (!find_keys(file, section, &keys, error))
    return FALSE;
  for (guint i = 0; keys && i < section->entries->len; i++)
    if (!check_key(file, section, keys, section->entries->pdata[i], error))
      return FALSE;
  return !keys || check_needed(file, section, keys, error);
}

static gboolean
check(MgLessonFile *file, GError **error)
{
  static const char *const needed[] = {"lesson", "text"};
  for (guint i = 0; i < file->sections->len; i++) {
    const MgLessonSection *section = file->sections->pdata[i];
    if (!mg_lesson_section_kind(section->kind)->text && !check_section(file, section, error))
      return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS(needed); i++)
    if (!find_section(file, needed[i], NULL)) {
      mg_lesson_error(error, file, 1, _("expected a section [%s]"), needed[i]);
      return FALSE;
    }
  return mg_lesson_check_meaning(file, error);
}

MgLessonFile *
mg_lesson_parse(const char *text, const char *path, GError **error)
{
  g_autoptr(MgLessonFile) file = g_new0(MgLessonFile, 1);
  file->references = 1;
  file->path = g_strdup(path);
  file->sections = g_ptr_array_new_with_free_func(free_section);
  const char *end;
  if (!g_utf8_validate(text, -1, &end)) {
    guint line = 1;
    for (const char *at = text; at < end; at++)
      line += *at == '\n';
    mg_lesson_error(error, file, line, _("expected text in UTF-8"));
    return NULL;
  }
  return read_lines(file, text, error) && check(file, error) ? g_steal_pointer(&file) : NULL;
}

MgLessonFile *
mg_lesson_load(const char *path, GError **error)
{
  size_t length;
  g_autofree char *text = mg_file_read(path, LARGEST, &length, error);
  if (text && strlen(text) != length) {
    g_set_error(error, MG_ERROR, MG_ERROR_FORMAT, _("%s: expected text, found a zero byte"), path);
    return NULL;
  }
  return text ? mg_lesson_parse(text, path, error) : NULL;
}

/* Asking. */

const char *
mg_lesson_path(const MgLessonFile *file)
{
  return file->path;
}

const GPtrArray *
mg_lesson_sections(const MgLessonFile *file)
{
  return file->sections;
}

const MgLessonSection *
mg_lesson_section(const MgLessonFile *file, const char *kind, const char *name)
{
  return find_section(file, kind, name);
}

static const char *
get_in(const MgLessonSection *section, const char *key, const char *language)
{
  for (guint i = 0; i < section->entries->len; i++) {
    const MgLessonEntry *entry = section->entries->pdata[i];
    if (g_str_equal(entry->key, key) && g_strcmp0(entry->language, language) == 0)
      return entry->value;
  }
  return NULL;
}

const char *
mg_lesson_get(const MgLessonSection *section, const char *key)
{
  return section ? get_in(section, key, NULL) : NULL;
}

const char *
mg_lesson_local(const MgLessonSection *section, const char *key)
{
  for (const char *const *language = g_get_language_names(); section && *language; language++) {
    const char *text = get_in(section, key, *language);
    if (text)
      return text;
  }
  return mg_lesson_get(section, key);
}

const char *
mg_lesson_title(const MgLessonFile *file)
{
  return mg_lesson_local(find_section(file, "lesson", NULL), "title");
}

const char *
mg_lesson_summary(const MgLessonFile *file)
{
  const char *summary = mg_lesson_local(find_section(file, "lesson", NULL), "summary");
  return summary ? summary : "";
}

const char *
mg_lesson_text(const MgLessonFile *file)
{
  return mg_lesson_local(find_section(file, "text", NULL), "text");
}
