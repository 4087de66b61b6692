"""What gunicorn serves in the walks: the portal as it is, on a queue of jobs of its own."""

from config.wsgi import application
from tests.jobs.app import app  # sends and takes jobs under TEST_QUEUE

__all__ = ["app", "application"]
