"""Addresses of indicators and of the values observed."""

from django.urls import path

from indicators import views

urlpatterns = [
    path("indicators/", views.indicators, name="indicators"),
    path("indicators/<slug:code>/", views.indicator, name="indicator"),
    path("indicators/<slug:code>/observe/", views.observe, name="indicator-observe"),
    path("observations/<int:pk>/<slug:verb>/", views.step, name="observation-step"),
]
