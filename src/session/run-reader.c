#include "session/run-reader.h"

MgRunNews *
mg_run_news_new(const char *folder, const MgMetricsTail *tail, gboolean want_facts)
{
  MgRunNews *news = g_new0(MgRunNews, 1);
  news->folder = g_strdup(folder);
  news->tail = *tail;
  news->want_facts = want_facts;
  news->metrics = g_array_new(FALSE, TRUE, sizeof(MgMetric));
  return news;
}

void
mg_run_facts_clear(MgRunFacts *facts)
{
  g_clear_pointer(&facts->model, g_free);
  g_clear_pointer(&facts->dataset, g_free);
  g_clear_pointer(&facts->label_from, g_free);
  g_clear_pointer(&facts->group_from, g_free);
  g_clear_pointer(&facts->fold_from, g_free);
}

void
mg_run_news_free(MgRunNews *news)
{
  if (!news)
    return;
  mg_run_facts_clear(&news->facts);
  g_array_unref(news->metrics);
  g_free(news->folder);
  g_free(news);
}

/* The key's value in whatever group holds it. */
static char *
find_value(GKeyFile *file, const char *key)
{
  g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
  for (size_t i = 0; groups[i]; i++) {
    char *value = g_key_file_get_string(file, groups[i], key, NULL);
    if (value)
      return value;
  }
  return g_strdup("");
}

static gboolean
read_facts(const char *folder, MgRunFacts *facts)
{
  g_autofree char *path = g_build_filename(folder, "config.ini", NULL);
  g_autoptr(GKeyFile) file = g_key_file_new();
  if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL))
    return FALSE;
  facts->model = find_value(file, "model");
  facts->dataset = find_value(file, "dataset");
  facts->label_from = find_value(file, "label_from");
  facts->group_from = find_value(file, "group_from");
  facts->fold_from = find_value(file, "fold_from");
  g_autofree char *split = find_value(file, "split");
  facts->leaky = g_str_has_prefix(split, "leaky");
  return TRUE;
}

static gboolean
holds(const char *folder, const char *relative)
{
  g_autofree char *path = g_build_filename(folder, relative, NULL);
  return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

void
mg_run_news_read(MgRunNews *news)
{
  news->has_status = mg_run_status_read(news->folder, &news->status, NULL);
  news->has_facts = news->want_facts && read_facts(news->folder, &news->facts);
  news->has_last = holds(news->folder, "checkpoints/last.safetensors");
  news->has_best = holds(news->folder, "checkpoints/best.safetensors");
  /* A file that is not there yet, or cannot be read just now, is read the next time. */
  mg_metrics_tail(news->folder, &news->tail, news->metrics, &news->restarted, NULL);
}
