"""What the parameters of a list mean, told by names and types: its filters, orders and pages."""

from .filtering import items_of
from .ordering import Order
from .paging import Paging
from .query import Query, query_of

__all__ = ["Order", "Paging", "Query", "items_of", "query_of"]
