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
from members.models.exchange import CollectiveTraits, Contribution, ServiceOffer
from members.models.imports import ImportBatch, ImportedCollective, ImportLine
from members.models.people import JoinRequest, Membership, User, UserManager
from members.models.persons import DataExport, Erasure, Notification, NotificationChoice, PersonalProfile
from members.models.work import AbuseReport, WorkItem

__all__ = [
    "AbuseReport",
    "Collective",
    "CollectiveProfile",
    "CollectiveTraits",
    "Consent",
    "ContactMessage",
    "Contribution",
    "DataExport",
    "DirectoryEntry",
    "Erasure",
    "ImportBatch",
    "ImportLine",
    "ImportedCollective",
    "JoinRequest",
    "MapBits",
    "MapCell",
    "MapPin",
    "MapPlace",
    "Membership",
    "Notification",
    "NotificationChoice",
    "PersonalProfile",
    "ServiceOffer",
    "StateChange",
    "Term",
    "User",
    "UserManager",
    "WorkItem",
]
