"""The scripts behind `make`: finding a browser and a Python, and what they say without one."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT
    )


def program(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def find_chromium() -> tuple[str, ...]:
    return sys.executable, str(ROOT / "scripts" / "find_chromium.py")


def test_chromium_by_name(find_chromium, tmp_path):
    browser = program(tmp_path / "mine", "echo Chromium 140")
    done = run(*find_chromium, CHROMIUM=str(browser), PATH="")
    assert (done.returncode, done.stdout) == (0, f"{browser}\n")


def test_chromium_that_does_not_start(find_chromium, tmp_path):
    browser = program(tmp_path / "mine", "exit 1")
    done = run(*find_chromium, CHROMIUM=str(browser), PATH="")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"CHROMIUM={browser} is not a browser that starts: correct it, or leave it out.\n"
    )


def test_chromium_on_the_path_if_it_starts(find_chromium, tmp_path):
    program(tmp_path / "chromium", "exit 1")
    browser = program(tmp_path / "google-chrome", "echo Chrome 140")
    done = run(*find_chromium, PATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (0, f"{browser}\n")


def test_chromium_by_apt_when_root(root, tmp_path, monkeypatch, capfd):
    spec = importlib.util.spec_from_file_location("chromium", root / "scripts" / "find_chromium.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    browser = tmp_path / "chromium"
    apt = f"""
        case "$1" in
            update) ;;
            install) printf '#!/bin/sh\\nexit 0\\n' > {browser}; /bin/chmod 755 {browser} ;;
        esac
    """
    program(tmp_path / "apt-get", apt)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(module.os, "geteuid", lambda: 1000)
    assert module.by_apt() is None
    monkeypatch.setattr(module.os, "geteuid", lambda: 0)
    assert module.by_apt() == str(browser)
    assert capfd.readouterr().out == ""


def test_old_python_is_refused(root, tmp_path):
    old = program(tmp_path / "python3.9", "exit 1")
    script = root / "scripts" / "make_venv.sh"
    done = run("/bin/sh", script, tmp_path / "venv", PYTHON=str(old), PATH="")
    assert (done.returncode, done.stderr) == (
        1,
        f"PYTHON={old} is not a Python 3.11 or newer.\n",
    )


def test_no_python_at_all(root, tmp_path):
    script = root / "scripts" / "make_venv.sh"
    done = run("/bin/sh", script, tmp_path / "venv", PATH=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith("No Python 3.11 or newer found: install one")


def test_python_without_ensurepip(root, tmp_path):
    body = 'case "$2" in *ensurepip*) exit 1;; *print*) echo 3.12;; esac'
    program(tmp_path / "python3.12", body)
    script = root / "scripts" / "make_venv.sh"
    done = run("/bin/sh", script, tmp_path / "venv", PATH=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.endswith("type\n    apt-get install python3.12-venv\n")


@pytest.fixture
def postgis(root, tmp_path, monkeypatch):
    """The script, on a machine whose PostgreSQL, if any, lies in one folder."""
    spec = importlib.util.spec_from_file_location("postgis", root / "scripts" / "find_postgis.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "folders", lambda: iter([tmp_path / "bin"]))
    for name in (module.SERVER, "CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(module.os, "geteuid", lambda: 1000)
    return module


def programs_of_postgres(folder: Path) -> None:
    (folder / "bin").mkdir()
    for name in ("initdb", "pg_isready", "postgres"):
        program(folder / "bin" / name, "")
    program(folder / "bin" / "pg_config", f"echo {folder}/share")
    (folder / "share" / "extension").mkdir(parents=True)


def test_postgres_counts_where_postgis_stands_beside_it(postgis, tmp_path, capsys):
    programs_of_postgres(tmp_path)
    assert postgis.programs() is None
    (tmp_path / "share" / "extension" / "postgis.control").touch()
    postgis.main()
    assert capsys.readouterr().out == f"{tmp_path / 'bin'}\n"
    (tmp_path / "bin" / "initdb").unlink()
    assert postgis.programs() is None


def test_a_server_that_is_named_needs_no_programs(postgis, monkeypatch, capsys):
    monkeypatch.setenv(postgis.SERVER, "postgresql://db.example.org/postgres")
    postgis.main()
    assert capsys.readouterr() == ("", "")


def test_postgis_by_apt_when_root(postgis, tmp_path, monkeypatch, capfd):
    programs_of_postgres(tmp_path)
    control = tmp_path / "share" / "extension" / "postgis.control"
    program(tmp_path / "apt-get", f'case "$*" in *install*{postgis.PACKAGE}) : > {control} ;; esac')
    assert postgis.by_apt() is None
    monkeypatch.setattr(postgis.os, "geteuid", lambda: 0)
    assert postgis.by_apt() == tmp_path / "bin"
    assert capfd.readouterr().out == ""


def test_without_postgis_one_line_says_what_is_left_out(postgis, monkeypatch, capsys):
    postgis.main()
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"{postgis.REMEDY}\n")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SystemExit, match="SQLite alone"):
        postgis.main()
