// Written by `npm run schema` from assets/schema/*.json. Do not edit.
// biome-ignore-all lint: generated

/**
 * cloud = a scan's points; splat = Gaussians (KHR_gaussian_splatting), which show how a thing looks and measure nothing.
 */
export type AssetKind = "model" | "cloud" | "splat" | "picture" | "video" | "audio";
/**
 * What curators use an asset for: exhibit = shown in a hall; room = a hall's architecture; supporting = pictures of notes, narration, sounds of a hall.
 */
export type Use = "exhibit" | "room" | "supporting";
/**
 * arbitrary = unscaled: nobody may print lengths of it.
 */
export type Unit = "metre" | "arbitrary";
/**
 * @minItems 3
 * @maxItems 3
 */
export type Vec3 = [number, number, number];
export type Sha256 = string;
export type Mime =
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
  | "text/vtt"
  | "application/vnd.maxar.archive.3tz+zip";
/**
 * not-stated = nobody has said how it was made.
 */
export type Method =
  | "not-stated"
  | "photographs"
  | "rendered-photographs"
  | "scan"
  | "simulated-scan"
  | "photographs-and-scan"
  | "modelled"
  | "picture"
  | "recording";
/**
 * Before the Common Era: negative. There is no year 0.
 */
export type Year = number;
/**
 * In both languages; a string is English, from before there were both.
 */
export type AssetWarning = Text | string;
export type Id = string;
export type Colour = string;
/**
 * What the room's model is built from, at the latest when the hall is published; without it the model came as a file.
 */
export type Building = TemplateBuilding | Plan;
/**
 * x and z on the floor, metres, hall frame.
 *
 * @minItems 2
 * @maxItems 2
 */
export type Vec2 = [number, number];
export type AnchorKind = "plinth" | "vitrine" | "panel" | "screen" | "label";
/**
 * A video hangs like a picture; audio is a listening post, a panel with a voice.
 */
export type PlacementKind = "object" | "picture" | "panel" | "video" | "audio";
/**
 * What of an industry it shows.
 */
export type Subject = "product" | "equipment" | "person" | "scene" | "document" | "brand" | "craft";
export type Order = Id[];
/**
 * Unit quaternion x y z w.
 *
 * @minItems 4
 * @maxItems 4
 */
export type Quaternion = [number, number, number, number];
/**
 * An editor's page, or a save at the desk: a UUID.
 */
export type Client = string;
/**
 * The client and a number that counts its edits. Whoever sends an edit twice sends the same id.
 */
export type EditId = string;
export type Version = number;
/**
 * Where in the document: keys of objects and maps, from its top.
 */
export type Path = string[];
/**
 * Where an array of ids is whose order matters.
 */
export type OrderPath = string[];
/**
 * The id that stands before it in the order; null: it is the first.
 */
export type Predecessor = Id | null;
export type Change = FieldChange | OrderChange;
/**
 * The command, such as move-placement.
 */
