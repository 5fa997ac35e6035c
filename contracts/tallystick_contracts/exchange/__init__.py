"""One request and its answer, and the two ways to a server; the only room that does HTTP."""

from .asgi import Asgi, AsgiExchange, Message, Receive, Send
from .http import HttpExchange
from .records import Answer, Exchange, NotReached, Request

__all__ = [
    "Answer",
    "Asgi",
    "AsgiExchange",
    "Exchange",
    "HttpExchange",
    "Message",
    "NotReached",
    "Receive",
    "Request",
    "Send",
]
