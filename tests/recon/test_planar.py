"""Planes are carried into what is plain, and not between things that are not of one plane."""

from __future__ import annotations

import numpy as np

from recon.geometry.planar import planar_prior

STEP = 0.002  # of inverse depth per pixel of disparity
HEIGHT, WIDTH = 120, 160


def picture(slope: tuple[float, float], depth: float) -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    w = (1 / depth + slope[0] * x + slope[1] * y).astype(np.float32)
    return w, np.broadcast_to(np.array(slope, np.float32), (HEIGHT, WIDTH, 2)).copy()


def test_a_plain_wall_takes_the_plane_of_its_surroundings() -> None:
    w, gradient = picture((1e-4, -5e-5), 2.0)
    credible = np.ones((HEIGHT, WIDTH), bool)
    credible[30:90, 40:120] = False
    guess = np.where(credible, w, 9).astype(np.float32)  # what matching made of the plain part is not asked
    prior, slope = planar_prior(guess, gradient, np.zeros_like(w), credible, STEP)
    assert (prior[credible] == 0).all()
    assert np.abs(prior - w)[~credible].max() < 1e-5
    assert np.abs(slope - gradient)[~credible].max() < 1e-6


def test_nothing_is_stretched_between_two_roofs() -> None:
    """Two walls that face the camera, one farther by 40 px of disparity; between them sky."""
    near, gradient = picture((0.0, 0.0), 2.0)
    credible = np.zeros((HEIGHT, WIDTH), bool)
    credible[:, :50] = credible[:, 110:] = True
    w = near.copy()
    w[:, 80:] -= 40 * STEP
    prior, _ = planar_prior(w, gradient, np.zeros_like(w), credible, STEP)
    assert (prior == 0).all()


def test_nothing_is_stretched_across_what_bends_away() -> None:
    """A round thing on both sides of the dark: equal in depth, but each side's plane leaves the other's."""
    w, gradient = picture((0.0, 0.0), 2.0)
    credible = np.zeros((HEIGHT, WIDTH), bool)
    credible[:, :50] = credible[:, 110:] = True
    gradient[:, :50, 0], gradient[:, 110:, 0] = -STEP, STEP
    x = np.arange(WIDTH)
    w -= np.where(x < 80, x, WIDTH - 1 - x).astype(np.float32) * np.float32(STEP)
    prior, _ = planar_prior(w, gradient, np.zeros_like(w), credible, STEP)
    assert (prior[:, 55:105] == 0).all()


def test_too_little_to_go_by_is_no_prior() -> None:
    w, gradient = picture((0.0, 0.0), 2.0)
    prior, _ = planar_prior(w, gradient, np.zeros_like(w), np.zeros((HEIGHT, WIDTH), bool), STEP)
    assert (prior == 0).all()
