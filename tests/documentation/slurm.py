"""A SLURM of the tests: a real controller and two nodes on this machine, which end with the block that asked for them.

SLURM counts the cores and the memory that its configuration names; the nodes share those of this machine.
"""

from __future__ import annotations

import getpass
import os
import platform
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

SETUP = Path(__file__).parents[2] / ".ci" / "slurm"
NODES = ("east", "west")
SECONDS = 60
CONFIGURATION = """\
ClusterName=tests
SlurmctldHost={host}
SlurmctldPort={port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
{nodes}
PartitionName=all Nodes=ALL Default=YES State=UP
"""
NODE = "NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=16 RealMemory=65536"


@contextmanager
def slurm() -> Iterator[Mapping[str, str]]:
    """Start it and give the variables by which its commands find it; sbatch then waits for its job."""
    subprocess.run([SETUP], check=True)
    folder = Path(tempfile.mkdtemp(prefix="slurm-"))  # a socket's path must be short
    folder.chmod(0o755)
    configuration = folder / "slurm.conf"
    configuration.write_text(_configuration(folder), encoding="utf-8")
    (folder / "state").mkdir()
    (folder / "munge.key").touch(0o600)
    (folder / "munge.key").write_bytes(secrets.token_bytes(1024))
    found = {"SLURM_CONF": str(configuration)}
    with ExitStack() as ends:
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        files = [f"--{name}={folder}/munge.{name[:-5]}" for name in ("pid-file", "log-file", "seed-file")]
        key = [f"--key-file={folder}/munge.key", f"--socket={folder}/munge.socket"]
        ends.enter_context(_going(["munged", "--foreground", "--force", *key, *files], found))
        ends.enter_context(_going(["slurmctld", "-D", "-c"], found))
        for name in NODES:
            (folder / f"spool-{name}").mkdir()
            ends.enter_context(_going(["slurmd", "-D", "-N", name], found))
        _await_nodes(found, folder)
        yield {**found, "SBATCH_WAIT": "1"}


def _configuration(folder: Path) -> str:
    host, (port, *ports) = platform.node(), _free_ports(1 + len(NODES))
    nodes = "\n".join(NODE.format(name=name, host=host, port=of) for name, of in zip(NODES, ports, strict=True))
    return CONFIGURATION.format(host=host, port=port, user=getpass.getuser(), folder=folder, nodes=nodes)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as ends:
        sockets = [ends.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


@contextmanager
def _going(words: list[str], variables: Mapping[str, str]) -> Iterator[None]:
    """A daemon, in the foreground, with its end."""
    program = shutil.which(words[0], path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin{os.pathsep}/sbin")
    assert program is not None, words[0]
    process = subprocess.Popen(
        [program, *words[1:]], env={**os.environ, **variables}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_nodes(variables: Mapping[str, str], folder: Path) -> None:
    """Until both nodes are idle."""
    since = time.monotonic()
    while True:
        told = subprocess.run(
            ["sinfo", "--noheader", "--Node", "--format=%t"], env={**os.environ, **variables}, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        if told.stdout.split() == ["idle"] * len(NODES):
            return
        logs = "\n".join(path.read_text(errors="replace")[-2000:] for path in folder.glob("*.log"))
        assert time.monotonic() - since < SECONDS, f"{told.stdout}\n{told.stderr}\n{logs}"
        time.sleep(0.2)
