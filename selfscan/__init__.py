"""The self-scan: instrument, pages, scores, report and benchmark."""
