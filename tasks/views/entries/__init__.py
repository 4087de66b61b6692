"""Filling in, checking and submitting, 审签, 核对, table B."""
