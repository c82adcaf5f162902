"""A Slurm of one node on this machine alone: munged, slurmctld and slurmd with folders and ports of their own."""
import getpass
import os
import shutil
import socket
import subprocess
import time

from job import PATIENCE

CONFIG = """ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SrunPortRange={ports[2]}-{last}
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
CredType=cred/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=pmix
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
PROGRAMS = ["munged", "slurmctld", "slurmd", "srun", "sbatch", "scancel", "sinfo"]


def free_ports(n):
    sockets = [socket.socket() for _ in range(n)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Slurm:
    """`missing` tells why it did not come up; None where it did."""

    def __init__(self, folder, environment):
        self.folder = folder
        self.processes = []
        self.environment = {**environment, "SLURM_CONF": self.path("slurm.conf"),
                            "PATH": f"{environment['PATH']}:/usr/sbin:/sbin"}
        self.missing = self.start()

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def find(self, program):
        return shutil.which(program, path=self.environment["PATH"])

    def start(self):
        for program in PROGRAMS:
            if not self.find(program):
                return f"{program} is not installed"
        for name in "munge", "state", "spool":
            os.mkdir(self.path(name), 0o755)
        with open(self.path("munge", "key"), "wb") as file:
            os.fchmod(file.fileno(), 0o400)
            file.write(os.urandom(128))
        ports = sorted(free_ports(3))
        with open(self.path("slurm.conf"), "w") as file:
            file.write(CONFIG.format(host=socket.gethostname().split(".")[0], user=getpass.getuser(), ports=ports,
                                     last=min(65535, ports[2] + 200), folder=self.folder))
        munge = self.path("munge")
        self.begin("munged", "--foreground", "--force", f"--socket={munge}/socket", f"--key-file={munge}/key",
                   f"--pid-file={munge}/pid", f"--log-file={munge}/log", f"--seed-file={munge}/seed", "--num-threads=1")
        self.wait_for(lambda: os.path.exists(os.path.join(munge, "socket")))
        self.begin("slurmctld", "-D", "-c", "-f", self.path("slurm.conf"))
        self.begin("slurmd", "-D", "-c", "-f", self.path("slurm.conf"))
        if self.wait_for(lambda: self.run("sinfo", "-h", "-o", "%t").stdout.strip() == "idle"):
            return None
        return f"Slurm does not come up: {self.last_words()}"

    def begin(self, program, *words):
        with open(self.path(f"{program}.out"), "w") as file:
            self.processes.append(subprocess.Popen([self.find(program), *words], stdout=file, stderr=file,
                                                   env=self.environment, cwd=self.folder))

    def wait_for(self, what):
        """Until it is so; FALSE once a daemon or patience has ended."""
        for _ in range(PATIENCE * 5):
            if what():
                return True
            if any(process.poll() is not None for process in self.processes):
                return False
            time.sleep(0.2)
        return False

    def run(self, *words, timeout=PATIENCE):
        return subprocess.run(words, capture_output=True, text=True, env=self.environment, cwd=self.folder,
                              timeout=timeout)

    def last_words(self):
        said = []
        for name in sorted(os.listdir(self.folder)):
            if name.endswith((".out", ".log")):
                with open(self.path(name), errors="replace") as file:
                    said += [f"{name}: {line.strip()}" for line in file.readlines()[-1:]]
        return " | ".join(said)

    def end(self):
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
