"""How often Python looks for garbage in processes that live long."""

import gc


def settle(*_sent: object, **_with: object) -> None:
    """Leave alone what lives as long as the process, and look for cycles a tenth as often.

    To be called once everything is loaded. Thousands of rows in one request otherwise set off
    search after search through all modules: a seventh of the time of writing 10,000 values.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
