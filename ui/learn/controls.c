#include "ui/learn/controls.h"
#include "ui/widgets/format.h"
#include <math.h>
#include <string.h>

typedef struct {
  MgLessonStage *stage;
  const MgLessonSection *section;
  GtkWidget *scale, *choice; /* one of them is NULL */
  char **values;             /* of the choice */
  gboolean filling;
} Control;

static void
free_control(gpointer data)
{
  Control *control = data;
  g_object_unref(control->stage);
  g_strfreev(control->values);
  g_free(control);
}

static Control *
control_of(GtkWidget *box)
{
  return g_object_get_data(G_OBJECT(box), "control");
}

static void
on_scale(GtkRange *range, GtkWidget *box)
{
  Control *control = control_of(box);
  if (!control->filling)
    mg_lesson_stage_set_number(control->stage, control->section->name, gtk_range_get_value(range));
}

static void
on_choice(GtkDropDown *choice, GParamSpec *pspec, GtkWidget *box)
{
  Control *control = control_of(box);
  guint selected = gtk_drop_down_get_selected(choice);
  if (!control->filling && selected < g_strv_length(control->values))
    mg_lesson_stage_set(control->stage, control->section->name, control->values[selected]);
}

static void
follow(MgLessonStage *stage, GtkWidget *box)
{
  Control *control = control_of(box);
  const char *text = mg_lesson_state_get(mg_lesson_stage_state(stage), control->section->name);
  control->filling = TRUE;
  if (control->scale)
    gtk_range_set_value(GTK_RANGE(control->scale), g_ascii_strtod(text, NULL));
  for (guint i = 0; control->choice && control->values[i]; i++)
    if (g_str_equal(control->values[i], text))
      gtk_drop_down_set_selected(GTK_DROP_DOWN(control->choice), i);
  control->filling = FALSE;
}

static double
number(const MgLessonSection *section, const char *key, double otherwise)
{
  const char *text = mg_lesson_get(section, key);
  return text ? g_ascii_strtod(text, NULL) : otherwise;
}

static char *
format(GtkScale *scale, double value, gpointer unit)
{
  int digits = gtk_scale_get_digits(scale);
  return unit ? g_strdup_printf("%.*f\u202f%s", digits, value, mg_format_unit(unit))
              : g_strdup_printf("%.*f", digits, value);
}

static GtkWidget *
new_scale(const MgLessonSection *section)
{
  double from = number(section, "from", 0), to = number(section, "to", 1), step = number(section, "step", 0);
  step = step > 0 ? step : (to - from) / 100;
  GtkWidget *scale = gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, from, to, step);
  gtk_scale_set_draw_value(GTK_SCALE(scale), TRUE);
  gtk_scale_set_value_pos(GTK_SCALE(scale), GTK_POS_RIGHT);
  gtk_scale_set_digits(GTK_SCALE(scale), (int)CLAMP(ceil(-log10(step) - 1e-9), 0, 4));
  gtk_scale_set_format_value_func(GTK_SCALE(scale), format, (gpointer)mg_lesson_get(section, "unit"), NULL);
  return scale;
}

static GtkWidget *
new_choice(Control *control)
{
  const char *labels = mg_lesson_local(control->section, "labels"), *unit = mg_lesson_get(control->section, "unit");
  control->values = g_strsplit(mg_lesson_get(control->section, "values"), " ", -1);
  g_auto(GStrv) texts = labels ? g_strsplit(labels, "|", -1) : g_strdupv(control->values);
  for (guint i = 0; unit && !labels && texts[i]; i++) {
    char *longer = g_strconcat(texts[i], "\u202f", mg_format_unit(unit), NULL);
    g_free(texts[i]);
    texts[i] = longer;
  }
  return gtk_drop_down_new_from_strings((const char *const *)texts);
}

static GtkWidget *
new_control(MgLessonStage *stage, const MgLessonSection *section)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
  const char *title = mg_lesson_local(section, "title");
  GtkWidget *label = gtk_label_new(title ? title : section->name);
  Control *control = g_new0(Control, 1);
  control->stage = g_object_ref(stage);
  control->section = section;
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  g_object_set_data_full(G_OBJECT(box), "control", control, free_control);
  if (mg_lesson_get(section, "values"))
    control->choice = new_choice(control);
  else
    control->scale = new_scale(section);
  GtkWidget *widget = control->choice ? control->choice : control->scale;
  gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 gtk_label_get_text(GTK_LABEL(label)), -1);
  gtk_box_append(GTK_BOX(box), label);
  gtk_box_append(GTK_BOX(box), widget);
  follow(stage, box);
  if (control->choice)
    g_signal_connect(widget, "notify::selected", G_CALLBACK(on_choice), box);
  else
    g_signal_connect(widget, "value-changed", G_CALLBACK(on_scale), box);
  g_signal_connect_object(stage, "changed", G_CALLBACK(follow), box, 0);
  return box;
}

GtkWidget *
mg_lesson_controls_new(MgLessonStage *stage)
{
  const GPtrArray *sections = mg_lesson_sections(mg_lesson_state_file(mg_lesson_stage_state(stage)));
  GtkWidget *box = NULL;
  for (guint i = 0; i < sections->len; i++) {
    const MgLessonSection *section = sections->pdata[i];
    if (!g_str_equal(section->kind, "control"))
      continue;
    if (!box)
      box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    gtk_box_append(GTK_BOX(box), new_control(stage, section));
  }
  return box;
}
