#include "ui/learn/learn-page.h"
#include "session/hand-out.h"
#include "ui/learn/lesson-list.h"
#include "ui/learn/lesson-view.h"
#include "ui/widgets/ask-file.h"
#include "ui/widgets/format.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/stack.h"
#include "ui/window.h"
#include <glib/gi18n.h>

#define MEMORY_KEY "lesson" /* the one that is open */

#define MG_TYPE_LEARN_PAGE (mg_learn_page_get_type())
G_DECLARE_FINAL_TYPE(MgLearnPage, mg_learn_page, MG, LEARN_PAGE, AdwBin)

struct _MgLearnPage {
  AdwBin parent;
  MgWorkspace *workspace;
  MgLessonList *lessons;
  GtkStack *stack; /* "list" or "lesson" */
  GtkWidget *rows, *progress, *title, *place, *previous, *next, *problem, *content;
  char *open;         /* name of the lesson; NULL: none */
  char *shown;        /* its text as it is shown, to know whether a file has changed */
  MgLessonView *view; /* NULL: none */
  GtkNativeDialog *dialog;
};

G_DEFINE_FINAL_TYPE(MgLearnPage, mg_learn_page, ADW_TYPE_BIN)

/* The list. */

static GtkWidget *
new_row(gpointer data, gpointer unused)
{
  MgLessonItem *item = data;
  GtkWidget *row = adw_action_row_new(), *icon = gtk_image_new();
  MgLessonFile *file = mg_lesson_item_file(item);
  g_autofree char *title = g_markup_escape_text(file ? mg_lesson_title(file) : mg_lesson_item_name(item), -1);
  g_autofree char *sentence =
      file ? g_strdup(mg_lesson_summary(file)) : mg_format_sentence(mg_lesson_item_problem(item));
  g_autofree char *subtitle = g_markup_escape_text(sentence, -1);
  const char *name = !file                          ? "dialog-error-symbolic"
                     : mg_lesson_item_is_done(item) ? "object-select-symbolic"
                                                    : "go-next-symbolic";
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
  adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 3);
  gtk_image_set_from_icon_name(GTK_IMAGE(icon), name);
  if (file && mg_lesson_item_is_done(item)) {
    gtk_widget_add_css_class(icon, "success");
    gtk_widget_set_tooltip_text(icon, _("Solved"));
  }
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), icon);
  gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), file != NULL);
  g_object_set_data_full(G_OBJECT(row), "name", g_strdup(mg_lesson_item_name(item)), g_free);
  return row;
}

static void
tell_progress(MgLearnPage *page)
{
  guint n = g_list_model_get_n_items(G_LIST_MODEL(page->lessons)), done = 0;
  for (guint i = 0; i < n; i++) {
    g_autoptr(MgLessonItem) item = g_list_model_get_item(G_LIST_MODEL(page->lessons), i);
    done += mg_lesson_item_is_done(item);
  }
  g_autofree char *text = g_strdup_printf(_("%u of %u solved"), done, n);
  gtk_label_set_text(GTK_LABEL(page->progress), text);
}

/* The open lesson. */

static gssize
place_of(MgLearnPage *page)
{
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(page->lessons)); i++) {
    g_autoptr(MgLessonItem) item = g_list_model_get_item(G_LIST_MODEL(page->lessons), i);
    if (g_strcmp0(mg_lesson_item_name(item), page->open) == 0)
      return i;
  }
  return -1;
}

static void
close_lesson(MgLearnPage *page)
{
  page->view = NULL;
  adw_bin_set_child(ADW_BIN(page->content), NULL);
  g_clear_pointer(&page->shown, g_free);
}

static void
on_solved(MgLessonView *view, MgLearnPage *page)
{
  MgLessonItem *item = mg_lesson_list_find(page->lessons, page->open);
  if (!item || mg_lesson_item_is_done(item))
    return;
  mg_lesson_list_set_done(page->lessons, item);
  g_list_model_items_changed(G_LIST_MODEL(page->lessons), (guint)place_of(page), 1, 1);
  mg_window_toast(GTK_WIDGET(page), _("Solved"));
}

