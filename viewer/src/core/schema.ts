// Written by `npm run schema` from assets/schema/*.json. Do not edit.
// biome-ignore-all lint: generated

/**
 * @minItems 3
 * @maxItems 3
 */
export type Vec3 = [number, number, number];
export type Sha256 = string;
export type Id = string;
export type Colour = string;
export type Order = Id[];

/**
 * A hall and what stands in it. Maps keyed by stable ids plus order arrays; one {zh, en} map for every text a person reads; right-handed, +Y up, metres. Files are fetched at media/<sha256> of the server that gave the document.
 */
export interface Hall {
  schema: "longyao:hall/1";
  title: Text;
  summary: Text;
  credit?: Text;
  assets: {
    [k: string]: Asset;
  };
  /**
   * The room: a model in the hall's frame with its collider. Its light is baked into vertex colours or textures.
   */
  architecture: {
    asset: Id;
    background?: Colour;
  };
  /**
   * Light on lit materials; colours sRGB, intensities in three.js's physical units.
   */
  light?: {
    ambient?: number;
    sky?: Colour;
    ground?: Colour;
    key?: {
      direction: Vec3;
      intensity: number;
      colour: Colour;
    };
  };
  start: View;
  /**
   * Places that the architecture has made for exhibits; whoever arranges a hall puts placements there. What is written on labels and panels is drawn by the viewer, in the visitor's language.
   */
  anchors?: {
    [k: string]: Anchor;
  };
  /**
   * Ways to other halls.
   */
  doors?: {
    [k: string]: Door;
  };
  placements: {
    [k: string]: Placement;
  };
  placement_order: Order;
  notes: {
    [k: string]: Note;
  };
  note_order: Order;
  /**
   * The hall's story in parts, to follow or to ignore.
   */
  chapters?: {
    [k: string]: Chapter;
  };
  chapter_order?: Order;
  /**
   * Milestones, by their years on a wall and on the page.
   */
  timeline?: {
    title: Text;
    anchor?: Id;
    milestones: {
      [k: string]: Milestone;
    };
  };
  tours?: {
    [k: string]: Tour;
  };
  tour_order?: Order;
  /**
   * Parts of the hall with a sound or a light of their own.
   */
  zones?: {
    [k: string]: Zone;
  };
  /**
   * Where facts come from; notes, milestones and placements name them.
   */
  sources?: {
    [k: string]: Source;
  };
}
/**
 * One text in both languages.
 */
export interface Text {
  zh: string;
  en: string;
}
export interface Asset {
  schema: "longyao:asset/1";
  /**
   * cloud = a scan's points; splat = Gaussians (KHR_gaussian_splatting), which show how a thing looks and measure nothing.
   */
  kind: "model" | "cloud" | "splat" | "picture" | "video" | "audio";
  title: Text;
  /**
   * arbitrary = unscaled: nobody may print lengths of it.
   */
  unit: "metre" | "arbitrary";
  bounds?: {
    min: Vec3;
    max: Vec3;
  };
  files: {
    thumb: File;
    model?: File;
    /**
     * Fewer triangles or points than model, most detailed first.
     */
    lods?: File[];
    collider?: File;
    picture?: File;
    video?: File;
    audio?: File;
    /**
     * WebVTT of what is said and heard, a file per language.
     */
    captions?: {
      zh: File;
      en: File;
    };
    ktx2?: File;
    /**
     * 3D Tiles 1.1 of a large model: tileset.json names its contents by their paths relative to itself.
     */
    tiles?: {
      tileset: File;
      /**
       * @minItems 1
       */
      contents: [File, ...File[]];
    };
  };
  /**
   * How this came to be, told honestly.
   */
  origin: {
    method: "photographs" | "rendered-photographs" | "scan" | "modelled" | "picture" | "recording";
    statement: Text;
    photos?: number;
    software?: string;
    /**
     * ISO 8601
     */
    made?: string;
    credit?: Text;
    /**
     * SPDX identifier or a rights statement's address.
     */
    licence?: string;
  };
  quality?: {
    reprojection_px?: number;
    /**
     * Of the surface's area, by at least one photo.
     */
    measured_share?: number;
    filled_share?: number;
    /**
     * Texture painted from the surroundings.
     */
    unseen_share?: number;
  };
  warnings?: string[];
}
export interface File {
  /**
   * Relative to asset.json, forward slashes; only in bundles on disk.
   */
  path?: string;
  sha256: Sha256;
  bytes: number;
  mime:
    | "model/gltf-binary"
    | "image/webp"
    | "image/png"
    | "image/jpeg"
    | "application/json"
    | "video/webm"
    | "video/mp4"
    | "audio/webm"
    | "audio/mp4"
    | "audio/mpeg"
    | "audio/wav"
    | "text/vtt";
  /**
   * Models only.
   */
  triangles?: number;
  /**
   * Clouds and splats only: how many.
   */
  points?: number;
  /**
   * Pictures only, px.
   */
  width?: number;
  height?: number;
}
export interface View {
  position: Vec3;
  target: Vec3;
  /**
   * Vertical.
   */
  fov_deg?: number;
}
export interface Anchor {
  kind: "plinth" | "vitrine" | "panel" | "screen" | "label";
  position: Vec3;
  /**
   * Yaw about +Y that turns local +Z towards the visitors.
   */
  facing_deg: number;
  width_m: number;
  /**
   * Of the room above the surface, or of the face.
   */
  height_m: number;
}
export interface Door {
  title: Text;
  position: Vec3;
  /**
   * Yaw about +Y that turns local +Z into the hall.
   */
  facing_deg: number;
  width_m: number;
  height_m: number;
  /**
   * Slug of the hall behind it; without one the door stays shut.
   */
  hall?: string;
}
/**
 * An asset standing in the hall, or a text panel (no asset).
 */
