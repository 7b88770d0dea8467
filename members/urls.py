"""Addresses of directory, profiles and map."""

from django.urls import path

from members import feeds, views

app_name = "members"
urlpatterns = [
    path("collectieven/", views.directory, name="directory"),
    path("collectieven/collectieven.csv", views.directory_csv, name="directory_csv"),
    path("collectieven/feed/", feeds.new_collectives, name="feed"),
    path("collectieven/<slug:slug>/", views.profile, name="profile"),
    path("collectieven/<slug:slug>/contact/", views.contact, name="contact"),
    path("collectieven/<slug:slug>/toegang/", views.request_access, name="request_access"),
    path("kaart/", views.map_page, name="map"),
    path("kaart/pins.geojson", views.map_pins, name="map_pins"),
    path("kaart/embed/", views.map_embed, name="map_embed"),
]
