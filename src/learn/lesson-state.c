#include "learn/lesson-state.h"
#include "learn/expression.h"
#include "learn/lesson-facts.h"
#include "learn/lesson-kinds.h"
#include "base/error.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct MgLessonState {
  MgLessonFile *file;
  GHashTable *values; /* char * -> char * */
  const MgLessonSamples *samples;
};

MgLessonState *
mg_lesson_state_new(MgLessonFile *file)
{
  MgLessonState *state = g_new0(MgLessonState, 1);
  const GPtrArray *sections = mg_lesson_sections(file);
  state->file = mg_lesson_ref(file);
  state->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < sections->len; i++) {
    const MgLessonSection *section = sections->pdata[i];
    if (g_str_equal(section->kind, "control"))
      mg_lesson_state_set(state, section->name, mg_lesson_get(section, "start"));
  }
  return state;
}

void
mg_lesson_state_free(MgLessonState *state)
{
  if (!state)
    return;
  mg_lesson_unref(state->file);
  g_hash_table_unref(state->values);
  g_free(state);
}

MgLessonFile *
mg_lesson_state_file(const MgLessonState *state)
{
  return state->file;
}

const char *
mg_lesson_state_get(const MgLessonState *state, const char *name)
{
  return g_hash_table_lookup(state->values, name);
}

void
mg_lesson_state_set(MgLessonState *state, const char *name, const char *text)
{
  g_hash_table_replace(state->values, g_strdup(name), g_strdup(text));
}

void
mg_lesson_state_set_number(MgLessonState *state, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  mg_lesson_state_set(state, name, g_ascii_formatd(text, sizeof text, "%.12g", value));
}

const char *
mg_lesson_state_value(const MgLessonState *state, const MgLessonSection *view, const char *key)
{
  const char *text = mg_lesson_get(view, key), *value = text ? mg_lesson_state_get(state, text) : NULL;
  return value ? value : text;
}

void
mg_lesson_state_take_sound(MgLessonState *state, const MgLessonSamples *samples)
{
  state->samples = samples;
}

const MgLessonSamples *
mg_lesson_state_samples(const MgLessonState *state)
{
  return state->samples;
}

/* Values. */

static gboolean
read_number(const char *text, double *value)
{
  char *end;
  *value = text && *text ? g_ascii_strtod(text, &end) : NAN;
  return text && *text && *end == 0 && isfinite(*value);
}

/* Of a control, of what a view found out, or a fact. */
static gboolean
value_of(const char *name, gpointer data, double *value)
{
  const MgLessonState *state = data;
  const char *text = mg_lesson_state_get(state, name);
  const MgLessonFact *fact = text ? NULL : mg_lesson_fact(name);
  return text ? read_number(text, value) : fact && fact->find(state, value);
}

double
mg_lesson_state_number(const MgLessonState *state, const MgLessonSection *view, const char *key, double otherwise)
{
  const char *text = mg_lesson_state_value(state, view, key);
  double value;
  return text && mg_expression_value(text, value_of, (gpointer)state, &value, NULL) ? value : otherwise;
}

/* Sounds. */

static gboolean
evaluate(const MgLessonState *state, guint line, const char *text, double least, double most, double *value,
         GError **error)
{
  g_autoptr(GError) problem = NULL;
  if (!mg_expression_value(text, value_of, (gpointer)state, value, &problem)) {
    mg_lesson_error(error, state->file, line, "%s", problem->message);
    return FALSE;
  }
  if (*value >= least && *value <= most)
    return TRUE;
  mg_lesson_error(error, state->file, line, _("“%s” is %g: expected %g to %g"), text, *value, least, most);
  return FALSE;
}

static const struct {
  const char *name;
  size_t offset;
  double least, most;
} part_keys[] = {
    {"hz", offsetof(MgLessonPart, hz), 0, MG_LESSON_MOST_SR},
    {"to_hz", offsetof(MgLessonPart, to_hz), 0, MG_LESSON_MOST_SR},
    {"amplitude", offsetof(MgLessonPart, amplitude), -10, 10},
    {"phase", offsetof(MgLessonPart, phase), -3600, 3600},
    {"from", offsetof(MgLessonPart, from), 0, MG_LESSON_LONGEST},
    {"to", offsetof(MgLessonPart, to), 0, MG_LESSON_LONGEST},
};

