/* The check of ./dev screenshots finds what cannot be read, and nothing else. */
#include "support.h"
#include "ui/trace-labels.h"
#include "ui/widgets/elastic.h"
#include <string.h>

static const char text[] = "A sentence that needs several hundred pixels to be read";

static GtkWidget *
new_label(gboolean ellipsized)
{
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_ellipsize(GTK_LABEL(label), ellipsized ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  return label;
}

/* What is found once a window of 200 pixels shows it. Takes the child. */
static char *
find_in(GtkWidget *child)
{
  GtkWidget *window = gtk_window_new();
  gtk_window_set_default_size(GTK_WINDOW(window), 200, 100);
  gtk_window_set_child(GTK_WINDOW(window), child);
  gtk_window_present(GTK_WINDOW(window));
  while (gtk_widget_get_width(child) == 0)
    g_main_context_iteration(NULL, TRUE);
  char *found = mg_trace_labels_find(window);
  gtk_window_destroy(GTK_WINDOW(window));
  return found;
}

static void
expect(char *found, const char *key, gboolean any)
{
  g_autofree char *none = g_strdup_printf("\"%s\": []", key);
  g_test_message("%s", found);
  g_assert_cmpint(strstr(found, none) == NULL, ==, any);
  g_free(found);
}

static void
test_clipped(void)
{
  GtkWidget *told = new_label(TRUE);
  gtk_widget_set_tooltip_text(told, text);
  expect(find_in(new_label(TRUE)), "clipped", TRUE);
  expect(find_in(told), "clipped", FALSE);
  expect(find_in(gtk_label_new("short")), "clipped", FALSE);
}

/* A page that scrolls sideways, and a window that cuts off. */
static void
test_wide(void)
{
  GtkWidget *pages[2];
  for (int i = 0; i < 2; i++) {
    pages[i] = gtk_scrolled_window_new();
    gtk_widget_set_name(pages[i], MG_PAGE_SCROLLER);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(pages[i]), new_label(i == 1));
  }
  expect(find_in(pages[0]), "wide", TRUE);
  expect(find_in(pages[1]), "wide", FALSE);
  expect(find_in(mg_elastic_new(new_label(FALSE))), "wide", TRUE);
  expect(find_in(mg_elastic_new(new_label(TRUE))), "wide", FALSE);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  gtk_init();
  adw_init();
  g_test_add_func("/trace-labels/clipped", test_clipped);
  g_test_add_func("/trace-labels/wide", test_wide);
  return g_test_run();
}
