#include "learn/lesson-kinds.h"
#include <string.h>

const MgLessonSectionKind mg_lesson_section_kinds[] = {
    {.name = "lesson", .keys = "_title! _summary"},
    {.name = "text", .text = TRUE},
    {.name = "control", .named = TRUE, .many = TRUE, .keys = "_title from to step values _labels start! unit"},
    {.name = "sound", .keys = "seconds sr tone* noise* sweep* click* demo target"},
    {.name = "view", .named = TRUE, .many = TRUE},
    {.name = "task", .keys = "_text! check* solution* _hint _solved"},
    {NULL},
};

const MgLessonViewKind mg_lesson_view_kinds[] = {
    {.name = "pane", .keys = "*"},
    {.name = "samples", .keys = "seconds"},
    {.name = "sum", .keys = "seconds"},
    {.name = "spectrum", .keys = "from to range"},
    {.name = "level", .keys = ""},
    {.name = "mel-scale", .keys = ""},
    {.name = "cepstrum", .keys = ""},
    {.name = "kernel", .keys = "kernel!"},
    {.name = "first-layer", .keys = "model!"},
    {.name = "leak",
     .keys = "classifier! neighbours classes!",
     .provides = "train_accuracy segment_accuracy track_accuracy"},
    {.name = "training", .keys = "", .provides = "trained"},
    {.name = "plane", .keys = "", .provides = "chosen_wrong"},
    {.name = "why", .keys = "", .provides = "chosen_wrong"},
    {NULL},
};

const MgLessonSectionKind *
mg_lesson_section_kind(const char *name)
{
  for (const MgLessonSectionKind *kind = mg_lesson_section_kinds; kind->name; kind++)
    if (g_str_equal(kind->name, name))
      return kind;
  return NULL;
}

const MgLessonViewKind *
mg_lesson_view_kind(const char *name)
{
  for (const MgLessonViewKind *kind = mg_lesson_view_kinds; kind->name; kind++)
    if (g_str_equal(kind->name, name))
      return kind;
  return NULL;
}

gboolean
mg_lesson_keys_hold(const char *keys, const char *key, gboolean *translatable, char *mark)
{
  g_auto(GStrv) list = g_strsplit(keys, " ", -1);
  for (char **one = list; *one; one++) {
    char *name = *one + (**one == '_');
    size_t length = strcspn(name, "!*");
    if (length != strlen(key) || strncmp(name, key, length) != 0)
      continue;
    *translatable = **one == '_';
    *mark = name[length];
    return TRUE;
  }
  return FALSE;
}

char *
mg_lesson_keys_text(const char *keys)
{
  g_auto(GStrv) list = g_strsplit(keys, " ", -1);
  for (char **one = list; *one; one++) {
    if (**one == '_')
      memmove(*one, *one + 1, strlen(*one));
    (*one)[strcspn(*one, "!*")] = 0;
  }
  return g_strjoinv(", ", list);
}
