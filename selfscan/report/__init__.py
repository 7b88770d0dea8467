"""The feedback report: a view-model, then HTML, then PDF. `selfscan.reports` is its face."""
