"""What the team edits here: its own texts."""

from collectievekracht.pages.admin import texts as texts
