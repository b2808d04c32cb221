"""The scan engine of this process: built once and early, for compiling its rules takes time.

A wizard begins with it when a sprint is opened, in a daemon thread: the screen stays free, and who
asks for the engine first waits only for what is left.
"""

from __future__ import annotations

import threading

from launchready_tui.secretscan.engine import Engine, best

_begun = threading.Lock()
_done = threading.Event()
_thread: threading.Thread | None = None
_built: Engine | BaseException | None = None


def prepare() -> None:
    """Begin to build it, once a process; returns at once."""
    global _thread
    with _begun:
        if _thread is None:
            _thread = threading.Thread(target=_build, name="scan engine", daemon=True)
            _thread.start()


def preparing() -> bool:
    """Whether it is being built right now."""
    return _thread is not None and not _done.is_set()


def engine() -> Engine:
    """The engine, waited for. Raises what broke it."""
    prepare()
    _done.wait()
    if isinstance(_built, BaseException):
        raise _built
    assert _built is not None
    return _built


def _build() -> None:
    global _built
    try:
        _built = best()
    except BaseException as error:  # a panic of compiled code is no Exception
        _built = error
    finally:
        _done.set()
