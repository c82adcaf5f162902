#include "ui/learn/views.h"

const MgLessonWidget mg_lesson_widgets[] = {
    {"pane", mg_lesson_pane_new},
    {"samples", mg_lesson_samples_new},
    {"sum", mg_lesson_sum_new},
    {"spectrum", mg_lesson_spectrum_new},
    {"level", mg_lesson_level_new},
    {"mel-scale", mg_lesson_mel_scale_new},
    {"cepstrum", mg_lesson_cepstrum_new},
    {"kernel", mg_lesson_kernel_new},
    {"first-layer", mg_lesson_first_layer_new},
    {"leak", mg_lesson_leak_new},
    {"training", mg_lesson_training_new},
    {"plane", mg_lesson_plane_new},
    {"why", mg_lesson_why_new},
    {NULL},
};

const MgLessonWidget *
mg_lesson_widget(const char *name)
{
  for (const MgLessonWidget *class = mg_lesson_widgets; class->name; class ++)
    if (g_str_equal(class->name, name))
      return class;
  return NULL;
}
