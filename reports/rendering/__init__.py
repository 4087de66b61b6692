"""Render reports as DOCX and PDF in the layout of official documents."""
