"""One request and its answer, and the two ways to a server; the only room that does HTTP."""

from .application import application, made
from .asgi import Asgi, AsgiExchange, Message, Receive, Send
from .http import HttpExchange
from .records import Answer, Exchange, NotReached, Request
from .refreshed import Fields, Refreshed

__all__ = [
    "Answer",
    "Asgi",
    "AsgiExchange",
    "Exchange",
    "Fields",
    "HttpExchange",
    "Message",
    "NotReached",
    "Receive",
    "Refreshed",
    "Request",
    "Send",
    "application",
    "made",
]
