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

static char *
run_value(GKeyFile *file, const char *key)
{
  char *value = g_key_file_get_string(file, "run", key, NULL);
  return value ? value : g_strdup("");
}

/* What a search of a classifier calls otherwise. */
static void
replace_empty(char **value, GKeyFile *file, const char *key)
{
  if (**value)
    return;
  g_free(*value);
  *value = run_value(file, key);
}

static gboolean
read_facts(const char *folder, MgRunFacts *facts)
{
  g_autoptr(GKeyFile) file = mg_run_config_read(folder, NULL);
  if (!file)
    return FALSE;
  facts->model = run_value(file, "model");
  facts->dataset = run_value(file, "dataset");
  facts->leaky = g_key_file_get_boolean(file, "run", "leaky", NULL);
  g_autofree char *kind = run_value(file, "kind");
  facts->table = g_str_equal(kind, "table");
  facts->search = g_str_equal(kind, "search");
  replace_empty(&facts->model, file, "classifier");
  replace_empty(&facts->dataset, file, "table");
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
  news->has_last =
      holds(news->folder, "checkpoints/last.safetensors") || holds(news->folder, "trials.csv"); /* a search's */
  news->has_best = holds(news->folder, "checkpoints/best.safetensors");
  /* A file that is not there yet, or cannot be read just now, is read the next time. */
  mg_metrics_tail(news->folder, &news->tail, news->metrics, &news->restarted, NULL);
}
