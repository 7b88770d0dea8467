"""Buttons, cards, notes, lists and other parts of a page. Those that stand in loops are plain strings: quick."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.paginator import Page
from django.http import HttpRequest
from django.template import Context, Library
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from heroicons import _render_icon as render_icon

from collectievekracht.common.structured_data import breadcrumb_list

register = Library()

KINDS = {
    "info": (gettext_lazy("Note"), "information-circle"),
    "success": (gettext_lazy("Done"), "check-circle"),
    "warning": (gettext_lazy("Warning"), "exclamation-triangle"),
    "error": (gettext_lazy("Error"), "exclamation-circle"),
}
STATES = {
    "todo": (gettext_lazy("Not started yet"), "minus-circle"),
    "started": (gettext_lazy("In progress"), "pencil-square"),
    "viewed": (gettext_lazy("Looked at, not complete"), "eye"),
    "done": (pgettext_lazy("state of a task", "Complete"), "check-circle"),
    "blocked": (gettext_lazy("Not possible yet"), "lock-closed"),
    "failed": (gettext_lazy("Went wrong"), "exclamation-circle"),
}
STEP_STATES = {
    "todo": (gettext_lazy("Waiting"), "minus-circle"),
    "busy": (gettext_lazy("Busy"), "arrow-path"),
    "done": (gettext_lazy("Done"), "check-circle"),
    "failed": (gettext_lazy("Went wrong"), "exclamation-circle"),
}


def attributes(values: Mapping[str, Any]) -> SafeString:
    """Keyword arguments as HTML attributes: `data_hx_get="/x"` is `data-hx-get="/x"`; None and False are left out."""
    return mark_safe(  # noqa: S308
        "".join(
            f" {name.replace('_', '-')}"
            if value is True
            else f' {name.replace("_", "-")}="{conditional_escape(value)}"'
            for name, value in values.items()
            if value is not None and value is not False
        )
    )


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, label: str = "", style: str = "outline") -> SafeString:
    """A heroicon of the size of the text; hidden from screen readers unless it has a label."""
    spoken = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    return mark_safe(render_icon(style, name, None, {"class": "icon", "focusable": "false", **spoken}))  # noqa: S308


@register.simple_tag
def button(
    label: str,
    kind: str = "",
    *,
    type: str = "submit",
    name: str = "",
    value: str = "",
    icon: str = "",
    **attrs: Any,
) -> SafeString:
    """A button; kind is "" (main), "quiet", "danger", "link", "small", or several."""
    return format_html(
        '<button class="{}" type="{}"{}{}>{}{}</button>',
        _button_class(kind),
        type,
        attributes({"name": name or None, "value": value or None}),
        attributes(attrs),
        _icon(icon),
        label,
    )


@register.simple_tag
def link_button(label: str, url: str, kind: str = "", *, icon: str = "", **attrs: Any) -> SafeString:
    """A link that looks like a button; kinds as of `button`."""
    return format_html(
        '<a class="{}" href="{}"{}>{}{}</a>', _button_class(kind), url, attributes(attrs), _icon(icon), label
    )


def _icon(name: str) -> str:
    return globals()["icon"](name) if name else ""


def _button_class(kind: str) -> str:
    return " ".join(["button", *(f"button--{part}" for part in kind.split())])


@register.simple_tag
def tag(text: str, kind: str = "") -> SafeString:
    """A small label; kind is "", "sun", "clay", "sky" or "plain"."""
    return format_html('<span class="tag{}">{}</span>', f" tag--{kind}" if kind else "", text)


@register.simple_tag
def card(
    title: str, url: str = "", *, meta: str = "", text: str = "", tags: Iterable[str] = (), level: int = 3
) -> SafeString:
    """A card; with an address the whole card is the target of one link. For other content use `cardblock`."""
    heading = format_html('<a href="{}">{}</a>', url, title) if url else conditional_escape(title)
    labels = format_html_join("", '<li class="tag">{}</li>', ((label,) for label in tags))
    return format_html(
        '<div class="card{}">{}<h{}>{}</h{}>{}{}</div>',
        " card--link" if url else "",
        format_html('<p class="meta">{}</p>', meta) if meta else "",
        level,
        heading,
        level,
        format_html("<p>{}</p>", text) if text else "",
        format_html('<ul class="tags">{}</ul>', labels) if labels else "",
    )


@register.simple_block_tag
def cardblock(content: str, title: str = "", *, level: int = 3) -> SafeString:
    """A card around any content."""
    heading = format_html("<h{}>{}</h{}>", level, title, level) if title else ""
    return format_html('<div class="card">{}{}</div>', heading, content)


@register.simple_block_tag
def note(content: str, title: str = "", kind: str = "") -> SafeString:
    """A washed note beside the text; kind is "" (sun), "brand", "sky" or "clay"."""
    heading = format_html('<p class="note__title">{}</p>', title) if title else ""
    return format_html('<div class="note{}">{}{}</div>', f" note--{kind}" if kind else "", heading, content)


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """What happened or what to watch: "info", "success", "warning" or "error", said by an icon with a name too."""
    name, picture = KINDS.get(kind, KINDS["info"])
    heading = format_html('<p class="notice__title">{}</p>', title) if title else ""
    return format_html(
        '<div class="notice notice--{}">{}<div class="notice__body">{}{}</div></div>',
        kind,
        icon(picture, str(name)),
        heading,
        content,
    )


@register.inclusion_tag("components/messages.html")
def message_list(messages: Iterable[Any]) -> dict[str, Any]:
    """Django's messages as notices."""
    levels = {"debug": "info", "info": "info", "success": "success", "warning": "warning", "error": "error"}
    return {"messages": [(levels.get(message.level_tag, "info"), message) for message in messages]}


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*parts: str) -> dict[str, Any]:
    """Where this page stands: label, address, label, address, …, and last the page itself without an address."""
    links = (
        list(zip(parts[:-1:2], parts[1::2], strict=True))
        if len(parts) % 2
        else list(zip(*[iter(parts)] * 2, strict=True))
    )
    here = parts[-1] if len(parts) % 2 else ""
    return {"links": links, "here": here, "data": breadcrumb_list(links, here)}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any], parameter: str = "pagina") -> dict[str, Any]:
    """Links to the other pages of a list; keeps the rest of the query string. Nothing for a single page."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()

    def address(target: int) -> str:
        query.pop(parameter, None)
        if target > 1:
            query[parameter] = str(target)
        return f"?{query.urlencode()}" if query else request.path

    paginator = page.paginator
    numbers = [
        (shown, "" if shown == page.number or not isinstance(shown, int) else address(shown))
        for shown in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "several": paginator.num_pages > 1,
        "numbers": numbers,
        "current": page.number,
        "previous": address(page.number - 1) if page.has_previous() else "",
        "next": address(page.number + 1) if page.has_next() else "",
    }


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    title: str, text: str = "", url: str = "", action: str = "", *, level: int = 2
) -> dict[str, Any]:
    """What a list shows when there is nothing, with a way on."""
    return {"title": title, "text": text, "url": url, "action": action, "level": level}


@register.inclusion_tag("components/figures.html")
def figures(items: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """A row of large numbers: (number, what it counts)."""
    return {"items": items}


@register.inclusion_tag("components/definitions.html")
def definitions(items: Iterable[Sequence[str]]) -> dict[str, Any]:
    """Terms with their values: (term, value) or (term, value, address of "change", hidden words of that link)."""
    return {"items": [(*item, "", "")[:4] for item in items]}


@register.inclusion_tag("components/table.html")
def data_table(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    numeric: str = "",
    hide_caption: bool = False,
) -> dict[str, Any]:
    """A table with caption and headers; each row's first cell heads it. `numeric` names columns, "1 2", to align right."""
    right = {int(column) for column in numeric.split()}
    return {
        "caption": caption,
        "hide_caption": hide_caption,
        "columns": [(name, index in right) for index, name in enumerate(columns)],
        "rows": [[(cell, index in right) for index, cell in enumerate(row)] for row in rows],
    }


