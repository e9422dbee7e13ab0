"""Answers what a page asks: JSON, scenes as they stand in the cache, and the page's own files."""

import json
import os
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, get_args

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from autohdr.errors import AutohdrError, SettingsError
from autohdr_studio.shoot.photo import Photo
from autohdr_studio.shoot.prepared.store import Size
from autohdr_studio.shoot.studio import Studio
from autohdr_studio.web.events import Events

PAGE = Path(__file__).parents[1] / "page"
"""The page's files."""
_KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
"""Files that are served, and what they are, whatever the system thinks of their names."""
_MOST = 50_000
"""Ids in one request."""
_PART = 1 << 18
"""Bytes of a scene that are sent at once."""
_LOOKS = 5
"""How often a scene is looked for that is renamed meanwhile."""


class Routes:
    """The answers of a studio."""

    def __init__(self, studio: Studio, events: Events) -> None:
        self._shoot, self._learner, self._writer, self._events = studio.shoot, studio.learner, studio.writer, events
        self._files = {path.relative_to(PAGE).as_posix(): path for path in PAGE.rglob("*") if path.suffix in _KINDS}

    def app(self) -> Starlette:
        """The application, without what guards it."""
        routes = [
            Route("/", self._index),
            Route("/page/{name:path}", self._file),
            Route("/api/shoot", self._whole),
            Route("/api/events", self._listen),
            Route("/api/refresh", self._refresh, methods=["POST"]),
            Route("/api/want", self._want, methods=["POST"]),
            Route("/api/next", self._next),
            Route("/api/write", self._write, methods=["POST"]),
            Route("/api/undo", self._undo, methods=["POST"]),
            Route("/api/style", self._style),
            Route("/api/style", self._save_style, methods=["POST"]),
            Route("/api/photos/{id}", self._photo),
            Route("/api/photos/{id}/scene", self._scene),
            Route("/api/photos/{id}/auto", self._auto),
            Route("/api/photos/{id}/near", self._near),
            Route("/api/photos/{id}/edit", self._edit, methods=["POST"]),
            Route("/api/photos/{id}/restore", self._restore, methods=["POST"]),
            Route("/api/photos/{id}/exclude", self._exclude, methods=["POST"]),
        ]
        handlers: dict[Any, Any] = {HTTPException: _http_error, AutohdrError: self._refusal, Exception: _bug}
        return Starlette(routes=routes, exception_handlers=handlers)

    async def _refusal(self, request: Request, error: Exception) -> Response:
        """What a user can put right, as one sentence."""
        assert isinstance(error, AutohdrError)
        status = 400 if isinstance(error, SettingsError) else 409
        return JSONResponse({"error": self._shoot.sentence(str(error)), "code": error.code}, status)

    async def _index(self, request: Request) -> Response:
        return self._of_page("index.html")

    async def _file(self, request: Request) -> Response:
        return self._of_page(request.path_params["name"])

    def _of_page(self, name: str) -> Response:
        """One of the files that the page had when the studio began: no other name leads anywhere."""
        path = self._files.get(name)
        if path is None:
            raise HTTPException(404, "there is no such file")
        return FileResponse(path, media_type=_KINDS[path.suffix], headers={"cache-control": "no-cache"})

    async def _whole(self, request: Request) -> Response:
        def whole() -> dict[str, Any]:
            self._writer.look_again()
            with self._shoot.lock:
                learnt = {"curve": self._learner.curve, "sentence": self._learner.sentence}
                return {**self._shoot.to_dict(), **learnt, "learning": self._learner.busy}

        return await _json(whole)

    async def _listen(self, request: Request) -> Response:
        if self._events.full:
            raise HTTPException(503, "too many pages of this studio are open; close one")
        return StreamingResponse(self._events.listen(), media_type="text/event-stream")

    async def _refresh(self, request: Request) -> Response:
        return await _json(lambda: {"changed": self._writer.look_again(), "notes": self._shoot.notes()})

    async def _want(self, request: Request) -> Response:
        told = await body(request)
        self._shoot.want(photo.id for photo in self._named(told.get("ids")))
        return JSONResponse({})

    async def _photo(self, request: Request) -> Response:
        photo = self._asked(request)
        return await _json(lambda: self._shoot.photo_dict(photo, self._learner.reason(photo)))

    async def _scene(self, request: Request) -> Response:
        photo, text = self._ready(request), request.query_params.get("size", "")
        size: Size | None = next((one for one in get_args(Size) if str(one) == text), None)
        if size is None:
            raise HTTPException(400, f"size is one of {', '.join(map(str, get_args(Size)))}")
        headers = {"etag": f'"{photo.key}-{size}"', "cache-control": "private, no-cache"}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        file = await run_in_threadpool(self._opened, photo, size)
        return _OpenFile(file, headers)

    def _opened(self, photo: Photo, size: Size) -> BinaryIO:
        """A photo's scene, open: from then on it may be renamed, as an edit that goes into a DNG has it, or removed."""
        for _ in range(_LOOKS):
            with suppress(FileNotFoundError):
                return self._shoot.scene(photo, size).open("rb")
        raise HTTPException(404, f"the picture of {photo.path.name} is being made; ask again")

    async def _auto(self, request: Request) -> Response:
        photo = self._ready(request)
        return await _json(lambda: dict(zip(("values", "balance"), self._shoot.auto(photo), strict=True)))

    async def _near(self, request: Request) -> Response:
        photo = self._ready(request)
        return await _json(lambda: {"near": self._learner.near(photo)})

    async def _next(self, request: Request) -> Response:
        photo = await run_in_threadpool(self._learner.next)
        return JSONResponse({"id": None if photo is None else photo.id})

    async def _edit(self, request: Request) -> Response:
        photo, told = self._ready(request), await body(request)
        values = told.get("values")
        if not isinstance(values, list):
            raise HTTPException(400, "values is a list of eight numbers")
        also = told.get("also", {})
        if not isinstance(also, dict):
            raise HTTPException(400, "also is an object of sliders' keys and numbers")
        return await self._changed(photo, lambda: self._writer.edit(photo, values, also))

    async def _restore(self, request: Request) -> Response:
        photo = self._asked(request)
        return await self._changed(photo, lambda: self._writer.restore(photo))

    async def _exclude(self, request: Request) -> Response:
        photo, told = self._asked(request), await body(request)
        excluded = told.get("excluded")
        if not isinstance(excluded, bool):
            raise HTTPException(400, "excluded is true or false")
        return await self._changed(photo, lambda: self._writer.exclude(photo, excluded=excluded))

    async def _changed(self, photo: Photo, change: Callable[[], None]) -> Response:
        """Changes a photo, and answers with what it is then."""
        await run_in_threadpool(change)
        return await _json(lambda: self._shoot.photo_dict(photo))

    async def _write(self, request: Request) -> Response:
        told = await body(request)
        dry = told.get("dry")
        if not isinstance(dry, bool):
            raise HTTPException(400, "dry is true or false")
        photos = self._chosen(told.get("ids"))
        return await _json(lambda: self._writer.write(photos, dry=dry))

    async def _undo(self, request: Request) -> Response:
        photos = self._chosen((await body(request)).get("ids"))
        return await _json(lambda: self._writer.undo(photos))

    async def _style(self, request: Request) -> Response:
        """The style as a file to keep, as the browser downloads it."""
        style = self._shoot.style
        if style is None:
            raise HTTPException(409, "there is no style yet: edit five photos first")
        data = await run_in_threadpool(style.to_bytes)
        headers = {"content-disposition": 'attachment; filename="shoot.style"'}
        return Response(data, media_type="application/octet-stream", headers=headers)

    async def _save_style(self, request: Request) -> Response:
        name = (await body(request)).get("name")
        if not isinstance(name, str):
            raise HTTPException(400, "name is the style's file name")
        return await _json(lambda: self._writer.save_style(name))

    def _chosen(self, which: object) -> list[Photo]:
        """The photos that are meant: some ids, all, or those within a difference (L*)."""
        if which == "all":
            return list(self._shoot.photos)
        if isinstance(which, dict):
            most = which.get("within")
            if not isinstance(most, int | float) or isinstance(most, bool):
                raise HTTPException(400, "within is a number")
            return [photo for photo in self._shoot.photos if photo.within(most)]
        return self._named(which)

    def _ready(self, request: Request) -> Photo:
        """The photo of an id in the path, if it is prepared."""
        photo = self._asked(request)
        if photo.state != "ready":
            raise HTTPException(409, photo.note or "this photo is not prepared yet")
        return photo

    def _asked(self, request: Request) -> Photo:
        """The photo of an id in the path."""
        photo = self._shoot.by_id.get(request.path_params["id"])
        if photo is None:
            raise HTTPException(404, "there is no such photo in this shoot")
        return photo

    def _named(self, ids: object) -> list[Photo]:
        """The photos of some ids."""
        if not isinstance(ids, list) or len(ids) > _MOST or not all(isinstance(one, str) for one in ids):
            raise HTTPException(400, "ids is a list of photos' ids")
        found = [self._shoot.by_id.get(one) for one in ids]
        if None in found:
            raise HTTPException(404, "there is no such photo in this shoot")
        return [photo for photo in found if photo is not None]


async def body(request: Request) -> dict[str, Any]:
    """The JSON object that a request holds."""
    try:
        told = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "the request is no JSON") from error
    if not isinstance(told, dict):
        raise HTTPException(400, "the request is no JSON object")
    return told


async def _json(made: Callable[[], Any], status: int = 200) -> Response:
    """What a thread of its own makes, as JSON."""
    return Response(await run_in_threadpool(lambda: json.dumps(made())), status, media_type="application/json")


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code)


async def _bug(request: Request, error: Exception) -> Response:
    """Says that something is a bug of ours; the traceback stands in the terminal."""
    sentence = "this is a bug of the studio's; please report it with what the terminal shows"
    return JSONResponse({"error": sentence}, 500)


class _OpenFile(StreamingResponse):
    """Sends what an open file holds, and closes it, also where the page asks no more for it."""

    def __init__(self, file: BinaryIO, headers: dict[str, str]) -> None:
        length = {"content-length": str(os.fstat(file.fileno()).st_size)}
        parts = iter(partial(file.read, _PART), b"")
        super().__init__(parts, media_type="application/octet-stream", headers={**headers, **length})
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See `StreamingResponse`."""
        with closing(self._file):
            await super().__call__(scope, receive, send)
