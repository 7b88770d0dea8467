"""Who may join each of the first five labs; the team rewrites it in the admin. Sciencelab members may do research."""

from django.db import migrations


def points(*lines):
    return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"


RULES = {
    "science": (
        points(
            "Je doet onderzoek of geeft onderwijs bij een universiteit, hogeschool of kennisinstelling, of je deed dat tot voor kort.",
            "Je houdt je aan de gedragscode voor wetenschappelijk onderzoek: onafhankelijk, open en na te gaan.",
            "Wat je met collectieven onderzoekt, geef je aan hen terug.",
            "Wil je onderzoek doen met de gegevens van de zelfscan? Dan log je in met een tweede stap.",
        ),
        points(
            "You do research or teach at a university, a university of applied sciences or a knowledge institute, or did so until recently.",
            "You keep to the code of conduct for research: independent, open and verifiable.",
            "What you study with collectives, you give back to them.",
            "Do you want to do research with the data of the self-scan? Then you sign in with a second step.",
        ),
    ),
    "finance": (
        points(
            "Je werkt bij een bank, een fonds, een overheid of een andere geldgever, en weet hoe een aanvraag wordt bekeken.",
            "Je denkt mee over de vraag van het collectief, ook als jouw organisatie er niets aan heeft.",
            "Je verkoopt geen leningen, verzekeringen of advies. Tussenpersonen horen hier niet.",
        ),
        points(
            "You work for a bank, a fund, a public body or another funder, and know how a request is judged.",
            "You think along about the collective's question, also when your organisation has nothing to gain.",
            "You sell no loans, insurance or advice. Intermediaries don't belong here.",
        ),
    ),
    "government": (
        points(
            "Je werkt bij een gemeente, provincie, waterschap, het Rijk of een andere overheid, of bent er bestuurder.",
            "Je spreekt voor jezelf en legt uit hoe het werkt. Over een lopende aanvraag beslis je hier niet.",
            "Je wilt leren van wat collectieven in de praktijk tegenkomen.",
        ),
        points(
            "You work for a municipality, a province, a water authority, the state or another public body, or govern one.",
            "You speak for yourself and explain how it works. You decide about no running request here.",
            "You want to learn from what collectives meet in practice.",
        ),
    ),
    "network": (
        points(
            "Je werkt bij een koepel, een federatie of een andere organisatie die collectieven bij elkaar brengt.",
            "Je deelt je netwerk: je weet wie wat weet, en je brengt mensen met elkaar in contact.",
            "Je werft hier geen betalende leden of klanten.",
        ),
        points(
            "You work for an umbrella, a federation or another organisation that brings collectives together.",
            "You share your network: you know who knows what, and bring people into contact.",
            "You recruit no paying members or customers here.",
        ),
    ),
    "supporters": (
        points(
            "Je hebt zelf ervaring met collectieven: als bestuurder, begeleider of vrijwilliger.",
            "Je denkt mee zonder rekening. Begeleid je ook voor geld? Dan doe je dat niet via dit platform.",
            "Je zegt het eerlijk als iemand anders beter kan helpen.",
        ),
        points(
            "You have experience with collectives yourself: on a board, as a guide or as a volunteer.",
            "You think along without a bill. Do you also guide for money? Then not through this platform.",
            "You say it honestly when somebody else can help better.",
        ),
    ),
}


def fill_rules(apps, schema_editor):
    lab = apps.get_model("labs", "Lab")
    for code, (nl, en) in RULES.items():
        lab.objects.filter(code=code, rules_nl="").update(rules_nl=nl)
        lab.objects.filter(code=code, rules_en="").update(rules_en=en)
    lab.objects.filter(code="science").update(does_research=True)


class Migration(migrations.Migration):
    dependencies = [("labs", "0005_lab_memberships")]
    operations = [migrations.RunPython(fill_rules, migrations.RunPython.noop)]
