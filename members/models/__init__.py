"""People, collectives, the team's work, and what directory and map read."""

from members.models.collectives import (
    Collective,
    CollectiveProfile,
    Consent,
    ContactMessage,
    MapPin,
    StateChange,
    Term,
)
from members.models.directory import DirectoryEntry, MapBits, MapCell, MapPlace
from members.models.imports import ImportBatch, ImportedCollective, ImportLine
from members.models.people import JoinRequest, Membership, User, UserManager
from members.models.work import WorkItem

__all__ = [
    "Collective",
    "CollectiveProfile",
    "Consent",
    "ContactMessage",
    "DirectoryEntry",
    "ImportBatch",
    "ImportLine",
    "ImportedCollective",
    "JoinRequest",
    "MapBits",
    "MapCell",
    "MapPin",
    "MapPlace",
    "Membership",
    "StateChange",
    "Term",
    "User",
    "UserManager",
    "WorkItem",
]
