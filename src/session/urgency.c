#include "session/urgency.h"
#include <sys/resource.h>

#define STEP_BACK 5           /* of a thread's niceness */
#define LONGEST_REST_US 16000 /* a frame that takes longer is late anyway, and what is made may be waited for */

static GMutex lock; /* guards `urgent` */
static GCond calm;
static guint urgent;
static GMutex frame_lock; /* guards the writing of `in_frame` */
static GCond frame_over;
static gint in_frame; /* atomic */

/* Linux gives every thread a niceness of its own. */
void
mg_step_back(void)
{
#ifdef __linux__
  setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + STEP_BACK);
#endif
}

void
mg_step_back_once(void)
{
  static GPrivate has_stepped_back;
  if (g_private_get(&has_stepped_back))
    return;
  mg_step_back();
  g_private_set(&has_stepped_back, GINT_TO_POINTER(1));
}

void
mg_urgent_begin(void)
{
  g_mutex_lock(&lock);
  urgent++;
  g_mutex_unlock(&lock);
}

void
mg_urgent_end(void)
{
  g_mutex_lock(&lock);
  if (--urgent == 0)
    g_cond_broadcast(&calm);
  g_mutex_unlock(&lock);
}

void
mg_make_way(double seconds)
{
  gint64 end = g_get_monotonic_time() + (gint64)(seconds * G_USEC_PER_SEC);
  g_mutex_lock(&lock);
  while (urgent > 0 && g_cond_wait_until(&calm, &lock, end))
    ;
  g_mutex_unlock(&lock);
}

static void
set_in_frame(gboolean is)
{
  g_mutex_lock(&frame_lock);
  g_atomic_int_set(&in_frame, is);
  g_cond_broadcast(&frame_over);
  g_mutex_unlock(&frame_lock);
}

void
mg_frame_begin(void)
{
  set_in_frame(TRUE);
}

void
mg_frame_end(void)
{
  set_in_frame(FALSE);
}

void
mg_rest_while_frame(void)
{
  if (!g_atomic_int_get(&in_frame))
    return;
  gint64 end = g_get_monotonic_time() + LONGEST_REST_US;
  g_mutex_lock(&frame_lock);
  while (g_atomic_int_get(&in_frame))
    if (!g_cond_wait_until(&frame_over, &frame_lock, end))
      g_atomic_int_set(&in_frame, FALSE);
  g_mutex_unlock(&frame_lock);
}
