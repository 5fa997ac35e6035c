"""The mask, which stands below the target since that masks too."""

from ..mask import Mask

__all__ = ["Mask"]
