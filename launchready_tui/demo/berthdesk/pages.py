"""The HTML of Berth desk. Every value passes `escape`."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from .records import STATES, Order

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}"
    "table{width:100%;border-collapse:collapse}td,th{text-align:left;padding:.3rem .5rem;"
    "border-bottom:1px solid #ccc}form{margin:.5rem 0}label{display:block;margin:.4rem 0}"
)


def page(title: str, body: str, *, release: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta name="robots" content="noindex">'
        f"<title>{escape(title)} · Berth desk</title><style>{_STYLE}</style></head>"
        f"<body>{body}<footer><small>Berth desk {escape(release)}</small></footer></body></html>"
    )


def login(release: str, trouble: str = "") -> str:
    told = f"<p role=alert>{escape(trouble)}</p>" if trouble else ""
    return page(
        "Sign in",
        f"<h1>Berth desk</h1>{told}"
        '<form method="post" action="/login">'
        '<label>Name <input name="name" autocomplete="username" required></label>'
        '<label>Password <input name="password" type="password" autocomplete="current-password"'
        " required></label><button>Sign in</button></form>",
        release=release,
    )


def order_list(orders: Iterable[Order], person: str, release: str) -> str:
    rows = "".join(
        f'<tr><td><a href="/orders/{order.id}">{order.id}</a></td><td>{escape(order.title)}</td>'
        f"<td>{escape(order.berth)}</td><td>{escape(order.state)}</td>"
        f"<td>{escape(order.changed_by)}</td></tr>"
        for order in orders
    )
    return page(
        "Work orders",
        f"<h1>Work orders</h1><p>Signed in as {escape(person)}.</p>"
        "<table><tr><th>No.</th><th>Title</th><th>Berth</th><th>State</th><th>By</th></tr>"
        f'{rows}</table><p><a href="/orders/new">New work order</a></p>'
        '<form method="post" action="/logout"><button>Sign out</button></form>',
        release=release,
    )


def order_form(order: Order | None, release: str, trouble: str = "") -> str:
    action = f"/orders/{order.id}" if order else "/orders"
    title, berth = (order.title, order.berth) if order else ("", "")
    states = "".join(
        f"<option{' selected' if order and state == order.state else ''}>{state}</option>"
        for state in STATES
    )
    choice = f'<label>State <select name="state">{states}</select></label>' if order else ""
    told = f"<p role=alert>{escape(trouble)}</p>" if trouble else ""
    delete = (
        f'<form method="post" action="{action}/delete"><button>Delete</button></form>'
        if order
        else ""
    )
    return page(
        f"Work order {order.id}" if order else "New work order",
        f'<h1>Work order</h1>{told}<form method="post" action="{action}">'
        f'<label>Title <input name="title" value="{escape(title)}" required></label>'
        f'<label>Berth <input name="berth" value="{escape(berth)}" required></label>'
        f'{choice}<button>Save</button></form>{delete}<p><a href="/orders">Back</a></p>',
        release=release,
    )
