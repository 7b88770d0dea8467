"""What the first five labs say of themselves; the team rewrites it in the admin."""

from django.db import migrations

COLUMNS = ("meets_nl", "meets_en", "gives_nl", "gives_en", "asks_nl", "asks_en")


def points(*lines):
    return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"


TEXTS = {
    "science": (
        "<p>Onderzoekers van universiteiten, hogescholen en kennisinstellingen. Ze komen uit veel vakken: economie, "
        "recht, bestuurskunde, sociologie, geschiedenis en meer. Wat ze delen: ze willen weten hoe burgers samen iets "
        "voor lange tijd goed kunnen regelen.</p>",
        "<p>Researchers from universities, universities of applied sciences and knowledge institutes. They come from "
        "many fields: economics, law, public administration, sociology, history and more. What they share: they want "
        "to know how citizens can organise something well together, for the long term.</p>",
        points(
            "Uitleg van wat er al bekend is uit onderzoek, in gewone taal.",
            "Iemand die meedenkt over een vraag waar je niet uitkomt.",
            "Onderzoek waaraan je zelf meedoet, en waarvan je de uitkomst terugkrijgt.",
        ),
        points(
            "An explanation of what research knows already, in plain words.",
            "Somebody who thinks along about a question that you can't solve.",
            "Research in which you take part yourself, and of which you get the results back.",
        ),
        points(
            "Af en toe een vraag van een collectief beantwoorden.",
            "Onderzoek doen mét collectieven, en niet alleen over hen.",
            "De uitkomst teruggeven aan de collectieven die meededen, zo dat ze er iets mee kunnen.",
        ),
        points(
            "Answering a question of a collective now and then.",
            "Doing research with collectives, and not only about them.",
            "Giving the results back to the collectives that took part, in a form that they can use.",
        ),
    ),
    "finance": (
        "<p>Mensen die bij een bank, een fonds, een overheid of een andere geldgever werken en weten hoe een aanvraag "
        "wordt bekeken. Ze kennen de Nederlandse regels en regelingen.</p>",
        "<p>People who work for a bank, a fund, a public body or another funder and who know how a request is judged. "
        "They know the Dutch rules and schemes.</p>",
        points(
            "Uitleg over soorten geld: eigen inbreng, leningen, subsidies, obligaties en waar ze bij passen.",
            "Een blik van buiten op je begroting of je plan, voordat je het ergens indient.",
            "Zicht op wat een geldgever wil weten en waarom.",
        ),
        points(
            "An explanation of kinds of money: your own means, loans, grants, bonds, and what each is good for.",
            "A look from outside at your budget or your plan, before you hand it in anywhere.",
            "A view of what a funder wants to know, and why.",
        ),
        points(
            "Af en toe een geldvraag beantwoorden, los van de vraag of er een klant in zit.",
            "Delen wat collectieven nodig hebben om geld te vinden.",
            "Meedenken over wat er in het aanbod van geld nog ontbreekt.",
        ),
        points(
            "Answering a money question now and then, whether or not there is a customer in it.",
            "Sharing what collectives need in order to find money.",
            "Thinking along about what is still missing in the money that is on offer.",
        ),
    ),
    "government": (
        "<p>Ambtenaren van gemeenten, provincies, waterschappen en het Rijk die met collectieven te maken hebben. Ze "
        "zijn er om te helpen en te leren; ze beslissen hier niet over je aanvraag of vergunning.</p>",
        "<p>Civil servants of municipalities, provinces, water boards and national government who deal with "
        "collectives. They are here to help and to learn; they don't decide about your application or permit here.</p>",
        points(
            "Uitleg over wie waarover gaat en waar je moet zijn.",
            "Voorbeelden van plekken waar overheid en collectief het samen goed regelden.",
            "Een gesprek over regels die in de weg zitten.",
        ),
        points(
            "An explanation of who is responsible for what, and where you have to be.",
            "Examples of places where government and a collective arranged it well together.",
            "A conversation about rules that are in the way.",
        ),
        points(
            "Af en toe een vraag beantwoorden over hoe het bij de overheid werkt.",
            "In de eigen organisatie laten zien wat collectieven kunnen.",
            "Delen wat werkte en wat niet, ook als het niet lukte.",
        ),
        points(
            "Answering a question now and then about how government works.",
            "Showing in their own organisation what collectives can do.",
            "Sharing what worked and what didn't, also when it failed.",
        ),
    ),
    "network": (
        "<p>Mensen van koepels, federaties en netwerken: organisaties waar veel collectieven bij horen of langskomen. "
        "Ze weten wie er al eens voor hetzelfde stond.</p>",
        "<p>People of umbrella organisations, federations and networks: organisations that many collectives belong to "
        "or come by. They know who stood before the same thing earlier.</p>",
        points(
            "Contact met collectieven die jouw stap al hebben gezet.",
            "De weg naar kennis en hulp die er in je eigen sector al is.",
            "Een stem die namens meer collectieven wordt gehoord.",
        ),
        points(
            "Contact with collectives that took your step already.",
            "The way to knowledge and help that your own sector has already.",
            "A voice that is heard on behalf of more collectives.",
        ),
        points(
            "Collectieven en vragen bij elkaar brengen.",
            "In het eigen netwerk vertellen wat hier te vinden is.",
            "Activiteiten delen die voor meer collectieven nuttig zijn.",
        ),
        points(
            "Bringing collectives and questions together.",
            "Telling in their own network what can be found here.",
            "Sharing activities that are useful for more collectives.",
        ),
    ),
    "supporters": (
        "<p>Mensen die collectieven begeleiden bij het beginnen, het besturen en het groeien: adviseurs, "
        "procesbegeleiders, opleiders en vrijwilligers met veel ervaring.</p>",
        "<p>People who support collectives in starting, governing and growing: advisers, facilitators, trainers and "
        "volunteers with a lot of experience.</p>",
        points(
            "Iemand die meekijkt naar de stap waar je voor staat.",
            "Ervaring met vergaderen, besluiten, taken verdelen en mensen vinden.",
            "Hulpmiddelen die bij andere collectieven werkten.",
        ),
        points(
            "Somebody who looks along at the step that you are facing.",
            "Experience with meeting, deciding, sharing out tasks and finding people.",
            "Tools that worked for other collectives.",
        ),
        points(
            "Af en toe meedenken met een collectief, zonder rekening.",
            "Delen wat je bij collectieven ziet werken.",
            "Eerlijk zeggen wanneer iemand anders beter kan helpen.",
        ),
        points(
            "Thinking along with a collective now and then, without a bill.",
            "Sharing what you see working in collectives.",
            "Saying honestly when somebody else can help better.",
        ),
    ),
}


def fill_texts(apps, schema_editor):
    lab = apps.get_model("labs", "Lab")
    for code, texts in TEXTS.items():
        for column, text in zip(COLUMNS, texts, strict=True):
            lab.objects.filter(code=code, **{column: ""}).update(**{column: text})


class Migration(migrations.Migration):
    dependencies = [("labs", "0003_lab_texts")]
    operations = [migrations.RunPython(fill_texts, migrations.RunPython.noop)]
