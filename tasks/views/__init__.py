"""The working pages: filling in, checking and submitting, 核对, the year's tasks, periods."""
