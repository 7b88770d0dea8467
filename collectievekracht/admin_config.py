"""The admin site's configuration."""

from importlib import import_module

from django.apps import apps
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.module_loading import module_has_submodule


class PlatformAdminConfig(SimpleAdminConfig):
    """Discovers every app's admin but leaflet's, which needs GDAL and isn't used."""

    default_site = "collectievekracht.pages.admin_site.PlatformAdminSite"

    def ready(self) -> None:
        super().ready()
        for config in apps.get_app_configs():
            if config.name != "leaflet" and module_has_submodule(config.module, "admin"):
                import_module(f"{config.name}.admin")
