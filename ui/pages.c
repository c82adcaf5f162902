#include "ui/pages.h"
#include "ui/dataset/dataset-page.h"
#include "ui/explore/explore-page.h"
#include "ui/learn/learn-page.h"
#include "ui/live/live-page.h"
#include "ui/results/results-page.h"
#include "ui/train/train-page.h"

const MgPage *const mg_pages[] = {
    &mg_explore_page, &mg_dataset_page, &mg_train_page, &mg_results_page, &mg_live_page, &mg_learn_page, NULL,
};

const MgPage *
mg_page_find(const char *name)
{
  for (const MgPage *const *page = mg_pages; *page; page++)
    if (g_strcmp0((*page)->name, name) == 0)
      return *page;
  return NULL;
}
