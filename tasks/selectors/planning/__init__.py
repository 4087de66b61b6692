"""The year's tasks as their pages, the grid and table A show them."""
