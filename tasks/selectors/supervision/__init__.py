"""领导要求 and 督办件 as their pages and table D show them."""
