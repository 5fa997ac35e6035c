"""One request and its answer, and the two ways to a server; the only room that does HTTP."""

from .asgi import Asgi, AsgiExchange, Message, Receive, Send
from .http import HttpExchange
from .log import Entry, Log, Total
from .recording import RecordedExchange, Recorder, asked_by
from .records import Answer, Exchange, NotReached, Request

__all__ = [
    "Answer",
    "Asgi",
    "AsgiExchange",
    "Entry",
    "Exchange",
    "HttpExchange",
    "Log",
    "Message",
    "NotReached",
    "Receive",
    "RecordedExchange",
    "Recorder",
    "Request",
    "Send",
    "Total",
    "asked_by",
]