static gboolean
read_part_key(const MgLessonState *state, MgLessonPart *part, const char *text, guint line, GError **error)
{
  const char *space = strchr(text, ' ');
  for (size_t i = 0; space && i < G_N_ELEMENTS(part_keys); i++)
    if (strlen(part_keys[i].name) == (size_t)(space - text) && g_str_has_prefix(text, part_keys[i].name))
      return evaluate(state, line, space + 1, part_keys[i].least, part_keys[i].most,
                      (double *)((char *)part + part_keys[i].offset), error);
  mg_lesson_error(error, state->file, line, _("“%s”: expected hz, to_hz, amplitude, phase, from or to, and a value"),
                  text);
  return FALSE;
}

/* "hz 440, amplitude a1" */
static gboolean
read_part(const MgLessonState *state, MgLessonSound *sound, MgLessonPartKind kind, const MgLessonEntry *entry,
          GError **error)
{
  MgLessonPart part = {.kind = kind, .amplitude = 0.5, .to = sound->seconds};
  g_auto(GStrv) pairs = g_strsplit(entry->value, ",", -1);
  for (char **pair = pairs; *pair; pair++)
    if (!read_part_key(state, &part, g_strstrip(*pair), entry->line, error))
      return FALSE;
  g_array_append_val(sound->parts, part);
  return TRUE;
}

static gboolean
read_target(const MgLessonState *state, MgLessonSound *sound, const MgLessonEntry *entry, GError **error)
{
  static const char *const names[] = {"none", "square", "saw", "triangle"};
  const char *value = mg_lesson_state_get(state, entry->value);
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_strcmp0(value ? value : entry->value, names[i]) == 0) {
      sound->target = (MgLessonTarget)i;
      return TRUE;
    }
  mg_lesson_error(error, state->file, entry->line, _("target “%s”: expected none, square, saw or triangle"),
                  entry->value);
  return FALSE;
}

static gboolean
read_entry(const MgLessonState *state, MgLessonSound *sound, const MgLessonEntry *entry, GError **error)
{
  static const char *const kinds[] = {"tone", "noise", "sweep", "click"};
  for (guint kind = 0; kind < G_N_ELEMENTS(kinds); kind++)
    if (g_str_equal(entry->key, kinds[kind]))
      return read_part(state, sound, (MgLessonPartKind)kind, entry, error);
  if (g_str_equal(entry->key, "target"))
    return read_target(state, sound, entry, error);
  if (!g_str_equal(entry->key, "demo"))
    return TRUE;
  const char *demo = mg_lesson_state_get(state, entry->value);
  g_free(sound->demo);
  sound->demo = g_strdup(demo ? demo : entry->value);
  if (!strstr(sound->demo, ".."))
    return TRUE;
  mg_lesson_error(error, state->file, entry->line, _("demo “%s”: expected a demo track, such as rap/01-boom-bap"),
                  sound->demo);
  return FALSE;
}

static const MgLessonEntry *
entry_of(const MgLessonSection *section, const char *key)
{
  for (guint i = 0; i < section->entries->len; i++)
    if (g_str_equal(((MgLessonEntry *)section->entries->pdata[i])->key, key))
      return section->entries->pdata[i];
  return NULL;
}

MgLessonSound *
mg_lesson_state_sound(const MgLessonState *state, GError **error)
{
  const MgLessonSection *section = mg_lesson_section(state->file, "sound", NULL);
  if (!section)
    return NULL;
  g_autoptr(MgLessonSound) sound = g_new0(MgLessonSound, 1);
  const MgLessonEntry *seconds = entry_of(section, "seconds"), *sr = entry_of(section, "sr");
  double rate = 22050;
  sound->parts = g_array_new(FALSE, FALSE, sizeof(MgLessonPart));
  sound->seconds = 2;
  if (seconds && !evaluate(state, seconds->line, seconds->value, 0.01, MG_LESSON_LONGEST, &sound->seconds, error))
    return NULL;
  if (sr && !evaluate(state, sr->line, sr->value, 100, MG_LESSON_MOST_SR, &rate, error))
    return NULL;
  sound->sr = (int)rate;
  for (guint i = 0; i < section->entries->len; i++)
    if (!read_entry(state, sound, section->entries->pdata[i], error))
      return NULL;
  return g_steal_pointer(&sound);
}

/* Checks. */

typedef struct {
  char *left, *right;
  int relation;
} Condition;

static const char *const relations[] = {"==", "!=", "<=", ">=", "<", ">"};

