"""Synthesised sounds that loop without a seam: a fire, a workshop, a stream.

Mono, samples in -1..1 at RATE per second. None is a recording; whoever shows one has to say so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
RATE = 22050


def _coloured(rng: np.random.Generator, count: int, low: float, high: float, slope: float) -> FloatArray:
    """Periodic noise between two frequencies (Hz) whose amplitude falls as f^-slope, deviation 1."""
    spectrum = rng.normal(size=count // 2 + 1) + 1j * rng.normal(size=count // 2 + 1)
    f = np.fft.rfftfreq(count, 1 / RATE)
    shape = np.clip(f, 1, None) ** -slope / (1 + (low / np.clip(f, 1, None)) ** 4) / (1 + (f / high) ** 4)
    made = np.fft.irfft(spectrum * shape, count)
    return np.asarray(made / made.std())


def _add(track: FloatArray, sound: FloatArray, at: float) -> None:
    """Lay `sound` into the loop at a time in seconds, its end coming round to the beginning."""
    index = (round(at * RATE) + np.arange(len(sound))) % len(track)
    np.add.at(track, index, sound)


def _levelled(track: FloatArray, peak: float = 0.7) -> FloatArray:
    return np.asarray(np.tanh(track / np.percentile(np.abs(track), 99.7) * 0.9) * peak)


def fire(seconds: float = 8.0, seed: int = 1) -> FloatArray:
    """A wood fire in a kiln's mouth: the draught's low roar, crackles in flurries, now and then a log that gives."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE)
    swell = 1 + 0.35 * _coloured(rng, count, 0.2, 2.5, 0.4)
    track = 0.5 * swell * _coloured(rng, count, 40, 420, 0.7) + 0.12 * _coloured(rng, count, 900, 5000, 0.3)
    for flurry in rng.uniform(0, seconds, 16):
        for _ in range(int(rng.integers(3, 16))):
            long = float(rng.uniform(0.001, 0.009))
            t = np.arange(round(6 * long * RATE)) / RATE
            ring = np.sin(2 * np.pi * float(rng.uniform(1200, 5200)) * t) + rng.normal(0, 0.9, len(t))
            _add(
                track,
                float(rng.pareto(2.2) + 0.3) * 2.0 * ring * np.exp(-t / long),
                flurry + float(rng.exponential(0.12)),
            )
    for when in rng.uniform(0, seconds, 2):
        t = np.arange(round(0.3 * RATE)) / RATE
        _add(track, 3.0 * np.exp(-t / 0.05) * np.sin(2 * np.pi * (95 - 90 * t) * t), float(when))
    return _levelled(track)


def workshop(seconds: float = 8.0, seed: int = 2) -> FloatArray:
    """A machine shop under its line shaft: the hum, the belt's lacing that slaps at every turn, a hammer."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE)
    t = np.arange(count) / RATE
    track = 0.25 * _coloured(rng, count, 60, 900, 0.8) + 0.05 * _coloured(rng, count, 1500, 6000, 0.4)
    for harmonic, level in ((1, 0.35), (2, 0.22), (3, 0.12), (5, 0.06)):
        hz = round(47.0 * harmonic * seconds) / seconds  # whole turns in the loop
        track += level * np.sin(2 * np.pi * hz * t + 0.5 * np.sin(2 * np.pi * t * 2 / seconds))
    turns = round(seconds / 0.5)
    for k in range(turns):
        long = np.arange(round(0.06 * RATE)) / RATE
        slap = rng.normal(0, 1, len(long)) * np.exp(-long / 0.010) + 1.3 * np.sin(2 * np.pi * 170 * long) * np.exp(
            -long / 0.018
        )
        _add(track, 0.55 * slap, k * seconds / turns + float(rng.normal(0, 0.004)))
    for beat in (0.9, 1.55, 2.2, 5.1, 5.75, 6.4, 7.05):
        long = np.arange(round(0.9 * RATE)) / RATE
        blow = sum(
            level * np.sin(2 * np.pi * hz * long) * np.exp(-long / fade)
            for hz, level, fade in ((740, 1.0, 0.05), (1930, 0.8, 0.16), (3120, 0.6, 0.22), (4710, 0.35, 0.12))
        )
        _add(track, float(rng.uniform(0.6, 1.0)) * np.asarray(blow), beat)
    return _levelled(track, 0.55)


def stream(seconds: float = 8.0, seed: int = 3) -> FloatArray:
    """A hill stream over stones: a hiss that wavers, and bubbles that ring as they close (Minnaert 1933: higher, the
    smaller).
    """
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE)
    waver = 1 + 0.25 * _coloured(rng, count, 0.3, 4, 0.5)
    track = 0.22 * waver * _coloured(rng, count, 350, 3800, 0.55) + 0.10 * _coloured(rng, count, 90, 500, 0.5)
    for when in rng.uniform(0, seconds, 520):
        hz = float(np.exp(rng.uniform(np.log(420), np.log(2600))))
        fade = 9.0 / hz
        t = np.arange(round(6 * fade * RATE)) / RATE
        rise = 1 + float(rng.uniform(0.02, 0.12)) * t / fade
        level = float(rng.pareto(2.5) + 0.15) * (700 / hz) ** 0.3
        _add(
            track,
            level * np.sin(2 * np.pi * hz * t * rise) * np.exp(-t / fade) * np.clip(t / 0.0015, 0, 1),
            float(when),
        )
    return _levelled(track, 0.6)
