"""A process that has imported the program and forks one for each command it is asked for.

It is asked over the socket whose descriptor is its argument: one message for one command, with the
command's three streams and a socket for the answer. It ends when the test process does.
"""

from __future__ import annotations

import array
import contextlib
import faulthandler
import gc
import importlib
import importlib.util
import json
import os
import pkgutil
import socket
import struct
import sys
import threading
from typing import Any

import launchready_tui
from launchready_tui import __main__ as entry

LARGEST = 1 << 18
"""Bytes of a message: the arguments and the environment of one command."""

ANSWER = struct.Struct("i")
"""First the process's id, then its exit code, as `subprocess` counts: a signal is negative."""

LATE = (
    "click._textwrap", "encodings.utf_8_sig", "icalendar", "platformdirs.unix", "tomli_w",
)  # fmt: skip
"""What is imported when it is needed: by hand, because nothing imports it at its top."""


def load() -> None:
    """Import what commands import. What this leaves out is imported by each of them, and slower."""
    for found in pkgutil.walk_packages(launchready_tui.__path__, "launchready_tui."):
        if not found.name.startswith(("launchready_tui.demo", "launchready_tui.__main__")):
            importlib.import_module(found.name)
    for name in LATE:
        importlib.import_module(name)
    if importlib.util.find_spec("kingfisher_sdk"):
        importlib.import_module("kingfisher_sdk")
    assert threading.active_count() == 1, "a process with threads cannot be forked"


def asked(control: socket.socket) -> tuple[bytes, list[int]]:
    """The next message, empty at the end, with its descriptors, which no program inherits."""
    room = socket.CMSG_SPACE(4 * array.array("i").itemsize)
    message, ancillary, _, _ = control.recvmsg(LARGEST, room, socket.MSG_CMSG_CLOEXEC)
    descriptors = array.array("i")
    for _, _, data in ancillary:
        descriptors.frombytes(data)
    return message, list(descriptors)


def watch(pid: int, answer: socket.socket) -> None:
    """Tell the process's id and, when it has ended, its exit code."""
    answer.sendall(ANSWER.pack(pid))
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(BrokenPipeError):  # who asked has given up waiting
        answer.sendall(ANSWER.pack(os.waitstatus_to_exitcode(status)))


def become(command: dict[str, Any], streams: list[int]) -> None:
    """Take over what a process is given at its start, and run the program as `-m` would."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(command["cwd"])
    os.environ.clear()
    os.environ.update(command["env"])
    sys.argv = [str(entry.__file__), *command["args"]]
    entry.main()


def reap() -> None:
    """Let go of watchers that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def serve(control: socket.socket) -> None:
    """Fork until nobody asks any more. Returns in the parent, and in each command's process."""
    while True:
        message, descriptors = asked(control)
        if not message:
            return None
        if os.fork() == 0:
            control.close()
            *streams, last = descriptors
            answer = socket.socket(fileno=last)
            pid = os.fork()
            if pid:
                watch(pid, answer)
                os._exit(0)
            answer.close()
            return become(json.loads(message), streams)
        for descriptor in descriptors:
            os.close(descriptor)
        reap()


if __name__ == "__main__":
    faulthandler.enable()
    load()
    gc.freeze()
    serve(socket.socket(fileno=int(sys.argv[1])))
