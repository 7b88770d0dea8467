"""The five labs that the platform began with."""

from django.db import migrations

LABS = (
    (
        "science",
        "Sciencelab",
        "Science Lab",
        "Onderzoekers denken mee en delen wat ze weten.",
        "Researchers think along and share what they know.",
        ["nl", "be_vlg"],
    ),
    (
        "finance",
        "Financelab",
        "Finance Lab",
        "Banken, fondsen en andere geldgevers helpen met geldvragen in Nederland.",
        "Banks, funds and other funders help with money questions in the Netherlands.",
        ["nl"],
    ),
    (
        "government",
        "Overheidslab",
        "Government Lab",
        "Ambtenaren helpen je de weg te vinden bij de Nederlandse overheid.",
        "Civil servants help you find your way in Dutch government.",
        ["nl"],
    ),
    (
        "network",
        "Netwerklab",
        "Network Lab",
        "Koepels en netwerken brengen collectieven met elkaar in contact.",
        "Umbrellas and networks bring collectives together.",
        ["nl", "be_vlg"],
    ),
    (
        "supporters",
        "Supporterslab",
        "Supporters Lab",
        "Mensen die collectieven ondersteunen, helpen je op weg.",
        "People who support collectives help you along.",
        ["nl", "be_vlg"],
    ),
)


def add_labs(apps, schema_editor):
    lab = apps.get_model("labs", "Lab")
    for position, (code, nl, en, purpose_nl, purpose_en, countries) in enumerate(LABS):
        lab.objects.update_or_create(
            code=code,
            defaults={
                "nl": nl,
                "en": en,
                "purpose_nl": purpose_nl,
                "purpose_en": purpose_en,
                "countries": countries,
                "position": position,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("labs", "0001_initial")]
    operations = [migrations.RunPython(add_labs, migrations.RunPython.noop)]
