import decoder from "three/addons/libs/draco/gltf/draco_decoder.wasm?url";
import wrapper from "three/addons/libs/draco/gltf/draco_wasm_wrapper.js?url";

/** What is asked for while the code that uses it is still on its way. Knows nothing of what draws. */

/** Where what unpacks models lies. */
export const DRACO = { js: wrapper, wasm: decoder } as const;

const asked = new Map<string, Promise<Response>>();

/** Asks for an address now; whoever needs it is told how it went. */
export function expect(address: string, init?: RequestInit): Promise<Response> {
  const answer = asked.get(address) ?? fetch(address, init);
  answer.catch(() => {});
  asked.set(address, answer);
  return answer;
}

/** The answer that was asked for early, the first time; else a new one. */
export function had(address: string, init?: RequestInit): Promise<Response> {
  const answer = asked.get(address);
  asked.delete(address);
  return answer ?? fetch(address, init);
}
