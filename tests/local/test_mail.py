from email import message_from_bytes, policy

from django.core.mail import EmailMultiAlternatives, get_connection


def test_each_mail_is_a_file_of_its_own(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    connection = get_connection("collectievekracht.local.mail.EmlBackend")
    mails = [EmailMultiAlternatives(f"Hoi {n} ☀", "Tekst met een é.", to=["a@b.example"]) for n in range(20)]
    mails[0].attach_alternative("<p>Tekst</p>", "text/html")

    assert connection.send_messages(mails) == 20

    written = sorted((tmp_path / "mail").iterdir())
    assert len(written) == 20
    assert {file.suffix for file in written} == {".eml"}
    read = message_from_bytes(written[0].read_bytes(), policy=policy.default)
    assert read["Subject"] == "Hoi 0 ☀"
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
