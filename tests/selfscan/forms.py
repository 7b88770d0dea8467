"""Fills in a scan without a browser: reads each page's form as it is, posts what it shows, follows where it leads."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self.live = [], []
        self._form = None
        self._select = self._area = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.live += [
            (tag, name) for name in attributes if name.startswith(("on", "data-hx", "hx-", "style"))
        ]
        if tag in ("script", "img", "iframe", "style") and not attributes.get("src", "").startswith(
            "/static/"
        ):
            self.live.append((tag, attributes.get("src")))
        if tag == "form":
            self._form = {"attributes": attributes, "fields": {}, "filled": [], "buttons": []}
            self.forms.append(self._form)
        if self._form is None:
            return
        name, kind = attributes.get("name"), attributes.get("type", "text")
        if tag == "button":
            self._form["buttons"].append((name, attributes.get("value", "")))
        elif tag == "textarea":
            self._area = name
            self._form["fields"][name] = "textarea"
            self._text = ""
        elif tag == "input" and name:
            self._form["fields"].setdefault(name, kind)
            if kind not in ("radio", "checkbox") or "checked" in attributes:
                self._form["filled"].append((name, attributes.get("value", "")))

    def handle_data(self, data):
        if self._area:
            self._text += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self._area:
            self._form["filled"].append((self._area, self._text.removeprefix("\n")))
            self._area = None
        if tag == "form":
            self._form = None


class Form:
    """A form of a page: its fields by name with their type, and what is filled in."""

    def __init__(self, parsed):
        self.fields = dict(parsed["fields"])
        self.data = {}
        for name, value in parsed["filled"]:
            self.data.setdefault(name, []).append(value)
        self.action = parsed["attributes"].get("action", "")
        self.buttons = parsed["buttons"]
        self.attributes = parsed["attributes"]

    @property
    def shown(self):
        """The names of the fields that a person sees."""
        return {name for name, kind in self.fields.items() if kind != "hidden"}


def forms_of(response):
    """Every form of an answer."""
    parser = _Forms()
    parser.feed(response.content.decode())
    return [Form(parsed) for parsed in parser.forms]


def live_parts(response):
    """Everything in an answer that could run or load something, but for our own files."""
    parser = _Forms()
    parser.feed(response.content.decode())
    return parser.live


def scan_form(response):
    """The form of a scan's page."""
    return next(form for form in forms_of(response) if "data-scan" in form.attributes)


def fill(form, fields):
    """What a person would post who gives these fields their values, as far as the form shows them."""
    data = dict(form.data)
    for name in form.shown:
        if name in fields:
            value = fields[name]
            data[name] = list(value) if isinstance(value, list | tuple) else [str(value)]
    return data


def post(client, url, form, fields=None, **extra):
    """Send the form and follow."""
    return client.post(form.action or url, fill(form, fields or {}) | extra, follow=True)


def path_of(response):
    """Where the client ended up."""
    return response.request["PATH_INFO"]


def fill_scan(client, start, fields):
    """From the first page to the check page; gives its answer, and the fields that each page showed."""
    response, shown = client.get(start), {}
    for _step in range(60):
        path = path_of(response)
        if path.endswith("/controle/"):
            return response, shown
        form = scan_form(response)
        shown.setdefault(path, set()).update(form.shown)
        before = path, response.request["QUERY_STRING"]
        response = post(client, path, form, fields)
        assert b'class="error-summary"' not in response.content, errors_of(response)
        assert (path_of(response), response.request["QUERY_STRING"]) != before, f"stuck on {before}"
    raise AssertionError("The scan has no end.")


def errors_of(response):
    """The links of the error summary: (field id, words)."""
    import re

    summary = re.search(r'class="error-summary".*?</ul>', response.content.decode(), re.DOTALL)
    return re.findall(r'href="[^"#]*#id_([^"]+)">([^<]*)<', summary[0]) if summary else []
