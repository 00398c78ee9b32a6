"""API keys: their rights, and their values, which follow from the master key and the uid of the key."""

import fnmatch
import hashlib
import hmac
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.support.meilisearch.errors import ApiError
from tests.support.meilisearch.shapes import Shape, checked, optional, required, text, texts

ACTIONS = frozenset(
    [
        "*",
        "search",
        "documents.*",
        "documents.add",
        "documents.get",
        "documents.delete",
        "indexes.*",
        "indexes.create",
        "indexes.get",
        "indexes.update",
        "indexes.delete",
        "indexes.swap",
        "tasks.*",
        "tasks.cancel",
        "tasks.delete",
        "tasks.get",
        "settings.*",
        "settings.get",
        "settings.update",
        "stats.*",
        "stats.get",
        "metrics.*",
        "metrics.get",
        "dumps.*",
        "dumps.create",
        "snapshots.*",
        "snapshots.create",
        "version",
        "keys.create",
        "keys.get",
        "keys.update",
        "keys.delete",
    ]
)
NEW_KEY: Shape = {
    "uid": (lambda uid: text(uid) and _is_uuid(uid), "invalid_api_key_uid"),
    "name": (optional(text), "invalid_api_key_name"),
    "description": (optional(text), "invalid_api_key_description"),
    "actions": (lambda given: texts(given) and ACTIONS.issuperset(given), "invalid_api_key_actions"),
    "indexes": (texts, "invalid_api_key_indexes"),
    "expiresAt": (optional(text), "invalid_api_key_expires_at"),
}


class Keys:
    """The keys of a server with a master key."""

    def __init__(self, master: str) -> None:
        self._master = master
        self._keys: dict[str, dict[str, Any]] = {}

    def create(self, body: Any) -> dict[str, Any]:
        given = checked(body, NEW_KEY)
        missing = (("actions", "actions"), ("indexes", "indexes"), ("expiresAt", "expires_at"))
        required(given, *((name, f"missing_api_key_{code}") for name, code in missing))
        uid = given.get("uid", str(uuid.uuid4()))
        if uid in self._keys:
            raise ApiError("api_key_already_exists", f"`uid` field value `{uid}` is already an existing API key.")
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        key = {"name": None, "description": None, **given, "uid": uid, "key": value(self._master, uid)}
        self._keys[uid] = {**key, "createdAt": now, "updatedAt": now}
        return self._keys[uid]

    def find(self, key_or_uid: str) -> dict[str, Any]:
        for key in self._keys.values():
            if key_or_uid in (key["uid"], key["key"]):
                return key
        raise ApiError("api_key_not_found", f"API key `{key_or_uid}` not found.")

    def delete(self, key_or_uid: str) -> None:
        del self._keys[self.find(key_or_uid)["uid"]]

    def rights(self, headers: Mapping[str, str], action: str) -> list[str]:
        """The patterns of indexes on which the caller may do this."""
        scheme, _, key = (headers.get("Authorization") or "").partition(" ")
        if scheme != "Bearer" or not key:
            raise ApiError(
                "missing_authorization_header",
                "The Authorization header is missing. It must use the bearer authorization method.",
            )
        if hmac.compare_digest(key, self._master):
            return ["*"]
        for known in self._keys.values():
            if known["key"] == key and {action, action.split(".", maxsplit=1)[0] + ".*", "*"} & set(known["actions"]):
                return list(known["indexes"])
        raise refused()


def refused() -> ApiError:
    return ApiError("invalid_api_key", "The provided API key is invalid.")


def authorised(patterns: list[str], uid: str) -> bool:
    return any(fnmatch.fnmatchcase(uid, pattern) for pattern in patterns)


def value(master: str, uid: str) -> str:
    return hmac.new(master.encode(), uid.encode(), hashlib.sha256).hexdigest()


def _is_uuid(given: str) -> bool:
    try:
        return str(uuid.UUID(given)) == given
    except ValueError:
        return False
