/* What GLib puts in order, told to the thread sanitizer: loaded before a program (LD_PRELOAD) by ./dev sanitize
 * --threads.
 *
 * GLib's locks are futexes and its queues, tasks and sources use those locks, all within a library that the sanitizer
 * has not compiled: it sees neither that one thread waits for another, nor that what was written before something is
 * handed over is there for who takes it. Here every such call of the program says so: the giver releases a place in
 * memory, the taker acquires it. Nothing else changes; in programs without the sanitizer nothing at all. */
#include <dlfcn.h>
#include <gio/gio.h>

void __tsan_acquire(void *place) __attribute__((weak));
void __tsan_release(void *place) __attribute__((weak));

static void
acquire(const volatile void *place)
{
  if (__tsan_acquire)
    __tsan_acquire((void *)place);
}

static void
release(const volatile void *place)
{
  if (__tsan_release)
    __tsan_release((void *)place);
}

/* The function of that name that this one stands before. */
#define REAL(name) ((__typeof__(&name))next(#name))
#define CALL(name, ...) (REAL(name)(__VA_ARGS__))

static gpointer
next(const char *name)
{
  return dlsym(RTLD_NEXT, name);
}

/* Locks. */

#define LOCK(name, Type)                                                                                               \
  void name(Type *lock)                                                                                                \
  {                                                                                                                    \
    static __typeof__(&name) real;                                                                                     \
    if (!real)                                                                                                         \
      real = REAL(name);                                                                                               \
    real(lock);                                                                                                        \
    acquire(lock);                                                                                                     \
  }
#define UNLOCK(name, Type)                                                                                             \
  void name(Type *lock)                                                                                                \
  {                                                                                                                    \
    static __typeof__(&name) real;                                                                                     \
    if (!real)                                                                                                         \
      real = REAL(name);                                                                                               \
    release(lock);                                                                                                     \
    real(lock);                                                                                                        \
  }
#define TRY_LOCK(name, Type)                                                                                           \
  gboolean name(Type *lock)                                                                                            \
  {                                                                                                                    \
    gboolean taken = CALL(name, lock);                                                                                 \
    if (taken)                                                                                                         \
      acquire(lock);                                                                                                   \
    return taken;                                                                                                      \
  }
LOCK(g_mutex_lock, GMutex)
UNLOCK(g_mutex_unlock, GMutex)
TRY_LOCK(g_mutex_trylock, GMutex)
LOCK(g_rec_mutex_lock, GRecMutex)
UNLOCK(g_rec_mutex_unlock, GRecMutex)
TRY_LOCK(g_rec_mutex_trylock, GRecMutex)
LOCK(g_rw_lock_writer_lock, GRWLock)
UNLOCK(g_rw_lock_writer_unlock, GRWLock)
LOCK(g_rw_lock_reader_lock, GRWLock)
UNLOCK(g_rw_lock_reader_unlock, GRWLock)

void
g_cond_wait(GCond *cond, GMutex *mutex)
{
  release(mutex);
  CALL(g_cond_wait, cond, mutex);
  acquire(mutex);
}

gboolean
g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end)
{
  release(mutex);
  gboolean signalled = CALL(g_cond_wait_until, cond, mutex, end);
  acquire(mutex);
  return signalled;
}

/* Once: its quick path is an atomic load in the program itself, of the very place that is released here. */

#undef g_once_init_leave
#undef g_once_init_enter
gboolean
g_once_init_enter(volatile void *location)
{
  gboolean first = CALL(g_once_init_enter, location);
  acquire(location);
  return first;
}

void
g_once_init_leave(volatile void *location, gsize result)
{
  release(location);
  CALL(g_once_init_leave, location, result);
}

gpointer
g_once_impl(GOnce *once, GThreadFunc func, gpointer arg)
{
  gpointer result = CALL(g_once_impl, once, func, arg);
  acquire(&once->status);
  release(&once->status);
  return result;
}

/* References: who frees comes after all who let go before. */

#define UNREF(name, Type)                                                                                              \
  void name(Type object)                                                                                               \
  {                                                                                                                    \
    release(object);                                                                                                   \
    acquire(object);                                                                                                   \
    CALL(name, object);                                                                                                \
  }
UNREF(g_object_unref, gpointer)
UNREF(g_bytes_unref, GBytes *)
UNREF(g_ptr_array_unref, GPtrArray *)
UNREF(g_array_unref, GArray *)
UNREF(g_byte_array_unref, GByteArray *)
UNREF(g_hash_table_unref, GHashTable *)
UNREF(g_atomic_rc_box_release, gpointer)

