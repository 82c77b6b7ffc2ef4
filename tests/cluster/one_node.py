# SPDX-License-Identifier: GPL-3.0-or-later
"""A Slurm of one node on loopback, in a folder of its own: no service of the machine is used or touched."""
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import time

# What is looked for on the PATH, and the Debian package that has it.
NEEDED = {"munged": "munge", "mungekey": "munge", "slurmctld": "slurmctld", "slurmd": "slurmd",
          "sbatch": "slurm-client", "srun": "slurm-client", "sinfo": "slurm-client"}
CPUS = 4  # that the node claims to have: jobs may share the real ones
PATIENCE = 30

CONFIG = """\
ClusterName=one
SlurmctldHost={host}(127.0.0.1)
NodeName=one NodeHostname={host} NodeAddr=127.0.0.1 Port={node_port} CPUs={cpus} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP MaxTime=5
SlurmctldPort={master_port}
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
AuthType=auth/munge
AuthInfo=socket={root}/munge.socket
CredType=cred/munge
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={root}/state
SlurmdSpoolDir={root}/spool
SlurmctldPidFile={root}/slurmctld.pid
SlurmdPidFile={root}/slurmd.pid
SlurmctldLogFile={root}/slurmctld.log
SlurmdLogFile={root}/slurmd.log
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,sched_min_interval=0
KillWait=5
"""


def search_path():
    """The PATH with the folders of daemons, which a user's may lack."""
    return os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def missing_packages():
    return sorted({package for program, package in NEEDED.items() if not shutil.which(program, path=search_path())})


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class OneNode:
    """start(), then run("sbatch", ...), and in any case stop()."""

    def __init__(self, folder):
        self.root = pathlib.Path(folder)
        self.daemons = []
        self.env = {**os.environ, "PATH": search_path(), "SLURM_CONF": str(self.root / "slurm.conf")}

    def start(self):
        # munged wants folders that nobody else can write to, and a short path for its socket.
        self.root.chmod(0o755)
        for name in ("state", "spool"):
            (self.root / name).mkdir()
        master_port, node_port = free_ports(2)
        host = socket.gethostname().split(".")[0]
        (self.root / "slurm.conf").write_text(CONFIG.format(
            host=host, cpus=CPUS, master_port=master_port, node_port=node_port, root=self.root,
            user=pwd.getpwuid(os.getuid()).pw_name))
        subprocess.run(["mungekey", "--create", f"--keyfile={self.root}/munge.key"], env=self.env, check=True)
        self.daemon("munged", "--foreground", f"--key-file={self.root}/munge.key",
                    f"--socket={self.root}/munge.socket", f"--pid-file={self.root}/munge.pid",
                    f"--seed-file={self.root}/munge.seed", "--num-threads=2")
        self.wait_for("munged", lambda: (self.root / "munge.socket").exists())
        self.daemon("slurmctld", "-D", "-c")
        self.daemon("slurmd", "-D", "-N", "one")
        self.wait_for("the node", lambda: "idle" in self.run("sinfo", "-h", "-o", "%t", check=False).stdout)

    def daemon(self, *command):
        with open(self.root / f"{command[0]}.out", "w", encoding="utf-8") as out:
            # A session of its own, so that all that it starts can be ended with it; and it ends with us, however we end.
            self.daemons.append(subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *command], env=self.env, cwd=self.root,
                                                 stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                                 start_new_session=True))

    def stop(self):
        if (self.root / "slurm.conf").exists() and len(self.daemons) == 3:
            self.run("scancel", f"--user={pwd.getpwuid(os.getuid()).pw_name}", check=False)
            try:
                self.wait_for("jobs to end", lambda: not self.run("squeue", "-h", check=False).stdout.strip())
            except RuntimeError:
                pass
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in reversed(self.daemons):
            try:
                daemon.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(daemon.pid, 9)
                daemon.wait()
        self.daemons.clear()

    def run(self, *command, check=True, cwd=None, **env):
        """Gives what subprocess.run gives."""
        done = subprocess.run(command, env={**self.env, **env}, cwd=cwd or self.root, text=True, timeout=60,
                              stdin=subprocess.DEVNULL, capture_output=True)
        if check and done.returncode != 0:
            raise RuntimeError(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def wait_for(self, what, condition, patience=PATIENCE):
        until = time.monotonic() + patience
        while not condition():
            if time.monotonic() > until:
                raise RuntimeError(f"waited {patience} s for {what}\n{self.logs()}")
            time.sleep(0.1)

    def logs(self):
        """The ends of what the daemons have written."""
        return "".join(f"--- {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-30:]) + "\n"
                       for path in sorted([*self.root.glob("*.log"), *self.root.glob("*.out")]))