static void
show_lesson(MgLearnPage *page, MgLessonItem *item)
{
  MgLessonFile *file = mg_lesson_item_file(item);
  gssize place = place_of(page), n = (gssize)g_list_model_get_n_items(G_LIST_MODEL(page->lessons));
  g_autofree char *where = g_strdup_printf(_("%d of %d"), (int)place + 1, (int)n);
  g_autofree char *problem = mg_lesson_item_problem(item) ? mg_format_sentence(mg_lesson_item_problem(item)) : NULL;
  mg_notice_set(page->problem, MG_NOTICE_ERROR, problem);
  gtk_label_set_text(GTK_LABEL(page->place), where);
  gtk_widget_action_set_enabled(GTK_WIDGET(page), "learn.previous", place > 0);
  gtk_widget_action_set_enabled(GTK_WIDGET(page), "learn.next", place + 1 < n);
  gtk_stack_set_visible_child_name(page->stack, "lesson");
  if (!file) /* the former one stays below what is wrong with it */
    return;
  g_autofree char *text = NULL;
  if (g_file_get_contents(mg_lesson_item_path(item), &text, NULL, NULL) && g_strcmp0(text, page->shown) == 0)
    return;
  close_lesson(page);
  page->shown = g_steal_pointer(&text);
  g_autoptr(MgLessonStage) stage = mg_lesson_stage_new(page->workspace, file, mg_lesson_item_name(item));
  gtk_label_set_text(GTK_LABEL(page->title), mg_lesson_title(file));
  page->view = MG_LESSON_VIEW(mg_lesson_view_new(stage));
  g_signal_connect(page->view, "solved", G_CALLBACK(on_solved), page);
  adw_bin_set_child(ADW_BIN(page->content), GTK_WIDGET(page->view));
}

static void
open_lesson(MgLearnPage *page, const char *name)
{
  MgLessonItem *item = mg_lesson_list_find(page->lessons, name);
  if (!item)
    return;
  if (g_strcmp0(page->open, name) != 0)
    close_lesson(page);
  g_autofree char *kept = g_strdup(name);
  g_free(page->open);
  page->open = g_steal_pointer(&kept);
  mg_workspace_remember(page->workspace, MEMORY_KEY, page->open);
  show_lesson(page, item);
}

static void
on_row(GtkListBox *rows, GtkListBoxRow *row, MgLearnPage *page)
{
  open_lesson(page, g_object_get_data(G_OBJECT(row), "name"));
}

/* A file has changed: the open lesson is read anew. */
static void
on_list_changed(MgLearnPage *page)
{
  MgLessonItem *item = page->open ? mg_lesson_list_find(page->lessons, page->open) : NULL;
  tell_progress(page);
  if (item && g_strcmp0(gtk_stack_get_visible_child_name(page->stack), "lesson") == 0)
    show_lesson(page, item);
}

/* Actions. */

static void
go_back(GtkWidget *widget, const char *name, GVariant *parameter)
{
  MgLearnPage *page = MG_LEARN_PAGE(widget);
  mg_player_stop(mg_workspace_player(page->workspace));
  close_lesson(page);
  g_clear_pointer(&page->open, g_free);
  mg_workspace_remember(page->workspace, MEMORY_KEY, "");
  gtk_stack_set_visible_child_name(page->stack, "list");
}

static void
turn(MgLearnPage *page, int step)
{
  gssize place = place_of(page) + step;
  g_autoptr(MgLessonItem) item = place >= 0 ? g_list_model_get_item(G_LIST_MODEL(page->lessons), (guint)place) : NULL;
  if (page->open && item)
    open_lesson(page, mg_lesson_item_name(item));
}

static void
go_on(GtkWidget *widget, const char *name, GVariant *parameter)
{
  turn(MG_LEARN_PAGE(widget), 1);
}

static void
go_to_former(GtkWidget *widget, const char *name, GVariant *parameter)
{
  turn(MG_LEARN_PAGE(widget), -1);
}

static void
play(GtkWidget *widget, const char *name, GVariant *parameter)
{
  MgLearnPage *page = MG_LEARN_PAGE(widget);
  if (page->view)
    mg_lesson_stage_play(mg_lesson_view_stage(page->view));
}

