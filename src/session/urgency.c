#include "session/urgency.h"
#include <sys/resource.h>

#define STEP_BACK 5 /* of a thread's niceness */

static GMutex lock; /* guards `urgent` */
static GCond calm;
static guint urgent;

/* Linux gives every thread a niceness of its own. */
void
mg_step_back(void)
{
#ifdef __linux__
  setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + STEP_BACK);
#endif
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
