"""The container has no more rights than the service and Chromium's own sandbox need."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
OURS = ("lens-rx", "web-1", "web-2", "worker-1", "worker-2")
#: Calls by which Chromium's sandbox is set up; Docker's own profile allows none of them without more rights.
NAMESPACES = {"clone", "unshare", "chroot"}
#: Calls of which each has led out of a container, or looks into other processes.
FORBIDDEN = set(
    """mount umount2 pivot_root setns move_mount open_tree fsopen fsmount ptrace process_vm_readv process_vm_writev
    pidfd_getfd kcmp bpf perf_event_open userfaultfd keyctl add_key request_key init_module finit_module delete_module
    kexec_load reboot swapon open_by_handle_at name_to_handle_at io_uring_setup settimeofday clock_settime iopl ioperm
    syslog acct quotactl fanotify_init""".split()
)


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]


@pytest.fixture(scope="module")
def allowed() -> set[str]:
    rules = json.loads((ROOT / "chromium-seccomp.json").read_text())["syscalls"]
    assert {rule["action"] for rule in rules} == {"SCMP_ACT_ALLOW"}
    return {name for rule in rules for name in rule["names"]}


@pytest.mark.parametrize("name", OURS)
def test_each_node_is_closed(services: dict[str, Any], name: str):
    """No capability, no way to gain any, nothing to write to but the data and a directory in memory."""
    service = services[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["seccomp=chromium-seccomp.json", "no-new-privileges:true"]
    assert service["read_only"] is True
    assert [it.partition(":")[0] for it in service["tmpfs"]] == ["/tmp"]  # the container's
    assert not {"privileged", "cap_add", "pid", "network_mode", "ipc", "user"} & set(service)
    assert all(volume.startswith("lens-rx-data:") for volume in service.get("volumes", ()))


def test_the_profile_allows_the_sandbox_and_little_else(allowed: set[str]):
    """What is not allowed fails; Chromium's sandbox can be set up, and nothing that leads out of a container."""
    profile = json.loads((ROOT / "chromium-seccomp.json").read_text())
    assert profile["defaultAction"] == "SCMP_ACT_ERRNO"
    assert allowed >= NAMESPACES
    assert allowed & FORBIDDEN == set()
    assert allowed >= {"seccomp", "prctl", "futex", "execve", "socket", "memfd_create", "pidfd_open", "rseq"}


def test_the_image_runs_as_an_ordinary_user():
    """The image's last user is not root, and nothing switches Chromium's sandbox off."""
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")][-1] == "USER lens"
    assert "SANDBOX=false" not in "\n".join(lines)
    assert "no-sandbox" not in "\n".join(lines)