void
g_atomic_rc_box_release_full(gpointer block, GDestroyNotify clear)
{
  release(block);
  acquire(block);
  CALL(g_atomic_rc_box_release_full, block, clear);
}

/* Queues and pools of threads. */

void
g_async_queue_push(GAsyncQueue *queue, gpointer data)
{
  release(queue);
  CALL(g_async_queue_push, queue, data);
}

gpointer
g_async_queue_pop(GAsyncQueue *queue)
{
  gpointer data = CALL(g_async_queue_pop, queue);
  acquire(queue);
  return data;
}

gpointer
g_async_queue_try_pop(GAsyncQueue *queue)
{
  gpointer data = CALL(g_async_queue_try_pop, queue);
  acquire(queue);
  return data;
}

typedef struct {
  GFunc func;
  gpointer data;
} Pool;

static void
work(gpointer data, gpointer user_data)
{
  Pool *pool = user_data;
  acquire(pool);
  pool->func(data, pool->data);
  release(pool);
}

GThreadPool *
g_thread_pool_new(GFunc func, gpointer data, gint most, gboolean exclusive, GError **error)
{
  Pool *pool = g_new(Pool, 1); /* stays: threads may outlive the pool */
  *pool = (Pool){func, data};
  return CALL(g_thread_pool_new, work, pool, most, exclusive, error);
}

gboolean
g_thread_pool_push(GThreadPool *threads, gpointer data, GError **error)
{
  release(threads->user_data);
  return CALL(g_thread_pool_push, threads, data, error);
}

void
g_thread_pool_free(GThreadPool *threads, gboolean immediate, gboolean wait)
{
  gpointer pool = threads->user_data;
  CALL(g_thread_pool_free, threads, immediate, wait);
  acquire(pool);
}

/* Tasks: to their thread, and back to whoever asks for the result. */

static GQuark
task_func(void)
{
  return g_quark_from_static_string("glib-order");
}

static void
work_on_task(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GTaskThreadFunc func = (GTaskThreadFunc)g_object_get_qdata(G_OBJECT(task), task_func());
  acquire(task);
  func(task, source, data, cancellable);
  release(task);
}

void
g_task_run_in_thread(GTask *task, GTaskThreadFunc func)
{
  g_object_set_qdata(G_OBJECT(task), task_func(), (gpointer)func);
  release(task);
  CALL(g_task_run_in_thread, task, work_on_task);
}

#define RETURN(name, Type)                                                                                             \
  void name(GTask *task, Type value)                                                                                   \
  {                                                                                                                    \
    release(task);                                                                                                     \
    CALL(name, task, value);                                                                                           \
  }
RETURN(g_task_return_boolean, gboolean)
RETURN(g_task_return_int, gssize)
RETURN(g_task_return_error, GError *)

void
g_task_return_pointer(GTask *task, gpointer value, GDestroyNotify free_value)
{
  release(task);
  CALL(g_task_return_pointer, task, value, free_value);
}

gpointer
g_task_propagate_pointer(GTask *task, GError **error)
{
  acquire(task);
  return CALL(g_task_propagate_pointer, task, error);
}

gboolean
g_task_propagate_boolean(GTask *task, GError **error)
{
  acquire(task);
  return CALL(g_task_propagate_boolean, task, error);
}

gssize
g_task_propagate_int(GTask *task, GError **error)
{
  acquire(task);
  return CALL(g_task_propagate_int, task, error);
}

/* What is sent to the main loop. */

typedef struct {
  GSourceFunc func;
  gpointer data;
  GDestroyNotify notify;
} Message;

static Message *
message_new(GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  Message *message = g_new(Message, 1);
  *message = (Message){func, data, notify};
  release(message);
  return message;
}

static gboolean
hear(gpointer data)
{
  Message *message = data;
  acquire(message);
  return message->func(message->data);
}

static void
forget(gpointer data)
{
  Message *message = data;
  acquire(message);
  if (message->notify)
    message->notify(message->data);
  g_free(message);
}

guint
g_idle_add_full(gint priority, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  return CALL(g_idle_add_full, priority, hear, message_new(func, data, notify), forget);
}

guint
g_idle_add(GSourceFunc func, gpointer data)
{
  return g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, func, data, NULL);
}

void
g_main_context_invoke_full(GMainContext *context, gint priority, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  CALL(g_main_context_invoke_full, context, priority, hear, message_new(func, data, notify), forget);
}

/* PortAudio, asked to be quick, cancels its thread in the middle of a system call; the sanitizer then ends the program
 * for not having seen the call's end. */

int
Pa_AbortStream(void *stream)
{
  return ((int (*)(void *))next("Pa_StopStream"))(stream);
}
