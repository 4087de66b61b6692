"""Addresses of indicators and of the values observed."""

from django.urls import path

from indicators.views import pages

urlpatterns = [
    path("indicators/", pages.indicators, name="indicators"),
    path("indicators/<slug:code>/", pages.indicator, name="indicator"),
    path("indicators/<slug:code>/observe/", pages.observe, name="indicator-observe"),
    path("observations/<int:pk>/<slug:verb>/", pages.step, name="observation-step"),
]
