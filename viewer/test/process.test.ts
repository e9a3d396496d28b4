import { AnimationClip, AnimationMixer, Group, Object3D, VectorKeyframeTrack } from "three";
import { describe, expect, it } from "vitest";
import { type Steps, stepAt, stepFrom } from "../src/tools/process.ts";

const text = { zh: "", en: "" };
const STEPS: Steps = [
  { title: text, from_s: 0, to_s: 2 },
  { title: text, from_s: 2, to_s: 5 },
  { title: text, from_s: 5, to_s: 6 },
];

describe("steps", () => {
  it.each([
    [0, 0],
    [1.99, 0],
    [2, 1],
    [4.9, 1],
    [5, 2],
    [60, 2],
  ])("at %f s it is the step that has begun", (seconds, at) => {
    expect(stepAt(STEPS, seconds)).toBe(at);
  });

  it("have not begun before the first", () => {
    expect(stepAt([{ title: text, from_s: 1, to_s: 2 }], 0.5)).toBe(-1);
  });

  it("lead on from one to the next, and stay at the last", () => {
    expect([0, 1, 2, 5, 5.9].map((seconds) => stepFrom(STEPS, seconds, 1))).toEqual([2, 2, 5, 5, 5]);
  });

  it("lead back to a step's own beginning first, from there to the one before", () => {
    expect([5.9, 5.2, 4, 2.1, 1, 0].map((seconds) => stepFrom(STEPS, seconds, -1))).toEqual([5, 2, 2, 0, 0, 0]);
  });
});

describe("a model's animation", () => {
  it("moves whatever copy of the model is shown, by its nodes' names, and lets it rest again", () => {
    const model = new Group();
    const wheel = new Object3D();
    wheel.name = "wheel";
    model.add(wheel);
    model.animations = [
      new AnimationClip("run", 2, [new VectorKeyframeTrack("wheel.position", [0, 2], [0, 0, 0, 4, 0, 0])]),
    ];
    const copy = model.clone(true);
    const mixer = new AnimationMixer(copy);
    const [clip] = copy.animations;
    const action = mixer.clipAction(clip as AnimationClip).play();
    action.time = 1.5;
    mixer.update(0);
    expect(copy.getObjectByName("wheel")?.position.x).toBeCloseTo(3, 9);
    expect(wheel.position.x).toBe(0);
    mixer.stopAllAction();
    expect(copy.getObjectByName("wheel")?.position.x).toBe(0);
  });
});
