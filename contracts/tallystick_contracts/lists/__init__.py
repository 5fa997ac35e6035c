"""What the parameters of a list mean, told by names and types: its filters, orders and pages."""

from .filtering import chosen_by, items_of
from .ordering import Order, orders
from .paging import Paging, paging

__all__ = ["Order", "Paging", "chosen_by", "items_of", "orders", "paging"]
