"""The working pages, in folders of the same names as in selectors, services and templates."""
