/** Every text of the visit that does not come from the hall document, in both languages. A missing text does not compile. */

export type Lang = "zh" | "en";

export type Entry = Readonly<Record<Lang, string>>;

export const CATALOGUE = {
  close: { zh: "离开展厅", en: "Leave the hall" },
  switchLanguage: { zh: "English", en: "中文" },
  help: { zh: "操作说明", en: "How to move" },
  share: { zh: "分享这里", en: "Share this place" },
  copied: { zh: "链接已复制。", en: "The link is copied." },
  settings: { zh: "显示设置", en: "Settings" },
  exhibits: { zh: "展品", en: "Exhibits" },
  exhibitList: { zh: "展品目录", en: "List of exhibits" },
  closePanel: { zh: "关闭", en: "Close" },
  back: { zh: "回到原处", en: "Back to where I stood" },
  previousExhibit: { zh: "上一件展品", en: "Previous exhibit" },
  nextExhibit: { zh: "下一件展品", en: "Next exhibit" },
  previousNote: { zh: "上一条", en: "Previous note" },
  nextNote: { zh: "下一条", en: "Next note" },
  backToExhibit: { zh: "返回展品", en: "Back to the exhibit" },
  position: { zh: "第 {number} 件，共 {count} 件", en: "{number} of {count}" },
  panel: { zh: "展板", en: "Text panel" },
  notePosition: { zh: "注释 {number} / {count}", en: "Note {number} of {count}" },
  notes: { zh: "注释", en: "Notes" },
  hallNotes: { zh: "展厅注释", en: "Notes on the hall" },
  noteMarker: { zh: "注释 {number}：{title}", en: "Note {number}: {title}" },
  sources: { zh: "参考文献", en: "Sources" },
  sourceNumber: { zh: "参考文献 {number}", en: "Source {number}" },
  entrance: { zh: "回到入口", en: "To the entrance" },
  tours: { zh: "导览", en: "Guided tours" },
  tour: { zh: "导览", en: "Guided tour" },
  tourWord: { zh: "导览", en: "Tour" },
  readPanel: { zh: "在此阅读文字", en: "Read the text here" },
  tourStart: { zh: "开始导览", en: "Start the guided tour" },
  tourStop: { zh: "第 {stop} 站，共 {count} 站", en: "Stop {stop} of {count}" },
  tourPause: { zh: "暂停导览", en: "Pause the tour" },
  tourResume: { zh: "继续导览", en: "Go on with the tour" },
  tourAgain: { zh: "从头再来", en: "From the beginning" },
  tourPrevious: { zh: "上一站", en: "Previous stop" },
  tourNext: { zh: "下一站", en: "Next stop" },
  tourLeave: { zh: "离开导览", en: "Leave the tour" },
  tourRejoin: { zh: "回到导览 · 第 {stop} 站", en: "Rejoin the tour · stop {stop}" },
  tourOver: { zh: "（导览到此结束）", en: "(The tour ends here.)" },
  tourNarration: { zh: "解说声音", en: "Narration" },
  tourAloud: { zh: "朗读", en: "Read aloud" },
  transcript: { zh: "文字稿", en: "Transcript" },
  transcriptFailed: { zh: "文字稿未能载入。", en: "The transcript could not be loaded." },
  chapters: { zh: "章", en: "Chapters" },
  allChapters: { zh: "全部", en: "All" },
  timeline: { zh: "年表", en: "Timeline" },
  mapHelp: {
    zh: "展厅平面图：红点是您所在的位置，数字是展品编号。点击编号细看展品，点击其他地方即可前往；也可在展品目录中选择。",
    en: "Floor plan: the red dot is where you are, numbers are exhibits. Click a number to look at that exhibit, or a place to go there; the list of exhibits leads to the same.",
  },
  mapClose: { zh: "收起平面图", en: "Put the floor plan away" },
  youHear: { zh: "您听到：{caption}", en: "You hear: {caption}" },
  freed: { zh: "您被卡住了，已回到刚才走过的地方。", en: "You were stuck, and are back where you had walked before." },
  keyMap: { zh: "平面图", en: "Floor plan" },
  sound: { zh: "环境声音", en: "Sound of the hall" },
  map: { zh: "平面图", en: "Floor plan" },
  numStops: { zh: "{count} 站", en: "{count} stops" },
  otherExhibits: { zh: "其他展品", en: "Other exhibits" },
  followChapter: { zh: "按此章参观", en: "Follow" },
  followingChapter: { zh: "正按此章参观", en: "Following" },
  doors: { zh: "通往其他展厅", en: "Doors to other halls" },
  doorShut: { zh: "未开放", en: "Closed" },
  doorIsShut: { zh: "这扇门未开放。", en: "This door is closed." },
  doorTo: { zh: "门：前往“{title}”", en: "Door to “{title}”" },
  doorShutTo: { zh: "门：{title}（未开放）", en: "Door: {title} (closed)" },
  goingTo: { zh: "正在前往“{title}”…", en: "On the way to “{title}”…" },
  doorFailed: {
    zh: "“{title}”未能打开，您仍在原来的展厅。请检查网络，然后重试。",
    en: "“{title}” could not be opened, so you are still in this hall. Check the connection, then try again.",
  },
  turnLeft: { zh: "左转", en: "Turn left" },
  turnRight: { zh: "右转", en: "Turn right" },
  rotateLeft: { zh: "向左绕行", en: "Go around to the left" },
  rotateRight: { zh: "向右绕行", en: "Go around to the right" },
  zoomIn: { zh: "靠近", en: "Closer" },
  zoomOut: { zh: "远离", en: "Farther" },
  forward: { zh: "前进", en: "Forward" },
  backward: { zh: "后退", en: "Backward" },
  left: { zh: "向左", en: "Left" },
  right: { zh: "向右", en: "Right" },
  joystick: { zh: "行走摇杆", en: "Joystick to walk with" },
  view: { zh: "视角", en: "View" },
  canvas: { zh: "三维展厅：{title}", en: "3D hall: {title}" },
  canvasHelp: {
    zh: "用方向键行走和转身，按 Tab 键依次选择展品，按问号键查看全部操作。",
    en: "Walk and turn with the arrow keys, choose exhibits with Tab, press the question mark for all keys.",
  },
  hintMouse: {
    zh: "拖动环视 · 点击地面前往 · 点击展品细看",
    en: "Drag to look · Click the floor to walk there · Click an exhibit to look closer",
  },
  hintTouch: {
    zh: "滑动环视 · 轻点地面前往 · 轻点展品细看",
    en: "Swipe to look · Tap the floor to walk there · Tap an exhibit to look closer",
  },
  loadingHall: { zh: "正在打开展厅", en: "Opening the hall" },
  loadingExhibits: { zh: "正在载入展品", en: "Loading the exhibits" },
  loadedShare: { zh: "已载入 {percent}%", en: "{percent}% loaded" },
  loadedBytes: { zh: "{loaded} / {total} MB", en: "{loaded} of {total} MB" },
  entered: { zh: "您已进入“{title}”，共有 {count} 件展品。", en: "You are in “{title}”, with {count} exhibits." },
  allLoaded: { zh: "展品已全部就位。", en: "All exhibits are in place." },
  someFailed: { zh: "有 {count} 件展品未能载入。", en: "{count} exhibits could not be loaded." },
  oneFailed: { zh: "有 1 件展品未能载入。", en: "One exhibit could not be loaded." },
  exhibitFailed: { zh: "这件展品的三维模型未能载入。", en: "The 3D model of this exhibit could not be loaded." },
  hallFailed: {
    zh: "展厅未能打开。请检查网络，然后重试。",
    en: "The hall could not be opened. Check the connection, then try again.",
  },
  retry: { zh: "重试", en: "Try again" },
  noWebgl: {
    zh: "您的浏览器未能启用三维图形（WebGL 2），无法进入展厅。本页的图片与文字完整呈现了同样的内容。",
    en: "Your browser cannot show 3D graphics (WebGL 2), so the hall cannot be walked into. The pictures and texts of this page tell the same in full.",
  },
  contextLost: { zh: "三维画面中断，正在恢复。", en: "The 3D picture was interrupted and is being restored." },
  enterVr: { zh: "戴上头显参观", en: "Enter VR" },
  enterAr: { zh: "放到我的房间里", en: "Place it in my room" },
  xrFailed: { zh: "未能启动头显或增强现实。", en: "VR or AR could not be started." },
  shownSimply: {
    zh: "内存不足，展品改用较粗的模型显示。",
    en: "Memory ran short: exhibits are shown more simply.",
  },
  detailFailed: {
    zh: "部分细节未能加载，稍后自动重试。",
    en: "Some fine detail could not be loaded. It will be tried again.",
  },
  near: { zh: "附近：{title}", en: "Near you: {title}" },
  nowhere: { zh: "那里走不过去。", en: "There is no way to get there." },
  unscaled: { zh: "未标定尺度", en: "Not to scale" },
  unscaledWhy: {
    zh: "此模型没有比例尺，其大小不可量取。",
    en: "This model carries no scale: its size cannot be measured.",
  },
  size: { zh: "尺寸", en: "Size" },
  sizeValue: {
    zh: "长 {length} × 宽 {width} × 高 {height} 厘米",
    en: "{length} × {width} × {height} cm (L × W × H)",
  },
  scale: { zh: "展示比例", en: "Shown at" },
  scaleValue: { zh: "原大的 {scale} 倍", en: "{scale} times its size" },
  origin: { zh: "来历", en: "Where this comes from" },
  method: { zh: "制作方式", en: "How it was made" },
  methodNotStated: { zh: "未说明", en: "Not stated" },
  methodPhotographs: { zh: "照片三维重建", en: "Rebuilt from photographs" },
  methodRendered: { zh: "由合成照片重建", en: "Rebuilt from rendered photographs" },
  methodScan: { zh: "三维扫描", en: "3D scan" },
  methodSimulatedScan: { zh: "模拟扫描", en: "Simulated scan" },
  methodPhotographsAndScan: { zh: "照片与三维扫描重建", en: "Rebuilt from photographs and 3D scans" },
  methodModelled: { zh: "人工建模，并非实物扫描", en: "Modelled by hand, not a scan of the real thing" },
  methodPicture: { zh: "图片", en: "Picture" },
  methodRecording: { zh: "录音录像", en: "Recording" },
  photos: { zh: "照片", en: "Photographs" },
  photosValue: { zh: "{count} 张", en: "{count}" },
  made: { zh: "制作日期", en: "Date made" },
  software: { zh: "软件", en: "Software" },
  credit: { zh: "署名", en: "Credit" },
  licence: { zh: "许可", en: "Licence" },
  rights: { zh: "使用条件", en: "Terms of use" },
  maker: { zh: "制作者", en: "Maker" },
  originalDate: { zh: "年代", en: "Date" },
  inventoryNumber: { zh: "藏品号", en: "Inventory number" },
  originSource: { zh: "来源", en: "Source" },
  surface: { zh: "表面", en: "Surface" },
  surfaceMeasured: { zh: "{percent}% 由照片实测", en: "{percent}% measured by photographs" },
  surfaceFilled: { zh: "{percent}% 为推算补全", en: "{percent}% filled in by calculation" },
  surfaceUnseen: {
    zh: "{percent}% 的颜色未被拍到，由周围推得",
    en: "{percent}% coloured from its surroundings, seen by no photograph",
  },
  keyboard: { zh: "键盘", en: "Keyboard" },
  mouse: { zh: "鼠标", en: "Mouse" },
  touch: { zh: "触屏", en: "Touch" },
  keyWalk: { zh: "前进、后退、左移、右移", en: "Walk forward, back, left, right" },
  keyTurn: { zh: "前进、后退与转身", en: "Walk and turn" },
  keyTurnOnly: { zh: "向左、向右转身", en: "Turn left, right" },
  keyTilt: { zh: "抬头、低头", en: "Look up, down" },
  keyFast: { zh: "快走", en: "Walk faster" },
  keyTab: { zh: "逐一选择展品、注释和门", en: "Choose exhibits, notes and doors one by one" },
  keyEnter: { zh: "细看所选的展品，或走进所选的门", en: "Look closer at what is chosen, or go through the door" },
  keyOrbit: { zh: "细看时：绕行", en: "When looking closer: go around" },
  keyZoom: { zh: "细看时：靠近、远离", en: "When looking closer: closer, farther" },
  keyNext: { zh: "下一件、上一件展品", en: "Next, previous exhibit" },
  keyTools: { zh: "细看时：到工具栏", en: "When looking closer: to the tools" },
  keyList: { zh: "展品目录", en: "List of exhibits" },
  keyHome: { zh: "回到入口", en: "Back to the entrance" },
  keyHelp: { zh: "操作说明", en: "This help" },
  keyEscape: { zh: "关闭面板；再按一次离开展厅", en: "Close the panel; again: leave the hall" },
  mouseDrag: { zh: "环视；细看时转动展品", en: "Look around; turn an exhibit when looking closer" },
  mouseClickFloor: { zh: "走到那里", en: "Walk there" },
  mouseClickExhibit: { zh: "细看展品", en: "Look closer" },
  mouseWheel: { zh: "细看时缩放", en: "Zoom when looking closer" },
  drag: { zh: "拖动", en: "Drag" },
  clickFloor: { zh: "点击地面", en: "Click the floor" },
  clickExhibit: { zh: "点击展品", en: "Click an exhibit" },
  wheel: { zh: "滚轮", en: "Wheel" },
  swipe: { zh: "滑动", en: "Swipe" },
  tapFloor: { zh: "轻点地面", en: "Tap the floor" },
  tapExhibit: { zh: "轻点展品", en: "Tap an exhibit" },
  pinch: { zh: "双指", en: "Two fingers" },
  pinchDoes: { zh: "细看时缩放、平移", en: "Zoom and shift when looking closer" },
  thumb: { zh: "左下摇杆", en: "Joystick, lower left" },
  thumbDoes: { zh: "行走", en: "Walk" },
} as const satisfies Record<string, Entry>;

export type StringKey = keyof typeof CATALOGUE;

/** The names in braces in a text, so that a missing value does not compile. */
type Holes<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;
type Values<E extends Entry> = Record<Holes<E["en"]>, string | number>;

/** The keys of a catalogue's texts that need no values. */
export type PlainKey<C extends Readonly<Record<string, Entry>>> = {
  [K in keyof C]: C[K]["en"] extends `${string}{${string}` ? never : K;
}[keyof C];

/** Makes the function that looks up texts in a catalogue: the text of `key` in `lang` with its values filled in. */
export function translator<const C extends Readonly<Record<string, Entry>>>(catalogue: C) {
  return <K extends keyof C & string>(
    lang: Lang,
    key: K,
    ...values: keyof Values<C[K]> extends never ? [] : [Values<C[K]>]
  ): string => {
    const filled = values[0] as Record<string, string | number> | undefined;
    const text = (catalogue[key] as Entry)[lang];
    return text.replaceAll(/\{(\w+)\}/g, (hole, name: string) => String(filled?.[name] ?? hole));
  };
}

export const translate = translator(CATALOGUE);

/** The value of <html lang>. */
export const LANGUAGE_TAG: Readonly<Record<Lang, string>> = { zh: "zh-Hans", en: "en" };
