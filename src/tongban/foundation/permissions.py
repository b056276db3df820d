"""What people call permissions, so that a refusal can name the one that is missing.

The code is what programs ask for; which permissions there are is known higher up, where roles are.
"""

from collections.abc import Mapping

_names: dict[str, str] = {}


def name_permissions(names: Mapping[str, str]) -> None:
    """Say what people call these permissions: names, which are message keys, by code."""
    _names.update(names)


def permission_name(permission: str) -> str:
    """Return what people call a permission, or its code where nobody has said."""
    return _names.get(permission, permission)