/* To be changed in any editor: the list follows. */
static void
edit_copy(GtkWidget *widget, const char *name, GVariant *parameter)
{
  MgLearnPage *page = MG_LEARN_PAGE(widget);
  g_autoptr(GError) error = NULL;
  MgLessonItem *item = page->open ? mg_lesson_list_find(page->lessons, page->open) : NULL;
  g_autofree char *path = mg_lesson_list_copy(page->lessons, item, &error);
  if (!path) {
    mg_window_toast(widget, error->message);
    return;
  }
  g_autofree char *text = g_strdup_printf(_("%s: change it in any editor, the lesson follows"), path);
  g_autofree char *base = g_path_get_basename(path);
  *strrchr(base, '.') = 0;
  open_lesson(page, base);
  mg_window_toast(widget, text);
}

static void
finish_hand_out(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GtkWidget) widget = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = mg_hand_out_finish(result, &error);
  g_autofree char *text = folder ? g_strdup_printf(_("Handed out as %s"), folder) : NULL;
  mg_window_toast(widget, text ? text : error->message);
}

static void
hand_out_to(GtkWidget *widget, const char *path, gpointer data)
{
  mg_hand_out_async(MG_LEARN_PAGE(widget)->workspace, path, finish_hand_out, g_object_ref(widget));
}

static void
hand_out(GtkWidget *widget, const char *name, GVariant *parameter)
{
  mg_ask_file(widget, GTK_FILE_CHOOSER_ACTION_SAVE, _("Hand out the workspace"), _("_Hand out"), _("workspace"),
              hand_out_to, NULL, NULL);
}

/* Building. */

static GtkWidget *
new_menu_button(void)
{
  g_autoptr(GMenu) menu = g_menu_new();
  GtkWidget *button = gtk_menu_button_new();
  g_menu_append(menu, _("_Copy to change…"), "learn.copy");
  g_menu_append(menu, _("_Hand out the workspace…"), "learn.hand-out");
  gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(button), "view-more-symbolic");
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(button), G_MENU_MODEL(menu));
  gtk_widget_set_tooltip_text(button, _("Lesson"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Lesson"), -1);
  gtk_widget_add_css_class(button, "flat");
  return button;
}

static GtkWidget *
new_action_button(const char *icon, const char *tooltip, const char *action)
{
  GtkWidget *button = mg_button_new(icon, NULL, tooltip);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  gtk_widget_add_css_class(button, "flat");
  return button;
}

static GtkWidget *
new_lesson(MgLearnPage *page)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  page->title = gtk_label_new(NULL);
  page->place = mg_figure_label_new(1);
  page->problem = mg_notice_new();
  page->content = adw_bin_new();
  gtk_label_set_ellipsize(GTK_LABEL(page->title), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign(GTK_LABEL(page->title), 0);
  gtk_widget_set_hexpand(page->title, TRUE);
  gtk_widget_add_css_class(page->title, "title-2");
  gtk_widget_add_css_class(page->place, "dim-label");
  GtkWidget *const parts[] = {
      new_action_button("go-up-symbolic", _("All lessons"), "learn.back"),
      page->title,
      page->place,
      new_action_button("go-previous-symbolic", _("Former lesson (Page Up)"), "learn.previous"),
      new_action_button("go-next-symbolic", _("Next lesson (Page Down)"), "learn.next"),
      new_action_button("view-fullscreen-symbolic", _("Present on the whole screen, in large type (F5)"),
                        "win.present"),
      new_menu_button(),
  };
  for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(head), parts[i]);
  gtk_widget_set_margin_start(head, 12);
  gtk_widget_set_margin_end(head, 12);
  gtk_widget_set_margin_top(head, 6);
  gtk_widget_set_margin_bottom(head, 6);
  gtk_widget_set_vexpand(page->content, TRUE);
  gtk_widget_set_margin_start(page->problem, 12);
  gtk_box_append(GTK_BOX(box), head);
  gtk_box_append(GTK_BOX(box), page->problem);
  gtk_box_append(GTK_BOX(box), gtk_separator_new(GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append(GTK_BOX(box), page->content);
  return box;
}

static GtkWidget *
new_list(MgLearnPage *page)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12), *head = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new(_("Lessons")), *clamp = adw_clamp_new(), *scroller = gtk_scrolled_window_new();
  page->progress = mg_figure_label_new(1);
  page->rows = gtk_list_box_new();
  gtk_list_box_bind_model(GTK_LIST_BOX(page->rows), G_LIST_MODEL(page->lessons), new_row, NULL, NULL);
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(page->rows), GTK_SELECTION_NONE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(page->rows), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Lessons"), -1);
  g_signal_connect(page->rows, "row-activated", G_CALLBACK(on_row), page);
  gtk_widget_add_css_class(page->rows, "boxed-list");
  gtk_widget_add_css_class(title, "title-2");
  gtk_widget_add_css_class(page->progress, "dim-label");
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_widget_set_hexpand(title, TRUE);
  gtk_box_append(GTK_BOX(head), title);
  gtk_box_append(GTK_BOX(head), page->progress);
  gtk_box_append(GTK_BOX(head), new_menu_button());
  gtk_box_append(GTK_BOX(box), head);
  gtk_box_append(GTK_BOX(box), page->rows);
  gtk_widget_set_margin_start(box, 12);
  gtk_widget_set_margin_end(box, 12);
  gtk_widget_set_margin_top(box, 18);
  gtk_widget_set_margin_bottom(box, 18);
  gtk_widget_set_valign(page->rows, GTK_ALIGN_START);
  adw_clamp_set_maximum_size(ADW_CLAMP(clamp), 640);
  adw_clamp_set_child(ADW_CLAMP(clamp), box);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), clamp);
  return scroller;
}

