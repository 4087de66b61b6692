"""Addresses of indicators and of the values observed."""

from django.urls import path

from indicators.views import below, catalogue, grid, observations, pages, sheets, targets

urlpatterns = [
    path("indicators/", pages.indicators, name="indicators"),
    path("indicators/catalogue/", catalogue.catalogue, name="catalogue"),
    path("indicators/catalogue/new/", catalogue.new, name="indicator-new"),
    path("indicators/catalogue/file/", catalogue.from_file, name="indicators-file"),
    path("indicators/catalogue/template/", catalogue.template, name="indicators-template"),
    path("indicators/sheets/", sheets.files, name="indicator-sheets"),
    path("indicators/sheets/<int:pk>/", sheets.sheet, name="indicator-sheet"),
    path("indicators/sheets/<int:pk>/apply/", sheets.apply, name="indicator-sheet-apply"),
    path("indicators/table-c/", sheets.table_c, name="indicator-table-c"),
    path("indicators/tidy/", sheets.tidy, name="indicator-tidy"),
    path("indicators/<slug:code>/", pages.indicator, name="indicator"),
    path("indicators/<slug:code>/observe/", pages.observe, name="indicator-observe"),
    path("indicators/<slug:code>/grid/", grid.typing, name="indicator-grid"),
    path("indicators/<slug:code>/below/", below.places, name="indicator-below"),
    path("indicators/<slug:code>/definition/", catalogue.definition, name="indicator-definition"),
    path("targets/new/", targets.new, name="target-new"),
    path("targets/<int:pk>/", targets.target, name="target"),
    path("targets/<int:pk>/withdraw/", targets.withdraw, name="target-withdraw"),
    path("observations/", observations.waiting, name="observations"),
    path("observations/many/<slug:verb>/", observations.many, name="observations-many"),
    path("observations/<int:pk>/", observations.observation, name="observation"),
    path("observations/<int:pk>/answer/", observations.answer, name="observation-answer"),
    path("observations/<int:pk>/<slug:verb>/", observations.step, name="observation-step"),
]
