/* A private PulseAudio with a virtual microphone "vmic": what is played into the sink "vspeaker" is what it hears.
 * Needs neither a sound card nor a session, and works as root and as a user. */
#pragma once
#include "support.h"
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  char *folder;
  GPid pid;
} SoundServer;

/* A test that breaks off leaves no server behind. */
static inline void
die_with_parent(gpointer data)
{
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static inline GPid
spawn(char **arguments, int *err)
{
  GPid pid = 0;
  GError *error = NULL;
  GSpawnFlags flags = G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                      (err ? 0 : G_SPAWN_STDERR_TO_DEV_NULL);
  g_spawn_async_with_pipes(NULL, arguments, NULL, flags, die_with_parent, NULL, &pid, NULL, NULL, err, &error);
  g_assert_no_error(error);
  return pid;
}

/* Its exit status, or 128 + the signal. */
static inline int
wait_for(GPid pid)
{
  int status = 0;
  g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static inline gboolean
answers(const char *socket_path)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  g_strlcpy(address.sun_path, socket_path, sizeof address.sun_path);
  int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  gboolean connected = connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0;
  close(descriptor);
  return connected;
}

static inline char *
write_settings(const char *folder, const char *socket_path)
{
  static const char alsa[] = "pcm.!default { type pulse }\n"
                             "ctl.!default { type pulse }\n"
                             "pcm.vmic { type pulse device vmic hint { show on description vmic } }\n"
                             "pcm.vspeaker { type pulse device vspeaker hint { show on description vspeaker } }\n";
  g_autofree char *asoundrc = g_build_filename(folder, ".asoundrc", NULL);
  g_autofree char *script = g_strdup_printf("load-module module-native-protocol-unix auth-anonymous=1 socket=%s\n"
                                            "load-module module-null-sink sink_name=vspeaker rate=48000 channels=1\n"
                                            "load-module module-remap-source source_name=vmic master=vspeaker.monitor\n"
                                            "set-default-sink vspeaker\n"
                                            "set-default-source vmic\n",
                                            socket_path);
  char *path = g_build_filename(folder, "script.pa", NULL);
  g_assert_true(g_file_set_contents(asoundrc, alsa, -1, NULL));
  g_assert_true(g_file_set_contents(path, script, -1, NULL));
  return path;
}

/* A server that answers there when this returns. */
static inline GPid
launch_server(const char *folder, const char *socket_path)
{
  g_autofree char *script = write_settings(folder, socket_path);
  char *arguments[] = {
      "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=true", "-F",
      script,       NULL};
  GPid pid = spawn(arguments, NULL);
  for (int i = 0; i < 500 && !answers(socket_path); i++)
    g_usleep(20000);
  g_assert_true(answers(socket_path));
  return pid;
}

/* The environment of this process and its children points to the server from then on. */
static inline void
start_server(SoundServer *server)
{
  server->folder = test_folder();
  g_autofree char *socket_path = g_build_filename(server->folder, "native", NULL);
  g_autofree char *address = g_strdup_printf("unix:%s", socket_path);
  g_setenv("HOME", server->folder, TRUE);
  g_setenv("XDG_RUNTIME_DIR", server->folder, TRUE);
  g_setenv("PULSE_RUNTIME_PATH", server->folder, TRUE);
  g_setenv("PULSE_SERVER", address, TRUE);
  g_unsetenv("DBUS_SESSION_BUS_ADDRESS");
  server->pid = launch_server(server->folder, socket_path);
}

static inline void
kill_server(SoundServer *server)
{
  if (server->pid) {
    kill(server->pid, SIGKILL);
    wait_for(server->pid);
  }
  server->pid = 0;
}

static inline void
stop_server(SoundServer *server)
{
  kill_server(server);
  test_remove(server->folder);
}
