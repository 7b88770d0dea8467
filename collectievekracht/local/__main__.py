"""`python -m collectievekracht.local run | prepare | set-up | build | healthy | with-services -- COMMAND`."""

import os
import sys

from collectievekracht.local.child import CannotStartError, of_another_user


def main(arguments: list[str]) -> int:
    """The exit code of one of the commands."""
    match arguments:
        case ["run"]:
            from collectievekracht.local.run import run

            return run()
        case ["with-services", "--", *command] if command:
            from collectievekracht.local.run import run_with_services

            return run_with_services(command)
        case ["set-up"]:
            from collectievekracht.local import paths
            from collectievekracht.local.child import passable_folder

            _build()
            first_settings = passable_folder(paths.data_dir()) / "local.env"
            if not first_settings.exists():
                first_settings.write_text(
                    "# Made by the set-up; .env and the environment go first.\nDEBUG=1\n"
                )
        case ["prepare", *options] if options in ([], ["--demonstration"]):
            import django

            from collectievekracht.local.prepare import prepare

            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collectievekracht.settings")
            os.environ.setdefault("PROCESS", "command")
            django.setup()
            prepare(demonstration=bool(options))
        case ["build"]:
            _build()
        case ["healthy"]:
            from collectievekracht.local import health

            return int(health.status() != 200)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


def _build() -> None:
    from collectievekracht.local import fonts, messages, pictures

    messages.compile_all()
    fonts.build()
    pictures.build()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CannotStartError as error:
        sys.exit(str(error))
    except PermissionError as error:
        sys.exit(of_another_user(error.filename))
