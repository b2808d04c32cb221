"""Owns the name of the Secret Service on the desktop bus and answers nothing: a hung keyring."""

from __future__ import annotations

import contextlib

from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection

connection = open_dbus_connection(bus="SESSION")
bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
name = new_method_call(bus, "RequestName", "su", ("org.freedesktop.secrets", 4))
connection.send_and_get_reply(name)
with contextlib.suppress(OSError, EOFError):
    while True:
        connection.receive()