static void
clear_condition(Condition *condition)
{
  g_free(condition->left);
  g_free(condition->right);
}

static gboolean
split_condition(const char *text, Condition *condition)
{
  for (int i = 0; i < (int)G_N_ELEMENTS(relations); i++) {
    const char *at = strstr(text, relations[i]);
    if (!at)
      continue;
    condition->left = g_strstrip(g_strndup(text, (gsize)(at - text)));
    condition->right = g_strstrip(g_strdup(at + strlen(relations[i])));
    condition->relation = i;
    return TRUE;
  }
  return FALSE;
}

static gboolean
compare(int relation, double left, double right)
{
  const gboolean answers[] = {left == right, left != right, left <= right, left >= right, left<right, left> right};
  return answers[relation];
}

/* A word on the left is compared as a word. */
static gboolean
holds(const MgLessonState *state, const char *text, gboolean *unknown)
{
  Condition condition = {0};
  double left, right;
  gboolean answer = FALSE;
  if (!split_condition(text, &condition))
    return FALSE;
  const char *word = mg_lesson_state_get(state, condition.left);
  if (word && condition.relation < 2 && !read_number(word, &left))
    answer = (condition.relation == 0) == g_str_equal(word, condition.right);
  else if (mg_expression_value(condition.left, value_of, (gpointer)state, &left, NULL) &&
           mg_expression_value(condition.right, value_of, (gpointer)state, &right, NULL))
    answer = compare(condition.relation, left, right);
  else
    *unknown = TRUE;
  clear_condition(&condition);
  return answer;
}

gboolean
mg_lesson_state_solved(MgLessonState *state, gboolean *unknown)
{
  const MgLessonSection *task = mg_lesson_section(state->file, "task", NULL);
  gboolean solved = task != NULL, open = FALSE;
  for (guint i = 0; task && i < task->entries->len; i++) {
    const MgLessonEntry *entry = task->entries->pdata[i];
    if (g_str_equal(entry->key, "check"))
      solved = holds(state, entry->value, &open) && solved;
  }
  if (unknown)
    *unknown = open;
  return solved && !open;
}

gboolean
mg_lesson_state_solve(MgLessonState *state)
{
  const MgLessonSection *task = mg_lesson_section(state->file, "task", NULL);
  gboolean any = FALSE;
  for (guint i = 0; task && i < task->entries->len; i++) {
    const MgLessonEntry *entry = task->entries->pdata[i];
    if (!g_str_equal(entry->key, "solution"))
      continue;
    g_auto(GStrv) words = g_strsplit(entry->value, "=", 2);
    mg_lesson_state_set(state, g_strstrip(words[0]), g_strstrip(words[1]));
    any = TRUE;
  }
  return any;
}

/* The meaning of a whole file. */

static gboolean
known(const char *name, gpointer data, double *value)
{
  const MgLessonFile *file = data;
  *value = 1;
  if (mg_lesson_section(file, "control", name) || mg_lesson_fact(name))
    return TRUE;
  for (guint i = 0; i < mg_lesson_sections(file)->len; i++) {
    const MgLessonSection *section = mg_lesson_sections(file)->pdata[i];
    const MgLessonViewKind *kind = g_str_equal(section->kind, "view") ? mg_lesson_view_kind(section->name) : NULL;
    g_auto(GStrv) facts = kind && kind->provides ? g_strsplit(kind->provides, " ", -1) : NULL;
    if (facts && g_strv_contains((const char *const *)facts, name))
      return TRUE;
  }
  return FALSE;
}

static gboolean
check_expression(const MgLessonFile *file, guint line, const char *text, GError **error)
{
  g_autoptr(GError) problem = NULL;
  double value;
  if (mg_expression_value(text, known, (gpointer)file, &value, &problem))
    return TRUE;
  mg_lesson_error(error, file, line, "%s", problem->message);
  return FALSE;
}

static gboolean
is_choice(const MgLessonSection *control, const char *value)
{
  const char *values = mg_lesson_get(control, "values");
  g_auto(GStrv) list = values ? g_strsplit(values, " ", -1) : NULL;
  return list && g_strv_contains((const char *const *)list, value);
}

