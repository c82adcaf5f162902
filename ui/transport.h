/* The bar at the bottom: play, pause, loop, record, where the sound is, and what is under the pointer. */
#pragma once
#include "session/workspace.h"
#include <gtk/gtk.h>

#define MG_TYPE_TRANSPORT (mg_transport_get_type())
G_DECLARE_FINAL_TYPE(MgTransport, mg_transport, MG, TRANSPORT, GtkWidget)

GtkWidget *mg_transport_new(MgWorkspace *workspace);
void mg_transport_set_time(MgTransport *transport, double seconds, double duration);
/* NULL: nothing. `shorter` and `shortest` (may be NULL) stand where there is no room for the text; the shortest takes
 * that of cursor and duration where it has to. */
void mg_transport_set_readout(MgTransport *transport, const char *text, const char *shorter, const char *shortest);
/* A bar for windows as narrow as a telephone: without readout and choice of a device. */
void mg_transport_set_narrow(MgTransport *transport, gboolean narrow);
const char *mg_transport_readout(MgTransport *transport);
