"""What the team edits here: its own texts, and its campaigns."""

from collectievekracht.pages.admin import campaigns as campaigns
from collectievekracht.pages.admin import texts as texts
