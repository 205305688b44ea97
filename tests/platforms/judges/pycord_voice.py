"""Sends a voice message with py-cord: API address, gateway address, token, user id, file, seconds, waveform."""

from __future__ import annotations

import asyncio
import sys

import discord
from discord.http import HTTPClient, Route

API, GATEWAY, TOKEN, USER, FILE, SECONDS, WAVEFORM = sys.argv[1:8]


async def gateway(self: HTTPClient, *, encoding: str = "json", zlib: bool = True) -> str:
    return f"{GATEWAY}?encoding={encoding}&v=10" + ("&compress=zlib-stream" if zlib else "")


async def no_sounds(self: HTTPClient) -> list[object]:
    return []


async def main() -> None:
    Route.API_BASE_URL = API
    HTTPClient.get_gateway = gateway
    HTTPClient.get_default_sounds = no_sounds  # asked at every start, of no use to a voice message

    client = discord.Client(intents=discord.Intents.none())
    sent: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @client.event
    async def on_ready() -> None:
        user = await client.fetch_user(int(USER))
        voice = discord.VoiceMessage(FILE, "voice-message.ogg", duration_secs=float(SECONDS), waveform=WAVEFORM)
        await user.send(file=voice)
        sent.set_result(None)

    running = asyncio.create_task(client.start(TOKEN))
    done, _ = await asyncio.wait([sent, running], timeout=60, return_when=asyncio.FIRST_COMPLETED)
    await client.close()
    await asyncio.gather(running, return_exceptions=True)
    if sent not in done:
        raise SystemExit(f"nothing was sent: {running}")


asyncio.run(main())