static gboolean
on_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, MgLearnPage *page)
{
  static const struct {
    guint key;
    const char *action;
  } actions[] = {{GDK_KEY_Page_Up, "learn.previous"}, {GDK_KEY_Page_Down, "learn.next"}};
  for (size_t i = 0; i < G_N_ELEMENTS(actions); i++)
    if (key == actions[i].key && page->open && !(state & GDK_CONTROL_MASK))
      return gtk_widget_activate_action(GTK_WIDGET(page), actions[i].action, NULL);
  return FALSE;
}

static GtkWidget *
create(MgWorkspace *workspace)
{
  MgLearnPage *page = g_object_new(MG_TYPE_LEARN_PAGE, NULL);
  GtkEventController *keys = gtk_event_controller_key_new();
  page->workspace = g_object_ref(workspace);
  page->lessons = mg_lesson_list_new(workspace);
  page->stack = GTK_STACK(mg_stack_new());
  gtk_stack_add_named(page->stack, new_list(page), "list");
  gtk_stack_add_named(page->stack, new_lesson(page), "lesson");
  adw_bin_set_child(ADW_BIN(page), GTK_WIDGET(page->stack));
  g_signal_connect(keys, "key-pressed", G_CALLBACK(on_key), page);
  gtk_widget_add_controller(GTK_WIDGET(page), keys);
  g_signal_connect_object(page->lessons, "items-changed", G_CALLBACK(on_list_changed), page, G_CONNECT_SWAPPED);
  tell_progress(page);
  return GTK_WIDGET(page);
}

/* The lesson that was open last is made when the page is seen at first. */
static void
map(GtkWidget *widget)
{
  MgLearnPage *page = MG_LEARN_PAGE(widget);
  GTK_WIDGET_CLASS(mg_learn_page_parent_class)->map(widget);
  g_autofree char *name = page->open ? NULL : mg_workspace_recall(page->workspace, MEMORY_KEY);
  if (name && *name)
    open_lesson(page, name);
}

static void
dispose(GObject *object)
{
  MgLearnPage *page = MG_LEARN_PAGE(object);
  page->view = NULL;
  g_clear_pointer(&page->open, g_free);
  g_clear_pointer(&page->shown, g_free);
  G_OBJECT_CLASS(mg_learn_page_parent_class)->dispose(object);
  g_clear_object(&page->lessons);
  g_clear_object(&page->workspace);
}

static void
mg_learn_page_class_init(MgLearnPageClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = dispose;
  widget->map = map;
  gtk_widget_class_install_action(widget, "learn.back", NULL, go_back);
  gtk_widget_class_install_action(widget, "learn.next", NULL, go_on);
  gtk_widget_class_install_action(widget, "learn.previous", NULL, go_to_former);
  gtk_widget_class_install_action(widget, "learn.play", NULL, play);
  gtk_widget_class_install_action(widget, "learn.copy", NULL, edit_copy);
  gtk_widget_class_install_action(widget, "learn.hand-out", NULL, hand_out);
}

static void
mg_learn_page_init(MgLearnPage *page)
{
}

const MgPage mg_learn_page = {
    .name = "learn",
    .title = N_("Learn"),
    .icon = "melograph-learn-symbolic",
    .create = create,
    .play_action = "learn.play",
};
