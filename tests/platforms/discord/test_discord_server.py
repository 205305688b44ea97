"""The played Discord, driven by the real library alone."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands
from discord.http import Route, handle_message_parameters
from platforms import media
from platforms.discord.faults import Cut, CutDownload, Held, Limited, Page, Refusal, Status
from platforms.discord.person import Sent
from platforms.discord.server import DiscordServer
from platforms.discord.spec import LEFT_OUT
from platforms.discord.state import SEND_VOICE, THINKING, Channel, Guild

POST = "POST /channels/{channel_id}/messages"


class Client(discord.Client):
    """Keeps what it hears."""

    def __init__(self) -> None:
        intents = discord.Intents.default()
        intents.message_content = True
        super().__init__(intents=intents, heartbeat_timeout=1.0)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[Any] = []
        self.asked: list[discord.Interaction] = []
        self.running: asyncio.Task[None] | None = None
        self.answering: Callable[[discord.Interaction], Awaitable[Any]] | None = None

    async def setup_hook(self) -> None:
        @self.tree.command(description="Ask")
        async def ask(interaction: discord.Interaction, text: str, file: discord.Attachment | None = None) -> None:
            await self._interaction(interaction)

        @self.tree.context_menu(name="Transcribe")
        async def transcribe(interaction: discord.Interaction, message: discord.Message) -> None:
            await self._interaction(interaction)

        await self.tree.sync()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            await self._interaction(interaction)

    async def _interaction(self, interaction: discord.Interaction) -> None:
        self.asked.append(interaction)
        if self.answering:
            await self.answering(interaction)

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self.heard.append(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        self.heard.append(payload)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        self.heard.append(payload)

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        self.heard.append(payload)


@asynccontextmanager
async def connected(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    monkeypatch.setattr(Route, "BASE", server.api_url)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
    client = Client()
    client.running = running = asyncio.create_task(client.start(server.token))
    try:
        await server.until(lambda: client.guilds or running.done())
        if running.done():
            running.result()
        yield client
    finally:
        await client.close()
        await asyncio.wait([running])


@pytest.fixture
def studio(discord_server: DiscordServer) -> Guild:
    return discord_server.guild("Studio")


@pytest.fixture
async def general(discord_server: DiscordServer, studio: Guild) -> Channel:
    return await discord_server.text_channel(studio, "general")


@pytest.fixture
async def client(
    discord_server: DiscordServer, general: Channel, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Client]:
    async with connected(discord_server, monkeypatch) as opened:
        yield opened


async def heard(server: DiscordServer, client: Client, count: int = 1) -> list[Any]:
    await server.until(lambda: len(client.heard) >= count)
    return client.heard


async def send_voice(client: Client, channel_id: str, content: bytes, **about: Any) -> dict[str, Any]:
    class Voice(discord.File):
        def to_dict(self, index: int) -> Any:
            return {
                **super().to_dict(index),
                "duration_secs": 1.0,
                "waveform": base64.b64encode(bytes(10)).decode(),
                **about,
            }

    flags = discord.MessageFlags(voice=True)
    with handle_message_parameters(file=Voice(io.BytesIO(content), "voice-message.ogg"), flags=flags, nonce=7) as made:
        made.multipart[1]["content_type"] = "audio/ogg"  # type: ignore[index]
        return await client.http.send_message(int(channel_id), params=made)  # type: ignore[return-value]


def test_the_openapi_description_judges_too() -> None:
    if not DiscordServer().spec.there:
        pytest.skip(LEFT_OUT)
    spec = DiscordServer().spec
    assert spec.request("POST", "/channels/{channel_id}/messages", {"content": "hi"}) == []
    assert len(spec.request("POST", "/channels/{channel_id}/messages", {"content": "x" * 4001, "colour": 1})) == 2


async def test_messages_voice_notes_threads_edits_and_deletes_come_in(
    discord_server: DiscordServer, general: Channel, client: Client
) -> None:
    ann = discord_server.person("Ann", *discord_server.world.guilds.values())
    said = await ann.say(ann.dm, "hello")
    await ann.say(general, "and here", Sent("Größe 1.mp3", b"ID3" + bytes(50)), mention=True)
    thread = await ann.open_thread(general, "a topic")
    await ann.say(thread, voice=media.opus(1.0))
    await ann.say(ann.dm, "to that", reply_to=said)
    await ann.edit(said, "hello again")
    await ann.react(said, "🔁")
    await ann.delete(said)
    first, second, _, third, fourth, edited, reaction, deleted = await heard(discord_server, client, 8)
    assert isinstance(first.channel, discord.DMChannel)
    assert client.user in second.mentions
    assert second.attachments[0].filename == "Gre_1.mp3"
    assert second.attachments[0].title == "Größe 1"
    assert isinstance(third.channel, discord.Thread)
    assert third.attachments[0].is_voice_message()
    assert await third.attachments[0].read() == media.opus(1.0)
    assert fourth.reference.message_id == first.id
    assert edited.data["content"] == "hello again"
    assert str(reaction.emoji) == "🔁"
    assert deleted.message_id == first.id


async def test_what_goes_out_is_seen_and_a_nonce_is_one_message(
    discord_server: DiscordServer, general: Channel, client: Client
) -> None:
    place = client.get_partial_messageable(int(general.id))
    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="Why", custom_id="why"))
    sent = await place.send("one", view=view, file=discord.File(io.BytesIO(b"ID3x"), "one.mp3"))
    await sent.edit(content="two")
    await place.typing()
    made = await send_voice(client, general.id, media.opus(1.0))
    again = await send_voice(client, general.id, media.opus(1.0))
    assert made["id"] == again["id"]
    text, voice = discord_server.seen(general)
    assert (text.text, text.edits, text.files[0].shown_as) == ("two", 1, "audio")
    assert [b.label for b in text.buttons] == ["Why"]
    assert voice.files[0].shown_as == "voice"
    assert voice.files[0].content == media.opus(1.0)
    assert discord_server.typing[general.id]
    assert discord_server.limits.refused == []
    await sent.delete()
    assert [s.id for s in discord_server.seen(general)] == [voice.id]


async def test_commands_context_commands_and_buttons(
    discord_server: DiscordServer, general: Channel, client: Client
) -> None:
    ann = discord_server.person("Ann", *discord_server.world.guilds.values())

    async def defer(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await interaction.followup.send("done", wait=True)
        await interaction.followup.send("more", ephemeral=True)

    client.answering = defer
    await ann.command(general, "ask", text="hi", file=Sent("a.wav", b"RIFF"))
    await discord_server.until(lambda: len(discord_server.seen(general)) == 2)
    assert [s.text for s in discord_server.seen(general)] == ["done", "more"]
    bob = discord_server.person("Bob")
    assert [s.text for s in discord_server.seen(general, to=bob)] == ["done"]

    async def buttons(interaction: discord.Interaction) -> None:
        view = discord.ui.View()
        view.add_item(discord.ui.Button(label="Stop", custom_id="stop:1"))
        await interaction.response.send_message("press", view=view)

    client.answering = buttons
    said = await ann.say(ann.dm, "note")
    asked = await ann.context("Transcribe", said)
    await discord_server.until(lambda: asked.answered == 4)
    message = discord_server.seen(ann.dm)[-1]

    async def change(interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content="pressed", view=None)

    client.answering = change
    pressed = await ann.press(ann.dm, message.id, "Stop")
    await discord_server.until(lambda: pressed.answered == 7)
    assert client.asked[-1].data["custom_id"] == "stop:1"  # type: ignore[index, typeddict-item]
    assert discord_server.seen(ann.dm)[-1].text == "pressed"
    assert not discord_server.seen(ann.dm)[-1].buttons


async def test_a_deferral_shows_and_a_late_answer_is_unknown(
    discord_server: DiscordServer, general: Channel, client: Client
) -> None:
    ann = discord_server.person("Ann")

    async def defer(interaction: discord.Interaction) -> None:
        await interaction.response.defer()

    client.answering = defer
    await ann.command(ann.dm, "ask", text="hi")
    await discord_server.until(lambda: [s.text for s in discord_server.seen(ann.dm)] == [THINKING])
    discord_server.interaction_limit_s = 0.0
    client.answering = None
    late = await ann.command(ann.dm, "ask", text="hi")
    await discord_server.until(lambda: len(client.asked) == 2)
    with pytest.raises(discord.NotFound, match="Unknown interaction|Unknown Interaction"):
        await client.asked[-1].response.defer()
    assert late.answered is None


async def test_rate_limits_errors_and_cuts(discord_server: DiscordServer, general: Channel, client: Client) -> None:
    place = client.get_partial_messageable(int(general.id))
    discord_server.faults.on(POST, Status(502, accepted=True))
    discord_server.faults.on(POST, Limited(0.1))
    discord_server.faults.on(POST, Limited(0.1, everywhere=True))
    await place.send("once", nonce=12)
    assert [s.text for s in discord_server.seen(general)] == ["once"]
    assert [c.status for c in discord_server.asked(POST)] == [502, 429, 429, 200]
    discord_server.faults.on(POST, Limited(banned=True))
    with pytest.raises(discord.HTTPException):
        await place.send("banned")
    discord_server.faults.on(POST, Cut(accepted=True), when=lambda call: call.payload["content"] == "cut")
    with pytest.raises((aiohttp.ClientError, OSError)):
        await place.send("cut")
    assert [s.text for s in discord_server.seen(general)] == ["once", "cut"]
    discord_server.faults.on(POST, Cut(20_000))
    with pytest.raises((aiohttp.ClientError, OSError)):
        await place.send(file=discord.File(io.BytesIO(bytes(3_000_000)), "a.bin"))
    discord_server.faults.on(POST, Refusal(404, 10003, "Unknown Channel"))
    with pytest.raises(discord.NotFound):
        await place.send("gone")
    assert len(discord_server.seen(general)) == 2
    held = discord_server.faults.on(POST, Held(accepted=True))
    late = asyncio.create_task(place.send("late"))
    await held.reached.wait()
    assert discord_server.seen(general)[-1].text == "late"
    held.released.set()
    await late


async def test_downloads_go_wrong(discord_server: DiscordServer, client: Client) -> None:
    ann = discord_server.person("Ann")
    await ann.say(ann.dm, "", Sent("a.ogg", media.opus(1.0)))
    (message,) = await heard(discord_server, client)
    discord_server.faults.on("CDN", CutDownload())
    with pytest.raises(aiohttp.ClientError):
        await message.attachments[0].read()
    discord_server.faults.on("CDN", Page())
    assert (await message.attachments[0].read()).startswith(b"<!DOCTYPE")
    discord_server.world.expire_urls()
    with pytest.raises(discord.NotFound):
        await message.attachments[0].read()
    fresh = await message.channel.fetch_message(message.id)
    assert await fresh.attachments[0].read() == media.opus(1.0)


async def test_nothing_is_missed_over_reconnects(discord_server: DiscordServer, client: Client) -> None:
    ann, gateway = discord_server.person("Ann"), discord_server.gateway
    await gateway.reconnect()
    await ann.say(ann.dm, "during the reconnect")
    await discord_server.until(lambda: gateway.counts["RESUME"] == 1)
    await heard(discord_server, client, 1)
    gateway.cut()
    await ann.say(ann.dm, "during the cut")
    await heard(discord_server, client, 2)
    gateway.deafen()
    await ann.say(ann.dm, "into silence")
    await heard(discord_server, client, 3)
    gateway.twice("MESSAGE_CREATE")
    await ann.say(ann.dm, "twice")
    await heard(discord_server, client, 5)
    async with gateway.reordered():
        late = await ann.say(ann.dm, "first")
        await ann.delete(late)
    told = await heard(discord_server, client, 7)
    assert [m.content for m in told[:5]] == ["during the reconnect", "during the cut", "into silence", "twice", "twice"]
    assert isinstance(told[5], discord.RawMessageDeleteEvent)
    assert told[6].content == "first"


async def test_permissions_and_being_thrown_out(
    discord_server: DiscordServer, studio: Guild, general: Channel, client: Client
) -> None:
    await discord_server.deny(general, SEND_VOICE)
    with pytest.raises(discord.Forbidden) as refused:
        await send_voice(client, general.id, media.opus(1.0))
    assert refused.value.code == 50173
    await discord_server.kick(studio)
    with pytest.raises(discord.Forbidden) as refused:
        await client.get_partial_messageable(int(general.id)).send("hi")
    assert refused.value.code == 50001
    await discord_server.until(lambda: not client.guilds)


@pytest.mark.parametrize(
    ("code", "error"), [(4004, discord.ConnectionClosed), (4014, discord.PrivilegedIntentsRequired)]
)
async def test_the_gateway_says_no(
    discord_server: DiscordServer, general: Channel, monkeypatch: pytest.MonkeyPatch, code: int, error: type[Exception]
) -> None:
    if code == 4014:
        discord_server.world.message_content = False
    else:
        discord_server.gateway.closing_code = code
    with pytest.raises(error):
        async with connected(discord_server, monkeypatch):
            pass


async def test_a_revoked_token_closes_the_gateway_and_the_api(
    discord_server: DiscordServer, general: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(discord_server, monkeypatch) as client:
        token, discord_server.world.token = discord_server.token, "another"
        with pytest.raises(discord.HTTPException, match="401"):
            await client.get_partial_messageable(int(general.id)).send("hi")
        discord_server.world.token = token
        await discord_server.revoke_token()
        assert client.running is not None
        with pytest.raises(discord.ConnectionClosed):
            await client.running


@pytest.mark.parametrize(
    ("about", "content", "code"),
    [
        ({"waveform": None}, media.opus(1.0), 50161),
        ({"duration_secs": None}, media.opus(1.0), 50161),
        ({"waveform": base64.b64encode(bytes(300)).decode()}, media.opus(1.0), 50035),
        ({"waveform": "not base64!"}, media.opus(1.0), 50035),
    ],
)
async def test_a_bad_voice_message_is_refused_and_noted(
    discord_server: DiscordServer, general: Channel, client: Client, about: dict[str, Any], content: bytes, code: int
) -> None:
    with pytest.raises(discord.HTTPException) as refused:
        await send_voice(client, general.id, content, **about)
    assert refused.value.code == code
    assert any(str(code) in v for v in discord_server.violations)
    discord_server.forgive()


async def test_what_discord_lets_pass_is_noted_all_the_same(
    discord_server: DiscordServer, general: Channel, client: Client
) -> None:
    await send_voice(client, general.id, media.opus(1.0), duration_secs=3.0)
    assert "says 3.0 s" in discord_server.violations[0]
    discord_server.forgive()
    with pytest.raises(discord.HTTPException):
        await client.get_partial_messageable(int(general.id)).send("x" * 2001)
    assert "2000" in discord_server.violations[0]
    discord_server.forgive()
    with pytest.raises(discord.HTTPException) as refused:
        await client.get_partial_messageable(int(general.id)).send(
            file=discord.File(io.BytesIO(bytes((10 << 20) + 1)), "big.bin")
        )
    assert refused.value.code == 40005
    discord_server.forgive()


async def test_every_kind_of_message_is_read_back_as_it_is_described(
    discord_server: DiscordServer, general: Channel, client: Client
) -> None:
    ann = discord_server.person("Ann", *discord_server.world.guilds.values())
    said = await ann.say(general, "words", Sent("a.mp3", b"ID3x", duration_s=2.0), mention=True)
    note = await ann.say(general, voice=media.opus(1.0), reply_to=said)
    await ann.forward(note, general)
    await ann.forward(note, ann.dm)
    await ann.unfurl(said)
    await ann.react(said, "🔁")
    await ann.edit(said, "other words")
    threads = [await ann.open_thread(general, "one"), await ann.open_thread(general, "two", said)]
    for thread in threads:
        await ann.say(thread, "hello")

    async def answer(interaction: discord.Interaction) -> None:
        view = discord.ui.View()
        view.add_item(discord.ui.Button(label="Stop", custom_id="stop"))
        if interaction.type is discord.InteractionType.component:
            await interaction.response.defer()
            await interaction.followup.send("pressed")
        else:
            await interaction.response.send_message("> shown", view=view)

    client.answering = answer
    asked = await ann.command(general, "ask", text="hi")
    await ann.context("Transcribe", note)
    await discord_server.until(lambda: sum(s.text == "> shown" for s in discord_server.seen(general)) == 2)
    assert asked.original is not None
    await ann.press(general, asked.original.id, "Stop")
    await discord_server.until(lambda: any(s.text == "pressed" for s in discord_server.seen(general)))
    place = client.get_partial_messageable(int(general.id))
    await place.send("a reply", reference=discord.MessageReference(message_id=int(said.id), channel_id=int(general.id)))
    for where in (general, ann.dm, *threads):
        read = [m async for m in client.get_partial_messageable(int(where.id)).history(limit=100)]
        assert len(read) == len(where.posts)
    assert {p.kind for c in discord_server.world.channels.values() for p in c.posts.values()} == {0, 18, 19, 20, 21, 23}
