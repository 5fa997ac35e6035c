"""One request and its answer, and the two ways to a server; the only room that does HTTP."""

from .application import application, made
from .asgi import Asgi, AsgiExchange, Message, Receive, Send
from .http import HttpExchange
from .log import Entry, Log, Total
from .paths import Paths
from .recording import RecordedExchange, Recorder, asked_by
from .records import Answer, Exchange, NotReached, Request, read
from .refreshed import Fields, Refreshed
from .remembered import remembered

__all__ = [
    "Answer",
    "Asgi",
    "AsgiExchange",
    "Entry",
    "Exchange",
    "Fields",
    "HttpExchange",
    "Log",
    "Message",
    "NotReached",
    "Paths",
    "Receive",
    "RecordedExchange",
    "Recorder",
    "Refreshed",
    "Request",
    "Send",
    "Total",
    "application",
    "asked_by",
    "made",
    "read",
    "remembered",
]