export interface Placement {
  /**
   * A video hangs like a picture; audio is a listening post, a panel with a voice.
   */
  kind: "object" | "picture" | "panel" | "video" | "audio";
  /**
   * What of an industry it shows.
   */
  subject?: "product" | "equipment" | "person" | "scene" | "document" | "brand" | "craft";
  sources?: Order;
  /**
   * Other shapes of the same thing in the same frame: before and after, by year, with a layer taken away. The placement's own asset is the first.
   */
  variants?: {
    title: Text;
    asset: Id;
    year?: number;
  }[];
  /**
   * Title and year of the placement's own asset among its variants.
   */
  variant?: {
    title: Text;
    year?: number;
  };
  /**
   * Steps of the model's glTF animation, in order.
   *
   * @minItems 1
   */
  process?: [
    {
      title: Text;
      text?: Text;
      from_s: number;
      to_s: number;
    },
    ...{
      title: Text;
      text?: Text;
      from_s: number;
      to_s: number;
    }[]
  ];
  asset?: Id;
  title: Text;
  label?: Text;
  translation: Vec3;
  /**
   * Unit quaternion x y z w.
   *
   * @minItems 4
   * @maxItems 4
   */
  rotation: [number, number, number, number];
  /**
   * Uniform.
   */
  scale: number;
  /**
   * Pictures and panels: width on the wall; they face their local +Z.
   */
  width_m?: number;
}
export interface Note {
  placement?: Id;
  title: Text;
  body: Text;
  anchor: Vec3;
  view?: View;
  picture?: Id;
  sources?: Order;
}
export interface Chapter {
  title: Text;
  summary?: Text;
  /**
   * Before Christ: negative.
   */
  from_year?: number;
  to_year?: number;
  placements: Order;
}
export interface Milestone {
  /**
   * Before Christ: negative.
   */
  year: number;
  to_year?: number;
  circa?: boolean;
  title: Text;
  text?: Text;
  chapter?: Id;
  placement?: Id;
  sources?: Order;
}
export interface Tour {
  title: Text;
  summary?: Text;
  /**
   * @minItems 1
   */
  stops: [
    {
      placement?: Id;
      note?: Id;
      view?: View;
      caption: Text;
      /**
       * Audio assets that say the caption.
       */
      narration?: {
        zh?: Id;
        en?: Id;
      };
      /**
       * To stay; without it as long as the caption takes to read or the narration to speak.
       */
      seconds?: number;
    },
    ...{
      placement?: Id;
      note?: Id;
      view?: View;
      caption: Text;
      /**
       * Audio assets that say the caption.
       */
      narration?: {
        zh?: Id;
        en?: Id;
      };
      /**
       * To stay; without it as long as the caption takes to read or the narration to speak.
       */
      seconds?: number;
    }[]
  ];
}
export interface Zone {
  title: Text;
  min: Vec3;
  max: Vec3;
  sound?: Id;
  caption?: Text;
  /**
   * Instead of the hall's light while someone is inside.
   */
  ambient?: number;
}
export interface Source {
  title: Text;
  address?: string;
}
