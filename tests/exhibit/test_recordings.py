"""Videos and sounds in the library: known by their bytes, with words in both languages, played in parts."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
import samples
from browser import Browser
from PIL import Image
from sqlalchemy import func, select

from exhibit.cli import main
from exhibit.config import Config
from exhibit.documents.types import Text
from exhibit.errors import BadBundle, ExhibitError, TooLarge
from exhibit.halls import services
from exhibit.library import upload
from exhibit.library.bare import from_recording
from exhibit.library.bundle import Told, read_bundle
from exhibit.library.models import Asset
from exhibit.web import Site
from recon.formats.errors import BadFile
from recon.formats.media import media_type
from recon.formats.webvtt import Cue, read_webvtt

TITLE: Text = {"zh": "拉坯", "en": "Throwing"}


@pytest.fixture
def told(tmp_path: Path) -> Told:
    for name in ("zh.vtt", "en.vtt"):
        (tmp_path / name).write_bytes(samples.VTT)
    (tmp_path / "still.jpg").write_bytes(samples.picture())
    captions = {"zh": tmp_path / "zh.vtt", "en": tmp_path / "en.vtt"}
    return Told(TITLE, "recording", still=tmp_path / "still.jpg", captions=captions)


def file(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def test_cues(tmp_path: Path) -> None:
    cues = read_webvtt(file(tmp_path, "a.vtt", samples.VTT))
    assert cues == [Cue(0.0, 2.5, "Pine & clay"), Cue(3602.5, 3604.0, "Two\nlines")]
    assert [cue.clock for cue in cues] == ["0:00", "60:02"]
    assert read_webvtt(file(tmp_path, "b.vtt", b"\xef\xbb\xbf" + samples.VTT.replace(b"\n", b"\r\n"))) == cues


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"WEBVTT",
        b"WEBVTTX\n\n00:00.000 --> 00:01.000\nA\n",
        b"1\n00:00:00,000 --> 00:00:01,000\nSubRip\n",
        b"WEBVTT\n\n00:01.000 --> 00:01.000\nNo time to read\n",
        b"WEBVTT\n\n00:61.000 --> 01:02.000\nNo such second\n",
        b"WEBVTT\n\n00:00.000 --> 00:01.000\n",
        b"WEBVTT\n\nwords without times\n",
        "WEBVTT\n\n00:00.000 --> 00:01.000\nkuṇḍikā, four à porcelaine".encode("latin-1", "replace"),
    ],
)
def test_what_is_no_webvtt(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadFile, match=r"not usable WebVTT|Line 3 of the captions a\.vtt is not WebVTT"):
        read_webvtt(file(tmp_path, "a.vtt", content))


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (samples.webm(), "video/webm"),
        (samples.webm(b"A_OPUS"), "audio/webm"),
        (b"\0\0\0\x18ftypisom" + b"\0" * 20, "video/mp4"),
        (b"\0\0\0\x18ftypM4A " + b"\0" * 20, "audio/mp4"),
        (b"ID3\x04" + b"\0" * 20, "audio/mpeg"),
        (b"\xff\xfb\x90\x64" + b"\0" * 20, "audio/mpeg"),
        (samples.wav(), "audio/wav"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 20, None),  # a JPEG begins like a frame of MPEG
        (b"RIFF\0\0\0\0WEBP", None),
        (b"\x1a\x45\xdf\xa3matroska", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_told_by_its_first_bytes(tmp_path: Path, content: bytes, mime: str | None) -> None:
    assert media_type(file(tmp_path, "recording", content)) == mime


def test_a_bare_video_arrives_with_its_words(site: Site, tmp_path: Path, told: Told) -> None:
    film = file(tmp_path, "film.webm", samples.webm())
    assert upload.add(film, told, site.config, site.database, site.storage) == ("throwing", "added")
    with site.database.reading() as session:
        document = session.get_one(Asset, "throwing").document
    assert (document["kind"], document["origin"]["method"]) == ("video", "recording")
    files = document["files"]
    assert files["video"]["mime"] == "video/webm"
    assert site.storage.path(files["video"]["sha256"]).read_bytes() == film.read_bytes()
    assert (files["thumb"]["width"], files["thumb"]["height"]) == (64, 48)
    for language in ("zh", "en"):
        assert site.storage.path(files["captions"][language]["sha256"]).read_bytes() == samples.VTT


def test_a_bare_sound_needs_nothing_beside_it(site: Site, tmp_path: Path) -> None:
    sound = file(tmp_path, "fire.wav", samples.wav())
    upload.add(sound, Told(TITLE, "recording"), site.config, site.database, site.storage, asset_id="fire")
    with site.database.reading() as session:
        files = session.get_one(Asset, "fire").document["files"]
    assert files.keys() == {"thumb", "audio"}
    with Image.open(io.BytesIO(site.storage.path(files["thumb"]["sha256"]).read_bytes())) as thumb:
        assert thumb.size == (960, 540)
        assert len(thumb.getcolors(1 << 20) or ()) > 50  # not a plain ground


@pytest.mark.parametrize(
    ("name", "content", "spoil", "key"),
    [
        ("film.webm", samples.webm(), {"captions": {}}, "captions_missing"),
        ("fire.wav", samples.wav(), {"captions": {"zh": "zh.vtt"}}, "captions_missing"),
        ("film.webm", samples.webm(), {"captions": {"zh": "zh.vtt", "en": "still.jpg"}}, "captions_broken"),
        ("film.webm", samples.webm(), {"still": "zh.vtt"}, "picture_broken"),
        ("film.webm", b"<html>", {}, "unknown_upload"),
        ("film.mkv", samples.webm(), {}, "unknown_upload"),
    ],
)
def test_a_bad_recording_says_why_and_leaves_nothing(
    site: Site, tmp_path: Path, told: Told, name: str, content: bytes, spoil: dict[str, Any], key: str
) -> None:
    captions = (
        {language: tmp_path / words for language, words in spoil["captions"].items()}
        if "captions" in spoil
        else told.captions
    )
    still = tmp_path / spoil["still"] if "still" in spoil else told.still
    with pytest.raises(ExhibitError) as said:
        upload.add(
            file(tmp_path, name, content),
            Told(TITLE, "recording", still=still, captions=captions),
            site.config,
            site.database,
            site.storage,
        )
    assert said.value.key == key
    with site.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Asset)) == 0
    assert not site.config.incoming_folder.exists() or list(site.config.incoming_folder.iterdir()) == []


def spoilt(folder: Path, **entry: Any) -> Path:
    document = json.loads((folder / "asset.json").read_text())
    document["files"]["video"] |= entry
    (folder / "asset.json").write_text(json.dumps(document))
    return folder


def test_a_bundle_is_what_it_says(site: Site, tmp_path: Path, told: Told) -> None:
    def bundle(name: str) -> Path:
        made = from_recording(file(tmp_path, "film.webm", samples.webm()), tmp_path / name, told, Config(data=tmp_path))
        return samples.on_disk(made, tmp_path / name)

    assert read_bundle(bundle("good"), site.config).document["kind"] == "video"
    with pytest.raises(BadBundle, match="not video/mp4 inside"):
        read_bundle(spoilt(bundle("other"), mime="video/mp4"), site.config)
    with pytest.raises(BadBundle, match="does not fit its use"):
        read_bundle(spoilt(bundle("sound"), mime="audio/wav"), site.config)
    with pytest.raises(BadBundle, match="does not fit its use"):
        read_bundle(spoilt(bundle("page"), mime="application/json"), site.config)
    object.__setattr__(site.config, "max_recording_mb", 0)
    with pytest.raises(TooLarge):
        read_bundle(bundle("long"), site.config)


def test_from_the_command_line(site: Site, tmp_path: Path, told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    film = file(tmp_path, "film.mp4", b"\0\0\0\x18ftypisom" + b"\0" * 20)
    command = ["--data", str(site.config.data), "add", str(film), "--title-en", "Firing", "--method", "recording"]
    assert main(command) == 2
    assert "lacks captions" in capsys.readouterr().err
    given = [f"--captions-{language}={words}" for language, words in told.captions.items()]
    assert main([*command, *given]) == 0
    assert capsys.readouterr().out == "firing: added\n"


def test_from_the_desk_into_a_hall(curator: Browser, visitor: Browser, site: Site, hall: dict[str, Any]) -> None:
    form = {
        "title_zh": "拉坯",
        "title_en": "Throwing",
        "method": "recording",
        "file": (io.BytesIO(samples.webm()), "a.webm"),
    }
    assert "lacks captions in Chinese and in English" in curator.post("/desk/assets/new?lang=en", form).text
    form |= {f"captions_{each}": (io.BytesIO(samples.VTT), f"{each}.vtt") for each in ("zh", "en")}
    form |= {"file": (io.BytesIO(samples.webm()), "a.webm"), "still": (io.BytesIO(samples.picture()), "a.jpg")}
    assert curator.post("/desk/assets/new", form).location == "/desk/assets/throwing"
    with site.database.writing() as session:
        services.create_hall(session, hall, slug="kiln")
    assert curator.post("/desk/halls/kiln/placements", {"asset": "throwing", "version": "1"}).status_code == 303
    assert curator.post("/desk/halls/kiln/publish", {"version": "2"}).status_code == 303
    shown = visitor.get("/api/halls/kiln").get_json()
    assert shown["placements"]["throwing"]["kind"] == "video"
    files = shown["assets"]["throwing"]["files"]
    part = visitor.get(f"/media/{files['video']['sha256']}", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data, part.mimetype) == (206, b"\x1a\x45\xdf\xa3", "video/webm")
    words = visitor.get(f"/media/{files['captions']['zh']['sha256']}")
    assert (words.mimetype, words.data) == ("text/vtt", samples.VTT)
    assert "media-src 'self'" in words.headers["Content-Security-Policy"]
