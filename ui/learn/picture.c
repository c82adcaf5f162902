#include "ui/learn/picture.h"

GtkWidget *
mg_lesson_view_title(const MgLessonSection *view)
{
  const char *title = mg_lesson_local(view, "title");
  GtkWidget *label = title ? gtk_label_new(title) : NULL;
  if (!label)
    return NULL;
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_widget_add_css_class(label, "heading");
  return label;
}

static void
free_picture(gpointer data)
{
  MgLessonPicture *picture = data;
  if (picture->made && picture->free_made)
    picture->free_made(picture->made);
  g_object_unref(picture->stage);
  g_free(picture);
}

MgLessonPicture *
mg_lesson_picture_of(GtkWidget *box)
{
  return g_object_get_data(G_OBJECT(box), "picture");
}

void
mg_lesson_picture_show(MgLessonPicture *picture, gpointer made, const char *caption)
{
  const char *title = mg_lesson_local(picture->view, "title");
  if (picture->made && picture->made != made && picture->free_made)
    picture->free_made(picture->made);
  picture->made = made;
  gtk_label_set_text(GTK_LABEL(picture->caption), caption ? caption : "");
  mg_drawing_set_text(picture->drawing, title ? title : picture->view->name, caption);
  mg_drawing_changed(picture->drawing);
}

static void
follow(MgLessonStage *stage, GtkWidget *box)
{
  MgLessonPicture *picture = mg_lesson_picture_of(box);
  g_autofree char *caption = picture->make ? picture->make(picture) : NULL;
  if (caption)
    mg_lesson_picture_show(picture, picture->made, caption);
}

GtkWidget *
mg_lesson_picture_new(MgLessonStage *stage, const MgLessonSection *view, int height, char *(*make)(MgLessonPicture *),
                      MgDrawingFunc draw, GDestroyNotify free_made)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3), *title = mg_lesson_view_title(view);
  MgLessonPicture *picture = g_new0(MgLessonPicture, 1);
  *picture = (MgLessonPicture){.stage = g_object_ref(stage), .view = view, .make = make, .free_made = free_made};
  picture->drawing = MG_DRAWING(mg_drawing_new(view->name, 280, height));
  picture->caption = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(picture->caption), TRUE);
  gtk_label_set_xalign(GTK_LABEL(picture->caption), 0);
  gtk_widget_add_css_class(picture->caption, "numeric");
  gtk_widget_add_css_class(picture->caption, "dim-label");
  gtk_widget_set_vexpand(GTK_WIDGET(picture->drawing), TRUE);
  mg_drawing_set_funcs(picture->drawing, draw, NULL, picture);
  mg_drawing_set_text(picture->drawing, title ? gtk_label_get_text(GTK_LABEL(title)) : view->name, NULL);
  if (title)
    gtk_box_append(GTK_BOX(box), title);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(picture->drawing));
  gtk_box_append(GTK_BOX(box), picture->caption);
  g_object_set_data_full(G_OBJECT(box), "picture", picture, free_picture);
  g_signal_connect_object(stage, "changed", G_CALLBACK(follow), box, 0);
  follow(stage, box);
  return box;
}
