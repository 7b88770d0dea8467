"""Machinery that every app uses: promises, mail, audit trail, disclosure gate, storage."""