static gboolean
check_control_value(const MgLessonFile *file, const MgLessonSection *control, const char *text, guint line,
                    GError **error)
{
  double value, from, to;
  if (mg_lesson_get(control, "values")) {
    if (is_choice(control, text))
      return TRUE;
    mg_lesson_error(error, file, line, _("%s=%s: expected one of %s"), control->name, text,
                    mg_lesson_get(control, "values"));
    return FALSE;
  }
  if (read_number(mg_lesson_get(control, "from"), &from) && read_number(mg_lesson_get(control, "to"), &to) &&
      read_number(text, &value) && value >= from && value <= to)
    return TRUE;
  mg_lesson_error(error, file, line, _("%s=%s: expected a number from %s to %s"), control->name, text,
                  mg_lesson_get(control, "from"), mg_lesson_get(control, "to"));
  return FALSE;
}

static gboolean
check_control(const MgLessonFile *file, const MgLessonSection *control, GError **error)
{
  gboolean range = mg_lesson_get(control, "from") && mg_lesson_get(control, "to");
  if (range == (mg_lesson_get(control, "values") != NULL)) {
    mg_lesson_error(error, file, control->line, _("[control %s]: expected either from and to, or values"),
                    control->name);
    return FALSE;
  }
  const MgLessonEntry *start = entry_of(control, "start"), *labels = entry_of(control, "labels");
  g_auto(GStrv) values = range ? NULL : g_strsplit(mg_lesson_get(control, "values"), " ", -1);
  for (guint i = 0; labels && i < control->entries->len; i++) {
    const MgLessonEntry *entry = control->entries->pdata[i];
    g_auto(GStrv) texts = g_str_equal(entry->key, "labels") ? g_strsplit(entry->value, "|", -1) : NULL;
    if (!texts || (values && g_strv_length(texts) == g_strv_length(values)))
      continue;
    mg_lesson_error(error, file, entry->line, _("labels of %s: expected as many as values, parted by |"),
                    control->name);
    return FALSE;
  }
  return check_control_value(file, control, start->value, start->line, error);
}

static gboolean
check_solution(const MgLessonFile *file, const MgLessonEntry *entry, GError **error)
{
  g_auto(GStrv) words = g_strsplit(entry->value, "=", 2);
  const MgLessonSection *control =
      words[0] && words[1] ? mg_lesson_section(file, "control", g_strstrip(words[0])) : NULL;
  if (control)
    return check_control_value(file, control, g_strstrip(words[1]), entry->line, error);
  mg_lesson_error(error, file, entry->line, _("solution “%s”: expected CONTROL = VALUE"), entry->value);
  return FALSE;
}

static gboolean
check_condition(const MgLessonFile *file, const MgLessonEntry *entry, GError **error)
{
  Condition condition = {0};
  if (!split_condition(entry->value, &condition)) {
    mg_lesson_error(error, file, entry->line, _("check “%s”: expected ==, !=, <=, >=, < or > between two values"),
                    entry->value);
    return FALSE;
  }
  const MgLessonSection *control = mg_lesson_section(file, "control", condition.left);
  gboolean good = (control && condition.relation < 2 && is_choice(control, condition.right)) ||
                  (check_expression(file, entry->line, condition.left, error) &&
                   check_expression(file, entry->line, condition.right, error));
  clear_condition(&condition);
  return good;
}

static gboolean
check_task(const MgLessonFile *file, const MgLessonSection *task, GError **error)
{
  gboolean any = FALSE;
  for (guint i = 0; i < task->entries->len; i++) {
    const MgLessonEntry *entry = task->entries->pdata[i];
    any |= g_str_equal(entry->key, "check");
    if (g_str_equal(entry->key, "check") && !check_condition(file, entry, error))
      return FALSE;
    if (g_str_equal(entry->key, "solution") && !check_solution(file, entry, error))
      return FALSE;
  }
  if (!any)
    mg_lesson_error(error, file, task->line, _("[task]: expected a key “check”"));
  return any;
}

gboolean
mg_lesson_check_meaning(MgLessonFile *file, GError **error)
{
  for (guint i = 0; i < mg_lesson_sections(file)->len; i++) {
    const MgLessonSection *section = mg_lesson_sections(file)->pdata[i];
    if (g_str_equal(section->kind, "control") && !check_control(file, section, error))
      return FALSE;
    if (g_str_equal(section->kind, "task") && !check_task(file, section, error))
      return FALSE;
  }
  MgLessonState *state = mg_lesson_state_new(file);
  g_autoptr(GError) problem = NULL;
  MgLessonSound *sound = mg_lesson_state_sound(state, &problem);
  mg_lesson_sound_free(sound);
  mg_lesson_state_free(state);
  if (!problem)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&problem));
  return FALSE;
}