export type EditName = string;

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
  architecture: Architecture;
  light?: Light;
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
  /**
   * What a curator has put into the room to show things on: it is built and baked with the room. Each piece has its anchors under its own id and `<id>-label`.
   */
  furniture?: {
    [k: string]: Furnishing;
  };
  placements: {
    [k: string]: Placement;
  };
  /**
   * Placements that a curator chooses, moves and turns together; visitors see nothing of it.
   */
  groups?: {
    [k: string]: Group;
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
  timeline?: Timeline;
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
  kind: AssetKind;
  title: Text;
  use?: Use;
  /**
   * Words that curators find it by.
   */
  tags?: string[];
  unit: Unit;
  bounds?: Bounds;
  files: Files;
  origin: Origin;
  original?: Original;
  quality?: Quality;
  offset?: Vec3;
  georeference?: Georeference;
  /**
   * What whoever uses it should know.
   */
  warnings?: AssetWarning[];
}
export interface Bounds {
  min: Vec3;
  max: Vec3;
}
export interface Files {
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
  captions?: Captions;
  ktx2?: File;
  tiles?: Tiles;
}
export interface File {
  /**
   * Relative to asset.json, forward slashes; only in bundles on disk.
   */
  path?: string;
  sha256: Sha256;
  bytes: number;
  mime: Mime;
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
/**
 * WebVTT of what is said and heard, a file per language.
 */
export interface Captions {
  zh: File;
  en: File;
}
/**
 * 3D Tiles 1.1 of a large model or a cloud.
 */
export interface Tiles {
  archive: File;
  tileset?: File;
}
/**
 * How this came to be, told honestly.
 */
export interface Origin {
  method: Method;
  statement: Text;
  photos?: number;
  scans?: number;
  software?: string;
  /**
   * ISO 8601: when the files were made, not the original. A day, a month or a year.
   */
  made?: string;
  source?: Text;
  credit?: Text;
  /**
   * SPDX identifier (LicenseRef-AllRightsReserved = all rights reserved) or a rights statement's address. cases/licences.json has the names that people read.
   */
  licence?: string;
  rights?: Text;
}
/**
 * The real thing that an asset shows; of a photograph, drawing or recording, that one.
 */
export interface Original {
  maker?: Text;
  year?: Year;
  to_year?: Year;
  circa?: boolean;
  inventory_number?: string;
}
export interface Quality {
  reprojection_px?: number;
  /**
   * By how much scans differ where they overlap, metres: the median over pairs.
   */
  registration_m?: number;
  /**
   * Of the surface's area, by at least one photo or scan.
   */
  measured_share?: number;
  filled_share?: number;
  /**
   * Texture painted from the surroundings.
   */
  unseen_share?: number;
  /**
   * Lengths and places that were known, each left out of the model's making and found by the others.
   *
   * @maxItems 1000
   */
  checks?: Check[];
  colour?: ColourCheck;
}
export interface Check {
  /**
   * A scale bar, a ground control point.
   */
  kind: "bar" | "control";
  name: string;
  error_m: number;
  /**
   * False: the others contradict it, and the model does not rest on it.
   */
  used?: boolean;
}
/**
 * How true colours are by the colour charts that photos show: CIEDE2000 of their patches, means.
 */
export interface ColourCheck {
  /**
   * Whose colours are taken as true: classic-2014 and classic-2005, the ColorChecker Classic's editions, or a file.
   */
  chart: string;
  /**
   * That show the chart.
   */
  photos: number;
  /**
   * As the photos show it.
   */
  delta_e_before: number;
  /**
   * Corrected, as the model's texture is.
   */
  delta_e_after: number;
  /**
   * Each patch as the correction by all others leaves it.
   */
  delta_e_left_out: number;
}
/**
 * Where an asset stood when it was measured.
 */
export interface Georeference {
  /**
   * The survey's coordinate reference system, as EPSG:32650; absent: a system of the survey's own.
   */
  crs?: string;
  /**
   * 4 x 4, column after column as in glTF, in double precision: from the asset's coordinates to the survey's, which are metres.
   *
   * @minItems 16
   * @maxItems 16
   */
  survey_from_asset: [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number
  ];
}
/**
 * The room: a model in the hall's frame with its collider. Its light is baked into vertex colours or textures.
 */
export interface Architecture {
  asset: Id;
  background?: Colour;
  building?: Building;
}
/**
 * A hall template with its sizes.
 */
export interface TemplateBuilding {
  template: Id;
  /**
   * By the names that the template gives them; the others are the template's own.
   */
  sizes?: {
    [k: string]: number;
  };
}
/**
 * Rooms as drawn. What walls enclose is a room.
 */
export interface Plan {
  walls: {
    [k: string]: Wall;
  };
  openings?: {
    [k: string]: Opening;
  };
  /**
   * How rooms look; a room that none of these is in has the defaults.
   */
  rooms?: {
    [k: string]: PlanRoom;
  };
  platforms?: {
    [k: string]: Platform;
  };
  stairs?: {
    [k: string]: Stair;
  };
}
/**
 * A straight wall, its thickness half on either side of the line.
 */
export interface Wall {
  from: Vec2;
  to: Vec2;
  height_m: number;
  thickness_m: number;
}
export interface Opening {
  wall: Id;
  /**
   * A door leads out of the hall: the hall's door of the same id. A passage is walked through.
   */
  kind: "door" | "passage" | "window";
  /**
   * Of its middle along the wall, from `from`.
   */
  at_m: number;
  width_m: number;
  height_m: number;
  /**
   * Of its lower edge above the floor; windows only.
   */
  sill_m?: number;
}
export interface PlanRoom {
  at: Vec2;
  floor?: "oak" | "granite" | "brick" | "paving" | "concrete";
  walls?: "white" | "grey" | "dark" | "brick" | "stone" | "earth";
  ceiling?: "white" | "timber" | "skylight" | "open";
  /**
   * even: from the whole ceiling; spots: on walls and furniture; dim: spots alone, for what must not be lit brightly.
   */
  light?: "even" | "spots" | "dim";
}
/**
 * A raised floor.
 */
export interface Platform {
  min: Vec2;
  max: Vec2;
  height_m: number;
}
/**
 * A way up.
 */
export interface Stair {
  kind: "steps" | "ramp";
  position: Vec2;
  /**
   * Yaw about +Y that turns local +Z to where it is entered from below: it goes up towards local -Z.
   */
  facing_deg: number;
  width_m: number;
  rise_m: number;
  /**
   * Its length on the plan.
   */
  run_m: number;
}
/**
 * Light on lit materials; colours sRGB, intensities in three.js's physical units.
 */
export interface Light {
  ambient?: number;
  sky?: Colour;
  ground?: Colour;
  key?: KeyLight;
}
export interface KeyLight {
  direction: Vec3;
  intensity: number;
  colour: Colour;
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
  kind: AnchorKind;
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
export interface Furnishing {
  kind: "plinth" | "platform" | "vitrine" | "panel" | "standing_panel" | "screen" | "bench" | "lamp";
  position: Vec3;
  /**
   * Yaw about +Y that turns local +Z towards the visitors.
   */
  facing_deg: number;
  /**
   * A lamp: the diameter of its shade.
   */
  width_m: number;
  depth_m: number;
  /**
   * A vitrine: of its base; its glass is 0.75 m high. A standing panel: of its face, which begins 0.6 m above the foot. A lamp: down to its rim.
   */
  height_m: number;
}
/**
 * An asset standing in the hall, or a text panel (no asset).
 */
export interface Placement {
  kind: PlacementKind;
  subject?: Subject;
  sources?: Order;
  /**
   * Other shapes of the same thing in the same frame: before and after, by year, with a layer taken away. The placement's own asset comes last, unless all have a year.
   */
  variants?: Variant[];
  variant?: OwnVariant;
  /**
   * Steps of the model's glTF animation, in order.
   *
   * @minItems 1
   */
  process?: [ProcessStep, ...ProcessStep[]];
  asset?: Id;
  title: Text;
  label?: Text;
  translation: Vec3;
  rotation: Quaternion;
  /**
   * Uniform.
   */
  scale: number;
  /**
   * Pictures and panels: width on the wall; they face their local +Z.
   */
  width_m?: number;
  /**
   * The curator has fixed its place: the studio does not move it.
   */
  locked?: true;
}
export interface Variant {
  title: Text;
  asset: Id;
  year?: Year;
}
/**
 * Title and year of the placement's own asset among its variants.
 */
export interface OwnVariant {
  title: Text;
  year?: Year;
}
export interface ProcessStep {
  title: Text;
  text?: Text;
  from_s: number;
  to_s: number;
}
export interface Group {
  members: Order;
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
  from_year?: Year;
  to_year?: Year;
  placements: Order;
}
/**
 * Milestones, by their years on a wall and on the page.
 */
export interface Timeline {
  title: Text;
  anchor?: Id;
  milestones: {
    [k: string]: Milestone;
  };
}
export interface Milestone {
  year: Year;
  to_year?: Year;
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
  stops: {
    [k: string]: Stop;
  };
  stop_order: Order;
}
export interface Stop {
  placement?: Id;
  note?: Id;
  view?: View;
  caption: Text;
  narration?: Narration;
  /**
   * To stay; without it as long as the caption takes to read or the narration to speak.
   */
  seconds?: number;
}
/**
 * Audio assets that say the caption.
 */
export interface Narration {
  zh?: Id;
  en?: Id;
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
/**
 * A value at a path. A thing that is added to a map or removed from it is one such change, with the whole thing.
 */
export interface FieldChange {
  path: Path;
  /**
   * The value before; without it the key was not there.
   */
  from?: unknown;
  /**
   * The value after; without it the key is not there any more.
   */
  to?: unknown;
}
/**
 * The place of one id in an order.
 */
export interface OrderChange {
  order: OrderPath;
  id: Id;
  from?: Predecessor;
  to?: Predecessor;
}
/**
 * One step of an editor: applied whole or not at all.
 */
export interface Edit {
  id: EditId;
  name: EditName;
  /**
   * @maxItems 2000
   */
  changes: Change[];
}
/**
 * An edit as it was applied. Its changes are those that it made; they can differ from those that were sent: rich text is sanitised, and what held already is no change.
 */
export interface AcceptedEdit {
  version: Version;
  client: Client;
  id: EditId;
  name: EditName;
  changes: Change[];
  /**
   * The account's name; without it a command or a deleted account.
   */
  author?: string;
  /**
   * ISO 8601, UTC.
   */
  at: string;
}
/**
 * A change that does not fit the document, and what is there.
 */
export interface Conflict {
  change: Change;
  /**
   * The value, or the id that stands before it; without it there is none.
   */
  current?: unknown;
}
/**
 * An edit that was not applied, because it conflicts or because its result would break the hall's contract.
 */
export interface RefusedEdit {
  id: EditId;
  /**
   * Of the message: edit_conflict, or what the hall's contract says.
   */
  key: string;
  /**
   * In the user's language.
   */
  message: string;
  hint: string;
  conflicts: Conflict[];
}
/**
 * Someone else who has the hall's studio open.
 */
export interface PresentEditor {
  client: Client;
  /**
   * The account's.
   */
  name: string;
  chosen?: Path;
}
/**
 * The answer to an EditsRequest. The editor takes its unconfirmed edits back, applies `edits`, takes in `assets`, and applies those of its edits again that are neither accepted nor refused.
 */
export interface EditsAnswer {
  version: Version;
  /**
   * Every edit since the version of the request, by versions, one's own too.
   */
  edits: AcceptedEdit[];
  /**
   * The draft's copies of assets that have come into the hall or have changed since the version of the request.
   */
  assets: {
    [k: string]: Asset;
  };
  refused: RefusedEdit[];
  present: PresentEditor[];
}
/**
 * What an editor sends to POST /api/halls/<slug>/edits: its edits since its last request, in their order. Without any it only hears of the others'. A hall document is edited by edits, each a list of changes that can be applied, inverted and merged (exhibit/documents/changes.py, viewer/src/document/changes.ts). `assets` is derived from the rest of the document and never edited. Maps and orders that a document need not have (chapters, chapter_order, tours, tour_order, zones, sources, anchors, doors, furniture, groups, the sources of a placement, note or milestone) are left out when they are empty: no such map and an empty one are the same.
 */
export interface EditsRequest {
  client: Client;
  version: Version;
  /**
   * @maxItems 500
   */
  edits: Edit[];
  chosen?: Path;
}
