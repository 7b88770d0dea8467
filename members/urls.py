"""Addresses of directory, profiles and map."""

from django.urls import path

from members import feeds
from members.views import (
    abuse,
    alike,
    directory,
    my_data,
    notifications,
    offers,
    on_map,
    own_page,
    people,
    persons,
    profile,
    still_right,
)

app_name = "members"
urlpatterns = [
    path("collectieven/", directory.directory, name="directory"),
    path("collectieven/collectieven.csv", directory.directory_csv, name="directory_csv"),
    path("collectieven/feed/", feeds.new_collectives, name="feed"),
    path("collectieven/<slug:slug>/", profile.profile, name="profile"),
    path("collectieven/<slug:slug>/contact/", profile.contact, name="contact"),
    path("collectieven/<slug:slug>/klopt/<str:token>/", still_right.still_right, name="still_right"),
    path("collectieven/<slug:slug>/toegang/", profile.request_access, name="request_access"),
    path("mijn/collectief/<slug:slug>/pagina/", own_page.edit, name="own_page"),
    path("mijn/collectief/<slug:slug>/pagina/terug/", own_page.take_back, name="take_back"),
    path("mijn/collectief/<slug:slug>/kaart/", own_page.pin, name="own_pin"),
    path("mijn/collectief/<slug:slug>/toestemming/", own_page.agreements, name="own_consents"),
    path("mijn/collectief/<slug:slug>/activiteit/", own_page.activity, name="activity"),
    path("mijn/collectief/<slug:slug>/klopt/", still_right.say_still_right, name="say_still_right"),
    path("mijn/collectief/<slug:slug>/aanbod/", offers.offers, name="offers"),
    path("mijn/collectief/<slug:slug>/aanbod/nieuw/", offers.add, name="offer_add"),
    path("mijn/collectief/<slug:slug>/aanbod/<int:pk>/", offers.change, name="offer_change"),
    path("mijn/collectief/<slug:slug>/aanbod/<int:pk>/sluiten/", offers.close, name="offer_close"),
    path("mijn/collectief/<slug:slug>/mensen/", people.people, name="people"),
    path("mijn/collectief/<slug:slug>/mensen/<int:pk>/", people.membership, name="membership"),
    path("mijn/collectief/<slug:slug>/mensen/verzoek/<int:pk>/", people.join_request, name="join_request"),
    path("mijn/collectief/<slug:slug>/mensen/uitnodigen/", people.invite_colleague, name="invite_colleague"),
    path("mijn/collectief/<slug:slug>/mensen/vertrekken/", people.leave, name="leave"),
    path("mijn/collectief/<slug:slug>/stoppen/", people.close, name="close"),
    path("mijn/collectief/<slug:slug>/zoals-wij/", alike.alike, name="alike"),
    path("mijn/collectief/<slug:slug>/zoals-wij/<slug:other>/", alike.write, name="alike_write"),
    path("mijn/profiel/", persons.my_profile, name="my_profile"),
    path("mijn/profiel/foto/", persons.my_photo, name="my_photo"),
    path("mensen/<slug:handle>/", persons.person, name="person"),
    path("mensen/<slug:handle>/foto/", persons.person_photo, name="person_photo"),
    path("uitnodiging/collectief/<str:token>/", people.invitation, name="invitation"),
    path("mijn/meldingen/", notifications.notifications, name="notifications"),
    path("mijn/meldingen/<int:pk>/", notifications.notification, name="notification"),
    path("mijn/gegevens/", my_data.my_data, name="my_data"),
    path("mijn/gegevens/kopie/", my_data.ask_copy, name="ask_copy"),
    path("mijn/gegevens/kopieen/", my_data.copies_of_mine, name="copies"),
    path("mijn/gegevens/kopie/<str:token>/", my_data.copy, name="copy"),
    path(
        "mijn/gegevens/toestemming/<slug:source>/<slug:key>/",
        my_data.withdraw_consent,
        name="withdraw_consent",
    ),
    path("mijn/gegevens/verwijderen/", my_data.erase, name="erase"),
    path(
        "mijn/gegevens/verwijderen/bevestigen/<str:token>/", my_data.confirm_erasure, name="confirm_erasure"
    ),
    path("mijn/gegevens/verwijderen/terug/<str:token>/", my_data.take_back_erasure, name="take_back_erasure"),
    path("mijn/gegevens/meldingen/", notifications.choices, name="notification_choices"),
    path("melden/", abuse.report, name="report_abuse"),
    path("kaart/", on_map.map_page, name="map"),
    path("kaart/pins.geojson", on_map.map_pins, name="map_pins"),
    path("kaart/embed/", on_map.map_embed, name="map_embed"),
]