@register.simple_tag(takes_context=True)
def explain(
    context: Context, term: str, text: str, *, block: bool = False, url: str = "", more: str = ""
) -> SafeString:
    """A term with what it means. In a sentence it is a button that shows the meaning (no script is needed);
    with `block` it stands on its own and folds open. `url` adds a link to read on, `more` is its words."""
    link = format_html(' <a href="{}">{}</a>', url, more or _("Read more")) if url else ""
    if block:
        return format_html(
            '<details class="details"><summary>{}</summary><p>{}{}</p></details>', term, text, link
        )
    # One address per explanation on a page: the request counts them, included templates and all.
    request = context.get("request")
    number = getattr(request, "_explained", 0) + 1
    if request is not None:
        request._explained = number
    return format_html(
        '<button class="explain" type="button" popovertarget="explained-{}">{}</button>'
        '<span class="explain__text" id="explained-{}" popover>{}{}</span>',
        number,
        term,
        number,
        text,
        link,
    )


@register.inclusion_tag("components/share_links.html")
def share_links(url: str, title: str) -> dict[str, Any]:
    """Ways to pass a page on. Plain links, so nobody is called until one is chosen; with a script also a button
    that copies the address. `url` may be a path on this site."""
    address = f"{settings.SITE_URL}{url}" if url.startswith("/") else url
    return {
        "url": address,
        "mail": f"mailto:?subject={quote(title, safe='')}&body={quote(address, safe='')}",
        "whatsapp": f"https://wa.me/?text={quote(f'{title} {address}', safe='')}",
        "linkedin": f"https://www.linkedin.com/sharing/share-offsite/?url={quote(address, safe='')}",
    }


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, label: str = "") -> dict[str, Any]:
    """Where one is in a row of sections: `done` are behind you, the next one is now; the label says it in words."""
    states = ["done" if index < done else "now" if index == done else "" for index in range(total)]
    return {
        "states": states,
        "label": label or _("Section %(n)s of %(total)s") % {"n": min(done + 1, total), "total": total},
    }


@register.simple_tag
def status(state: str, label: str = "") -> SafeString:
    """How far a task is, in words and with an icon: todo, started, viewed, done, blocked or failed."""
    text, picture = STATES[state]
    return format_html('<span class="status status--{}">{}{}</span>', state, icon(picture), label or text)


@register.inclusion_tag("components/tasks.html")
def task_list(tasks: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Tasks with their state: mappings with title, url (none: blocked), state, and optionally detail."""
    return {"tasks": tasks}


@register.inclusion_tag("components/steps.html")
def steps(items: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What is being built, step by step: (label, state), the state todo, busy, done or failed."""
    return {"items": [(label, state, *STEP_STATES[state]) for label, state in items]}
