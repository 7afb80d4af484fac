"""A throw-away PostgreSQL with PostGIS, for the oracle and for the benchmark."""
import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile


class Cluster:
    """A throw-away cluster behind a socket in a temporary folder. It refuses root, so root borrows `postgres`."""

    def __init__(self, *settings):
        self.settings = settings

    def __enter__(self):
        self.bin = pathlib.Path(subprocess.check_output(["pg_config", "--bindir"], text=True).strip()) if shutil.which("pg_config") else None
        if not self.bin or not list(self.bin.glob("initdb")):
            self.bin = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="cluster-", dir="/tmp"))
        self.user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.user:
            shutil.chown(self.root, "postgres")
        self.run("initdb", "-D", self.root / "data", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C")
        self.run("pg_ctl", "-D", self.root / "data", "-w", "-l", self.root / "log", "-o", " ".join(["-k", str(self.root), "-c listen_addresses= -c fsync=off", *(f"-c {s}" for s in self.settings)]), "start")
        self.sql("CREATE EXTENSION postgis")
        return self

    def __exit__(self, *_):
        with contextlib.suppress(subprocess.CalledProcessError):
            self.run("pg_ctl", "-D", self.root / "data", "-m", "immediate", "stop")
        shutil.rmtree(self.root, ignore_errors=True)

    def run(self, tool, *args):
        subprocess.run([*self.user, str(self.bin / tool), *map(str, args)], check=True, cwd="/tmp", stdout=subprocess.DEVNULL)

    def sql(self, text):
        answer = subprocess.run(
            [*self.user, str(self.bin / "psql"), "-h", str(self.root), "-U", "postgres", "-qXAt", "-v", "ON_ERROR_STOP=1"],
            input=text, text=True, check=True, cwd="/tmp", stdout=subprocess.PIPE)
        return answer.stdout.splitlines()
